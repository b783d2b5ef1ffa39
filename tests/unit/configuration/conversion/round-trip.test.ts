import { expect } from 'chai';
import fc from 'fast-check';
import { V1, V1ALPHA1 } from '../../../../src/configuration/api.ts';
import { convertConfiguration } from '../../../../src/configuration/conversion/convert.ts';
import type { JsonObject } from '../../../../src/configuration/json.ts';
import {
  v1alpha1SpecSchema,
  v1alpha1StatusSchema,
} from '../../../../src/configuration/schema/v1alpha1.ts';
import {
  v1alpha1Configurations,
  v1Configurations,
} from '../../../fakes/arbitrary-configurations.ts';
import { readBySchemas } from '../../../fakes/structural-schema.ts';

/** What arrives when JSON is sent. */
const sent = (object: JsonObject): JsonObject => JSON.parse(JSON.stringify(object));

/** A v1 object as a v1alpha1 client reads it and writes it back, and as it is then stored. */
function throughV1Alpha1(
  object: JsonObject,
  edit: (read: JsonObject) => JsonObject = (read) => read,
): JsonObject {
  const schemas = { spec: v1alpha1SpecSchema, status: v1alpha1StatusSchema };
  const read = readBySchemas(sent(convertConfiguration(object, V1ALPHA1)), schemas);
  return sent(convertConfiguration(readBySchemas(sent(edit(read)), schemas), V1));
}

describe('a round trip through v1alpha1', () => {
  it('gives back any v1 object as it was, though the API server prunes and defaults in between', () => {
    fc.assert(
      fc.property(v1Configurations, (object) => {
        expect(throughV1Alpha1(object)).to.deep.equal(sent(object));
      }),
      { numRuns: 500 },
    );
  });

  it('gives back what v1 does not know either', () => {
    const odd = '{"zone":"b","__proto__":{"enabled":true},"minReplicas":1,"maxReplicas":2}';
    const object = configuration(JSON.parse(odd));
    const back = throughV1Alpha1(object);
    expect(JSON.stringify(back.spec)).to.equal(odd);
    expect(back).to.deep.equal(sent(object));
  });

  it('changes only the field that was changed', () => {
    const spec = {
      enabled: true,
      minReplicas: 2,
      maxReplicas: 40,
      scalingMode: 'antiPressure',
      deployment: { name: 'web' },
      timeout: '90s',
      seed: 'monday',
      restoreReplicas: false,
    };
    const edits: readonly (readonly [JsonObject, JsonObject])[] = [
      [{ enabled: false }, { enabled: false }],
      [{ minReplicas: 3 }, { minReplicas: 3 }],
      [{ maxReplicas: 9 }, { maxReplicas: 9 }],
      [{ deploymentName: 'api' }, { deployment: { name: 'api' } }],
      [{ podMode: true }, { scalingMode: 'killPod' }],
      [{ timeout: '2m' }, { timeout: '2m0s' }],
      [{ timeout: 'soon' }, { timeout: '10m0s' }],
    ];
    for (const [edit, expected] of edits) {
      const back = throughV1Alpha1(configuration(spec), (read) => ({
        ...read,
        spec: { ...Object(read.spec), ...edit },
      }));
      expect(back.spec, JSON.stringify(edit)).to.deep.equal({ ...spec, ...expected });
    }
  });

  it('turns killPod into randomScale when podMode is switched off', () => {
    const spec = { scalingMode: 'killPod', minReplicas: 0, maxReplicas: 1 };
    const back = throughV1Alpha1(configuration(spec), (read) => ({
      ...read,
      spec: { ...Object(read.spec), podMode: false },
    }));
    expect(back.spec).to.have.property('scalingMode', 'randomScale');
  });

  it('takes a field that was taken away for its v1alpha1 default', () => {
    const spec = { enabled: false, minReplicas: 2, maxReplicas: 3, timeout: '90s' };
    const back = throughV1Alpha1(configuration(spec), (read) => {
      const { enabled: _, timeout: _timeout, ...rest } = Object(read.spec);
      return { ...read, spec: rest };
    });
    expect(back.spec).to.deep.equal({ ...spec, enabled: true, timeout: '30s' });
  });

  it('lets a spec and a deployment name be taken away', () => {
    const spec = { minReplicas: 2, maxReplicas: 3, deployment: { name: 'web' } };
    const nameless = throughV1Alpha1(configuration(spec), (read) => {
      const { deploymentName: _, ...rest } = Object(read.spec);
      return { ...read, spec: rest };
    });
    expect(nameless.spec).to.deep.equal({ minReplicas: 2, maxReplicas: 3 });
    const bare = throughV1Alpha1(configuration(spec), ({ spec: _, ...rest }) => rest);
    expect(bare).to.not.have.property('spec');
  });
});

describe('a round trip through v1', () => {
  it('gives back the spec of any v1alpha1 object, and its metadata but for our annotation', () => {
    fc.assert(
      fc.property(v1alpha1Configurations, (object) => {
        const stored = sent(convertConfiguration(object, V1));
        const back = sent(convertConfiguration(stored, V1ALPHA1));
        expect(back.spec).to.deep.equal(sent(object).spec);
        expect(sent(convertConfiguration(back, V1))).to.deep.equal(stored);
      }),
      { numRuns: 300 },
    );
  });
});

function configuration(spec: JsonObject): JsonObject {
  const metadata = { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '1' };
  return { apiVersion: V1, kind: 'ChaosMonkeyConfiguration', metadata, spec };
}
