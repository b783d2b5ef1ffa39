import { expect } from 'chai';
import fc from 'fast-check';
import { V1, V1ALPHA1 } from '../../../../src/configuration/api.ts';
import { convertConfiguration } from '../../../../src/configuration/conversion/convert.ts';
import { V1_FIELDS_ANNOTATION } from '../../../../src/configuration/conversion/v1-fields.ts';
import { type JsonObject, objectOrEmpty } from '../../../../src/configuration/json.ts';
import { ChaosError } from '../../../../src/runtime/errors.ts';

const METADATA = {
  name: 'web',
  namespace: 'shop',
  uid: 'u-1',
  resourceVersion: '7',
  labels: { team: 'a' },
  managedFields: [{ manager: 'kubectl' }],
};

function object(apiVersion: string, fields: JsonObject): JsonObject {
  return { apiVersion, kind: 'ChaosMonkeyConfiguration', metadata: METADATA, ...fields };
}

function annotationsOf(converted: JsonObject): JsonObject {
  return objectOrEmpty(objectOrEmpty(converted.metadata).annotations);
}

describe('v1 as v1alpha1', () => {
  const complete = {
    enabled: true,
    minReplicas: 1,
    maxReplicas: 4,
    scalingMode: 'killPod',
    deployment: { name: 'web' },
    timeout: '90s',
  };
  const specs: readonly (readonly [string, JsonObject, JsonObject])[] = [
    [
      'everything there is',
      complete,
      {
        enabled: true,
        minReplicas: 1,
        maxReplicas: 4,
        deploymentName: 'web',
        podMode: true,
        timeout: '1m30s',
      },
    ],
    ['randomScale', { ...complete, scalingMode: 'randomScale' }, { podMode: false }],
    ['antiPressure', { ...complete, scalingMode: 'antiPressure' }, { podMode: false }],
    ['an unreadable timeout', { ...complete, timeout: 'soon' }, { timeout: '10m0s' }],
    ['ten minutes', { ...complete, timeout: '10m' }, { timeout: '10m0s' }],
    ['half a second', { ...complete, timeout: '500ms' }, { timeout: '500ms' }],
    ['more than v1alpha1 may write', { ...complete, maxReplicas: 50 }, { maxReplicas: 50 }],
    [
      'nothing at all',
      {},
      { enabled: false, minReplicas: 0, maxReplicas: 0, podMode: false, timeout: '10m0s' },
    ],
    ['a floor without a ceiling', { minReplicas: 7 }, { minReplicas: 7, maxReplicas: 7 }],
    [
      'wrong types everywhere',
      {
        enabled: 'yes',
        minReplicas: '1',
        maxReplicas: 1.5,
        scalingMode: 'x',
        deployment: 'web',
        timeout: 5,
      },
      { enabled: false, minReplicas: 0, maxReplicas: 0, podMode: false, timeout: '10m0s' },
    ],
  ];
  for (const [what, spec, expected] of specs) {
    it(`reads ${what}`, () => {
      const converted = convertConfiguration(object(V1, { spec }), V1ALPHA1);
      expect(converted.spec).to.deep.include(expected);
    });
  }

  it('says nothing of a deployment where v1 names none', () => {
    const converted = convertConfiguration(object(V1, { spec: {} }), V1ALPHA1);
    expect(converted.spec).to.not.have.property('deploymentName');
  });

  it('fills the old status from the new one', () => {
    const condition = {
      type: 'Accepted',
      status: 'False',
      reason: 'Invalid',
      message: '',
      lastTransitionTime: '2026-01-01T12:00:00.000Z',
    };
    const status = {
      conditions: [condition],
      lastExecution: '2026-01-01T12:00:00.000Z',
      originalReplicas: 3,
    };
    expect(convertConfiguration(object(V1, { status }), V1ALPHA1).status).to.deep.equal({
      accepted: false,
      lastExecution: '2026-01-01T12:00:00.000Z',
      lastKnownReplicas: 3,
    });
  });

  it('has no status where there is nothing to say', () => {
    for (const status of [undefined, null, {}, { ticks: 3 }, 'x']) {
      const converted = convertConfiguration(object(V1, { spec: {}, status }), V1ALPHA1);
      expect(converted, JSON.stringify(status)).to.not.have.property('status');
    }
  });

  it('changes nothing in the metadata but annotations', () => {
    const converted = convertConfiguration(object(V1, { spec: complete }), V1ALPHA1);
    const { annotations: _, ...rest } = objectOrEmpty(converted.metadata);
    expect(rest).to.deep.equal(METADATA);
    expect(annotationsOf(converted)).to.have.all.keys(V1_FIELDS_ANNOTATION);
  });

  it('leaves out of the annotation what the API server has no room for, rather than failing a list', () => {
    const status = { seed: 's'.repeat(2_000) };
    const withRoom = (bytes: number, spec: JsonObject) => {
      const annotations = { note: 'n'.repeat(256 * 1024 - 'note'.length - bytes) };
      const stored = object(V1, { spec, status });
      const metadata = { ...METADATA, annotations };
      const converted = convertConfiguration({ ...stored, metadata }, V1ALPHA1);
      const size = Object.entries(annotationsOf(converted)).flat().join('').length;
      expect(size).to.be.at.most(256 * 1024);
      return annotationsOf(converted)[V1_FIELDS_ANNOTATION];
    };
    const seeded = { ...complete, seed: 'm' };
    expect(withRoom(4_000, seeded)).to.equal(JSON.stringify({ spec: seeded, status }));
    expect(withRoom(1_000, seeded)).to.equal(JSON.stringify({ spec: seeded }));
    expect(withRoom(100, seeded)).to.equal(undefined);
  });

  it('never fails, whatever is stored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (metadata, spec, status) => {
        const stored = { ...object(V1, { spec, status }), metadata };
        expect(convertConfiguration(stored, V1ALPHA1)).to.have.property('apiVersion', V1ALPHA1);
      }),
    );
  });
});

describe('v1alpha1 as v1', () => {
  const complete = {
    enabled: true,
    minReplicas: 0,
    maxReplicas: 5,
    deploymentName: 'web',
    podMode: true,
    timeout: '90s',
  };
  const converted = {
    enabled: true,
    minReplicas: 0,
    maxReplicas: 5,
    scalingMode: 'killPod',
    deployment: { name: 'web' },
    timeout: '1m30s',
  };
  const specs: readonly (readonly [string, JsonObject, JsonObject])[] = [
    ['everything there is', complete, converted],
    ['podMode off', { ...complete, podMode: false }, { ...converted, scalingMode: 'randomScale' }],
    ['an unreadable timeout', { ...complete, timeout: '5' }, { ...converted, timeout: '10m0s' }],
    ['defaults that nobody filled in', { deploymentName: 'web' }, { ...converted, timeout: '30s' }],
    [
      'more than v1alpha1 may write',
      { ...complete, maxReplicas: 50 },
      { ...converted, maxReplicas: 50 },
    ],
  ];
  for (const [what, spec, expected] of specs) {
    it(`reads ${what}`, () => {
      expect(convertConfiguration(object(V1ALPHA1, { spec }), V1).spec).to.deep.equal(expected);
    });
  }

  it('drops the old status, which says nothing that v1 could use', () => {
    const stored = object(V1ALPHA1, { spec: complete, status: { accepted: true } });
    expect(convertConfiguration(stored, V1)).to.not.have.property('status');
  });

  const damaged: readonly (readonly [string, unknown])[] = [
    ['no JSON', '{"spec":'],
    ['an empty text', ''],
    ['a number', '5'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a spec that is a list', '{"spec":[1],"status":"x"}'],
    ['a spec that is null', '{"spec":null,"status":null}'],
    ['other things', '{"a":{"spec":{"enabled":false}}}'],
    ['not even a text', 5],
  ];
  for (const [what, text] of damaged) {
    it(`ignores and removes an annotation that is ${what}`, () => {
      const annotations = { [V1_FIELDS_ANNOTATION]: text, note: 'n' };
      const stored = {
        ...object(V1ALPHA1, { spec: complete }),
        metadata: { ...METADATA, annotations },
      };
      expect(convertConfiguration(stored, V1)).to.deep.equal({
        ...object(V1, { spec: converted }),
        metadata: { ...METADATA, annotations: { note: 'n' } },
      });
    });
  }

  it('takes from an edited annotation nothing that v1 would not accept', () => {
    const text = JSON.stringify({
      spec: {
        enabled: 'yes',
        minReplicas: 'none',
        scalingMode: 'burn',
        seed: 5,
        restoreReplicas: false,
        deployment: ['web'],
      },
      status: { ticks: 'many', seed: 's', conditions: [{ type: 'Active' }] },
    });
    const annotations = { [V1_FIELDS_ANNOTATION]: text };
    const stored = {
      ...object(V1ALPHA1, { spec: complete }),
      metadata: { ...METADATA, annotations },
    };
    const { spec, status } = convertConfiguration(stored, V1);
    expect(status).to.deep.equal({ seed: 's' });
    expect(spec).to.deep.equal({
      enabled: true,
      maxReplicas: 5,
      scalingMode: 'killPod',
      deployment: { name: 'web' },
      timeout: '1m30s',
      restoreReplicas: false,
    });
  });
});

describe('an object that cannot be converted', () => {
  const bad: readonly (readonly [unknown, string])[] = [
    [null, 'expected an object, got null'],
    ['x', 'expected an object, got "x"'],
    [{}, 'an object without a name: Wrong APIVersion: nothing'],
    [object('apps/v1', {}), 'shop/web: Wrong APIVersion: apps/v1'],
    [object('cm.massix.github.io/v2', {}), 'shop/web: Wrong APIVersion: cm.massix.github.io/v2'],
    [{ ...object(V1ALPHA1, {}), kind: 'Pod' }, 'shop/web: Wrong Kind: Pod'],
    [{ ...object(V1ALPHA1, {}), kind: undefined }, 'shop/web: Wrong Kind: nothing'],
    [object(V1ALPHA1, { spec: null }), 'shop/web: spec: expected an object, got null'],
    [
      object(V1ALPHA1, { spec: { minReplicas: 'x', podMode: 1 } }),
      'shop/web: spec.minReplicas: expected an integer, got "x"; spec.podMode: expected true or false, got 1',
    ],
  ];
  for (const [raw, message] of bad) {
    it(`is named: ${message}`, () => {
      expect(() => convertConfiguration(raw, V1))
        .to.throw(ChaosError, message)
        .with.property('code', 'ERR_CONVERSION_INVALID');
    });
  }

  it('is passed through when it is of the wanted version', () => {
    const same = object(V1, { spec: { enabled: true } });
    expect(convertConfiguration(same, V1)).to.equal(same);
  });
});
