import { expect } from 'chai';
import fc from 'fast-check';
import { configurations } from '../../../src/configuration/resource.ts';
import { resourcePath } from '../../../src/kubernetes/resource.ts';
import { v1Configurations } from '../../fakes/arbitrary-configurations.ts';

const CONDITION = {
  type: 'Accepted',
  status: 'True',
  reason: 'Valid',
  message: '',
  lastTransitionTime: '2026-01-01T12:00:00.000Z',
};
const OUTCOME = {
  result: 'Skipped',
  reason: 'NoReadyPods',
  message: 'm',
  time: '2026-01-01T12:00:00.000Z',
  tick: 4,
};

describe('the resource ChaosMonkeyConfiguration', () => {
  it('is served in its group', () => {
    expect(resourcePath(configurations, 'shop', 'web', 'status')).to.equal(
      '/apis/cm.massix.github.io/v1/namespaces/shop/chaosmonkeyconfigurations/web/status',
    );
  });

  it('keeps what is used', () => {
    const stripped = configurations.strip({
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'u-1',
        resourceVersion: '12',
        generation: 3,
        creationTimestamp: '2026-01-01T12:00:00Z',
        deletionTimestamp: '2026-01-01T13:00:00Z',
        managedFields: [{}],
        labels: { a: 'b' },
      },
      spec: { enabled: true, odd: 1 },
      status: { ticks: 4, conditions: [CONDITION], lastOutcome: OUTCOME, unknown: 1 },
    });
    expect(stripped).to.deep.equal({
      metadata: { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '12' },
      generation: 3,
      createdAt: Date.UTC(2026, 0, 1, 12),
      terminating: true,
      spec: { enabled: true, odd: 1 },
      status: { ticks: 4, conditions: [CONDITION], lastOutcome: OUTCOME },
    });
  });

  const EMPTY = { conditions: [], ticks: 0 };
  const repaired: readonly (readonly [string, unknown, unknown])[] = [
    ['no status', undefined, EMPTY],
    ['a status that is null', null, EMPTY],
    ['a status that is a list', [], EMPTY],
    ['ticks that are a text', { ticks: '4', seed: 's' }, { ...EMPTY, seed: 's' }],
    ['ticks below zero', { ticks: -1 }, EMPTY],
    ['a date that is none', { lastExecution: 'yesterday' }, EMPTY],
    ['conditions that are no list', { conditions: { a: 1 }, ticks: 2 }, { ...EMPTY, ticks: 2 }],
    [
      'a condition without a reason among others',
      { conditions: [{ type: 'Active', status: 'True' }, null, CONDITION] },
      { ...EMPTY, conditions: [CONDITION] },
    ],
    [
      'a victim without a name among others',
      { lastVictims: [{ kind: 'Pod' }, { kind: 'Pod', name: 'web-1' }] },
      { ...EMPTY, lastVictims: [{ kind: 'Pod', name: 'web-1' }] },
    ],
    ['victims that are no list', { lastVictims: 'web-1' }, EMPTY],
    [
      'an outcome of an unknown kind',
      { lastOutcome: { ...OUTCOME, result: 'Maybe' }, ticks: 5 },
      { ...EMPTY, ticks: 5 },
    ],
    ['a key __proto__', JSON.parse('{"__proto__":{"ticks":9},"ticks":1}'), { ...EMPTY, ticks: 1 }],
  ];
  for (const [what, status, expected] of repaired) {
    it(`repairs ${what}`, () => {
      expect(configurations.strip({ status }).status).to.deep.equal(expected);
    });
  }

  it('reads back every status it could have written', () => {
    fc.assert(
      fc.property(v1Configurations, (object) => {
        const { status } = configurations.strip(object);
        expect(status).to.deep.equal({ conditions: [], ticks: 0, ...Object(object.status) });
      }),
    );
  });

  it('never throws, whatever is stored', () => {
    const fields = fc.record({
      metadata: fc.jsonValue(),
      spec: fc.jsonValue(),
      status: fc.record({
        conditions: fc.jsonValue(),
        lastVictims: fc.jsonValue(),
        lastOutcome: fc.jsonValue(),
      }),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fields), (raw) => {
        const { metadata, status } = configurations.strip(raw);
        expect(metadata.name).to.be.a('string');
        expect(status.conditions).to.be.an('array');
      }),
    );
  });
});
