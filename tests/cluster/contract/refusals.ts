import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configMap, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, textAt } from '../support/value.ts';

const object = { ...configMap('a'), data: { key: 'value' } };

interface Refusal {
  readonly what: string;
  readonly body: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly expected: readonly [number, string];
  readonly message: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'a name that is none',
    body: configMap('Bad_Name'),
    expected: [422, 'Invalid'],
    message:
      'ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of',
  },
  {
    what: 'no name',
    body: { ...object, metadata: {} },
    expected: [422, 'Invalid'],
    message: 'name or generateName is required',
  },
  {
    what: 'a label that is none',
    body: { ...object, metadata: { name: 'a', labels: { k: 'not a value' } } },
    expected: [422, 'Invalid'],
    message:
      'metadata.labels: Invalid value: "not a value": a valid label must be an empty string or consist of',
  },
  {
    what: 'a field of the wrong type',
    body: { ...object, data: 'text' },
    expected: [400, 'BadRequest'],
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string',
  },
  {
    what: 'an unknown field, strictly',
    body: { ...object, surprise: 1 },
    query: { fieldValidation: 'Strict' },
    expected: [400, 'BadRequest'],
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "surprise"',
  },
  {
    what: 'a field twice, strictly',
    body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1","k":"2"}}',
    query: { fieldValidation: 'Strict' },
    expected: [400, 'BadRequest'],
    message: 'strict decoding error: duplicate field "data.k"',
  },
  {
    what: 'another kind',
    body: { ...object, kind: 'Secret' },
    expected: [400, 'BadRequest'],
    message: 'Secret in version "v1" cannot be handled as a ConfigMap',
  },
  {
    what: 'another namespace than the path',
    body: { ...object, metadata: { name: 'a', namespace: 'other' } },
    expected: [400, 'BadRequest'],
    message:
      'the namespace of the provided object does not match the namespace sent on the request',
  },
  {
    what: 'a body that is no JSON',
    body: '{nonsense',
    expected: [400, 'BadRequest'],
    message: "json parse error: invalid character 'n' looking for beginning of object key string",
  },
  {
    what: 'an unknown content type',
    body: 'x',
    contentType: 'text/plain',
    expected: [415, 'UnsupportedMediaType'],
    message:
      'the body of the request was in an unknown format - accepted media types include: application/json',
  },
  {
    what: 'a resourceVersion with what is new',
    body: { ...object, metadata: { name: 'a', resourceVersion: '1' } },
    expected: [500, ''],
    message: 'resourceVersion should not be set on objects to be created',
  },
];

/** What a client is told of a write that cannot be. */
export function describeRefusals(cluster: ClusterFixture): void {
  describe('a write that is refused says why in a Status:', () => {
    let namespace: string;
    let path: string;
    beforeEach(async () => {
      namespace = await cluster.namespace();
      path = pathOf('configmaps', namespace);
    });

    for (const { what, body, query, contentType, expected, message } of REFUSALS) {
      it(what, async () => {
        const answer = await cluster.client.request('POST', path, {
          body,
          ...(query && { query }),
          ...(contentType !== undefined && { contentType }),
        });
        const { kind, apiVersion, status, code } = Object(answer.body);
        expect({ kind, apiVersion, status, code }).to.deep.equal({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          code: expected[0],
        });
        expect([answer.code, textAt(answer.body, 'reason')]).to.deep.equal(expected);
        expect(textAt(answer.body, 'message')).to.contain(message);
      });
    }

    it('what exists already', async () => {
      await bodyOf(cluster.client.post(path, object));
      const { code, body } = await cluster.client.post(path, object);
      expect(code).to.equal(409);
      expect(body).to.deep.equal({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'configmaps "a" already exists',
        reason: 'AlreadyExists',
        details: { name: 'a', kind: 'configmaps' },
        code: 409,
      });
    });

    it('what is not there', async () => {
      const deployments = pathOf('deployments', namespace, 'ghost');
      const { code, body } = await cluster.client.patch(deployments, 'merge', {});
      expect(code).to.equal(404);
      expect(at(body, 'message')).to.equal('deployments.apps "ghost" not found');
      expect(at(body, 'details')).to.deep.equal({
        name: 'ghost',
        group: 'apps',
        kind: 'deployments',
      });
    });

    it('every cause of an invalid object, each with its field', async () => {
      const invalid = deployment('web', {
        replicas: -1,
        selector: { matchLabels: { other: 'x' } },
      });
      const { code, body } = await cluster.client.post(pathOf('deployments', namespace), invalid);
      expect([code, at(body, 'reason')]).to.deep.equal([422, 'Invalid']);
      const { details, message } = Object(body);
      expect(message).to.match(/^Deployment\.apps "web" is invalid: \[/);
      expect(details).to.include({ name: 'web', group: 'apps', kind: 'Deployment' });
      const fields = listAt(details, 'causes').map((cause) => [
        at(cause, 'reason'),
        at(cause, 'field'),
      ]);
      expect(fields).to.deep.equal([
        ['FieldValueInvalid', 'spec.replicas'],
        ['FieldValueInvalid', 'spec.template.metadata.labels'],
      ]);
    });

    it('a selector that would change', async () => {
      const deployments = pathOf('deployments', namespace);
      await bodyOf(cluster.client.post(deployments, deployment('web')));
      const labels = { app: 'other' };
      const spec = { selector: { matchLabels: labels }, template: { metadata: { labels } } };
      const { code, body } = await cluster.client.patch(`${deployments}/web`, 'merge', { spec });
      expect(code).to.equal(422);
      expect(textAt(body, 'message')).to.contain('spec.selector: Invalid value:');
      expect(textAt(body, 'message')).to.contain('field is immutable');
    });
  });
}
