import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configuration } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, textAt } from '../support/value.ts';

interface Refusal {
  readonly what: string;
  readonly spec: unknown;
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

const valid = { minReplicas: 0, maxReplicas: 3 };

const REFUSALS: readonly Refusal[] = [
  {
    what: 'more replicas at least than at most',
    spec: { minReplicas: 3, maxReplicas: 1 },
    field: 'spec',
    reason: 'FieldValueInvalid',
    message: 'minReplicas must be less than or equal to maxReplicas',
  },
  {
    what: 'a negative minReplicas',
    spec: { minReplicas: -1, maxReplicas: 1 },
    field: 'spec.minReplicas',
    reason: 'FieldValueInvalid',
    message: 'minReplicas must be greater than or equal to 0',
  },
  {
    what: 'a spec without minReplicas',
    spec: { maxReplicas: 1 },
    field: 'spec',
    reason: 'FieldValueInvalid',
    message:
      'no such key: minReplicas evaluating rule: minReplicas must be less than or equal to maxReplicas',
  },
  {
    what: 'a spec without maxReplicas',
    spec: { minReplicas: 1 },
    field: 'spec',
    reason: 'FieldValueInvalid',
    message: 'no such key: maxReplicas evaluating rule',
  },
  {
    what: 'an empty name of the deployment',
    spec: { ...valid, deployment: { name: '' } },
    field: 'spec.deployment.name',
    reason: 'FieldValueInvalid',
    message: 'deployment name must not be empty',
  },
  {
    what: 'a mode that is none',
    spec: { ...valid, scalingMode: 'killAll' },
    field: 'spec.scalingMode',
    reason: 'FieldValueNotSupported',
    message:
      'Unsupported value: "killAll": supported values: "randomScale", "antiPressure", "killPod"',
  },
  {
    what: 'text for a number',
    spec: { minReplicas: 'one', maxReplicas: 1 },
    field: 'spec.minReplicas',
    reason: 'FieldValueTypeInvalid',
    message: 'spec.minReplicas in body must be of type integer: "string"',
  },
  {
    what: 'a fraction of a replica',
    spec: { minReplicas: 0.5, maxReplicas: 1 },
    field: 'spec.minReplicas',
    reason: 'FieldValueTypeInvalid',
    message: 'spec.minReplicas in body must be of type integer: "number"',
  },
  {
    what: 'text for a switch',
    spec: { ...valid, enabled: 'yes' },
    field: 'spec.enabled',
    reason: 'FieldValueTypeInvalid',
    message: 'spec.enabled in body must be of type boolean: "string"',
  },
  {
    what: 'a number for a duration',
    spec: { ...valid, timeout: 5 },
    field: 'spec.timeout',
    reason: 'FieldValueTypeInvalid',
    message: 'spec.timeout in body must be of type string: "integer"',
  },
  {
    what: 'text for the deployment',
    spec: { ...valid, deployment: 'web' },
    field: 'spec.deployment',
    reason: 'FieldValueTypeInvalid',
    message: 'spec.deployment in body must be of type object: "string"',
  },
];

/** What the API server makes of our own kind by its schema. */
export function describeValidation(cluster: ClusterFixture): void {
  describe('a configuration', () => {
    let path: string;
    beforeEach(async () => {
      path = pathOf('chaosmonkeyconfigurations', await cluster.namespace());
    });

    for (const { what, spec, field, reason, message } of REFUSALS) {
      it(`with ${what} is refused with field and message`, async () => {
        const { code, body } = await cluster.client.post(path, { ...configuration('m'), spec });
        expect([code, at(body, 'reason')]).to.deep.equal([422, 'Invalid']);
        expect(textAt(body, 'message')).to.contain(
          'ChaosMonkeyConfiguration.cm.massix.github.io "m" is invalid: ',
        );
        expect(textAt(body, 'message')).to.contain(message);
        const cause = listAt(body, 'details', 'causes').find((one) => at(one, 'field') === field);
        expect(at(cause, 'reason')).to.equal(reason);
        expect(textAt(cause, 'message')).to.contain(message);
      });
    }

    it('of every mode is taken', async () => {
      for (const scalingMode of ['randomScale', 'antiPressure', 'killPod']) {
        const name = scalingMode.toLowerCase();
        const spec = { ...valid, scalingMode, enabled: true, timeout: '10m' };
        const { code } = await cluster.client.post(path, { ...configuration(name), spec });
        expect(code).to.equal(201);
      }
    });

    it('without a spec is taken, and gets no defaults', async () => {
      const { spec: _spec, ...bare } = configuration('bare');
      const { code, body } = await cluster.client.post(path, bare);
      expect([code, at(body, 'spec')]).to.deep.equal([201, undefined]);
      const sparse = { ...configuration('sparse'), spec: { minReplicas: 0, maxReplicas: 1 } };
      const made = await bodyOf(cluster.client.post(path, sparse));
      expect(at(made, 'spec')).to.deep.equal({ minReplicas: 0, maxReplicas: 1 });
    });

    it('keeps an unreadable timeout, which the controller judges', async () => {
      const made = await bodyOf(cluster.client.post(path, configuration('m', { timeout: 'soon' })));
      expect(at(made, 'spec', 'timeout')).to.equal('soon');
    });

    it('loses unknown fields where nobody is strict, and is refused where somebody is', async () => {
      const body = configuration('m', { more: { surprise: { deep: 1 } } });
      const strict = await cluster.client.post(path, body, { fieldValidation: 'Strict' });
      expect([strict.code, at(strict.body, 'reason')]).to.deep.equal([400, 'BadRequest']);
      expect(textAt(strict.body, 'message')).to.contain(
        'strict decoding error: unknown field "spec.surprise"',
      );
      const taken = await bodyOf(cluster.client.post(path, body, { fieldValidation: 'Ignore' }));
      expect(at(taken, 'spec', 'surprise')).to.equal(undefined);
    });

    it('carries the new optional fields', async () => {
      const more = { seed: 'a seed', restoreReplicas: false };
      const made = await bodyOf(cluster.client.post(path, configuration('m', { more })));
      expect(at(made, 'spec')).to.include(more);
    });

    it('keeps the whole status that the controller writes', async () => {
      await bodyOf(cluster.client.post(path, configuration('m')));
      const time = '2026-01-02T03:04:05.678Z';
      const status = {
        observedGeneration: 1,
        seed: 'b6f0',
        ticks: 12,
        lastExecution: time,
        nextExecution: time,
        originalReplicas: 2,
        lastVictims: [{ kind: 'Pod', name: 'web-1', uid: 'u' }],
        lastOutcome: {
          result: 'Acted',
          reason: 'Acted',
          message: 'killed pod web-1',
          time,
          tick: 12,
        },
        conditions: [
          {
            type: 'Accepted',
            status: 'True',
            reason: 'Valid',
            message: 'the spec is valid',
            lastTransitionTime: '2026-01-02T03:04:05Z',
            observedGeneration: 1,
          },
        ],
      };
      const made = await bodyOf(cluster.client.patch(`${path}/m/status`, 'merge', { status }));
      expect(at(made, 'status')).to.deep.equal(status);
    });
  });
}
