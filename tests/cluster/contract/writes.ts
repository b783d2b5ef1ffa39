import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configMap, configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, nameOf, numberAt, textAt, uidOf, versionOf } from '../support/value.ts';

/** Creating and replacing, and what is said of it when that cannot be. */
export function describeWrites(cluster: ClusterFixture): void {
  describe('a write', () => {
    let namespace: string;
    let path: string;
    beforeEach(async () => {
      namespace = await cluster.namespace();
      path = pathOf('configmaps', namespace);
    });

    it('that creates gives a uid, a time and a resourceVersion, and 201', async () => {
      const { code, body } = await cluster.client.post(path, configMap('a', { key: 'value' }));
      expect(code).to.equal(201);
      expect(uidOf(body)).to.match(/^[0-9a-f-]{36}$/);
      expect(versionOf(body)).to.match(/^\d+$/);
      expect(textAt(body, 'metadata', 'creationTimestamp')).to.match(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/);
      expect(textAt(body, 'metadata', 'namespace')).to.equal(namespace);
    });

    it('that creates with generateName appends five characters', async () => {
      const object = { ...configMap('x'), metadata: { generateName: 'run-' } };
      const name = nameOf(await bodyOf(cluster.client.post(path, object)));
      expect(name).to.match(/^run-[a-z0-9]{5}$/);
    });

    it('that would change nothing keeps the resourceVersion', async () => {
      const created = await bodyOf(cluster.client.post(path, configMap('a', { key: 'value' })));
      const again = await bodyOf(cluster.client.put(`${path}/a`, created));
      expect(versionOf(again)).to.equal(versionOf(created));
    });

    it('with a stale resourceVersion is a conflict, by PUT and by PATCH alike', async () => {
      const stale = await bodyOf(cluster.client.post(path, configMap('a')));
      await bodyOf(cluster.client.patch(`${path}/a`, 'merge', { data: { key: 'value' } }));
      const put = await cluster.client.put(`${path}/a`, { ...Object(stale), data: { other: 'x' } });
      const metadata = { resourceVersion: versionOf(stale) };
      const patch = await cluster.client.patch(`${path}/a`, 'merge', {
        metadata,
        data: { k: 'v' },
      });
      for (const { code, body } of [put, patch]) {
        expect([code, at(body, 'reason')]).to.deep.equal([409, 'Conflict']);
        expect(textAt(body, 'message')).to.equal(
          'Operation cannot be fulfilled on configmaps "a": the object has been modified; ' +
            'please apply your changes to the latest version and try again',
        );
        expect(at(body, 'details')).to.deep.equal({ name: 'a', kind: 'configmaps' });
      }
    });

    it('with the uid of another object is invalid', async () => {
      await bodyOf(cluster.client.post(path, configMap('a')));
      const uid = '00000000-0000-0000-0000-000000000000';
      const { code, body } = await cluster.client.patch(`${path}/a`, 'merge', {
        metadata: { uid },
      });
      expect([code, at(body, 'reason')]).to.deep.equal([422, 'Invalid']);
      expect(textAt(body, 'message')).to.equal(
        `ConfigMap "a" is invalid: metadata.uid: Invalid value: "${uid}": field is immutable`,
      );
    });

    it('with uid and resourceVersion of one that had the name before is a conflict', async () => {
      const before = await bodyOf(cluster.client.post(path, configMap('a')));
      await bodyOf(cluster.client.delete(`${path}/a`));
      await bodyOf(cluster.client.post(path, configMap('a')));
      const metadata = { uid: uidOf(before), resourceVersion: versionOf(before) };
      const { code, body } = await cluster.client.patch(`${path}/a`, 'merge', { metadata });
      expect([code, at(body, 'reason')]).to.deep.equal([409, 'Conflict']);
    });

    it('without a resourceVersion replaces whatever is there', async () => {
      const first = await bodyOf(cluster.client.post(path, configMap('a', { a: '1' })));
      const second = await bodyOf(cluster.client.put(`${path}/a`, configMap('a', { b: '2' })));
      expect([at(second, 'data'), uidOf(second)]).to.deep.equal([{ b: '2' }, uidOf(first)]);
    });

    it('by a dry run answers as if, and leaves nothing', async () => {
      const { code } = await cluster.client.post(path, configMap('a'), { dryRun: 'All' });
      expect(code).to.equal(201);
      expect((await cluster.client.get(`${path}/a`)).code).to.equal(404);
    });

    it('in a namespace that does not exist is refused with that', async () => {
      const { code, body } = await cluster.client.post(
        pathOf('configmaps', 'no-such'),
        configMap('a'),
      );
      expect([code, at(body, 'reason')]).to.deep.equal([404, 'NotFound']);
      expect(textAt(body, 'message')).to.equal('namespaces "no-such" not found');
    });

    it('counts generations by changes of the spec alone', async () => {
      const deployments = pathOf('deployments', namespace);
      const created = await bodyOf(cluster.client.post(deployments, deployment('web')));
      const patch = (body: unknown) =>
        bodyOf(cluster.client.patch(`${deployments}/web`, 'merge', body));
      const labelled = await patch({ metadata: { labels: { a: 'b' } } });
      const changed = await patch({ spec: { minReadySeconds: 1 } });
      const generations = [created, labelled, changed].map((o) =>
        numberAt(o, 'metadata', 'generation'),
      );
      expect(generations).to.deep.equal([1, 1, 2]);
    });

    it('with YAML is taken', async () => {
      const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yam\ndata:\n  key: "on"\n';
      const parts = { body, contentType: 'application/yaml' };
      const answer = await cluster.client.request('POST', path, parts);
      expect([answer.code, at(answer.body, 'data')]).to.deep.equal([201, { key: 'on' }]);
    });

    it('with an unknown field is taken with a warning where warnings are wanted', async () => {
      const object = { ...configuration('c'), surprise: 1 };
      const answer = await cluster.client.post(
        pathOf('chaosmonkeyconfigurations', namespace),
        object,
        { fieldValidation: 'Warn' },
      );
      expect(answer.code).to.equal(201);
      expect(answer.headers.warning).to.equal('299 - "unknown field \\"surprise\\""');
      expect(at(answer.body, 'surprise')).to.equal(undefined);
    });

    it('by a method that is not there is refused', async () => {
      const { code, body } = await cluster.client.put(path, {});
      expect([code, at(body, 'reason')]).to.deep.equal([405, 'MethodNotAllowed']);
    });
  });
}
