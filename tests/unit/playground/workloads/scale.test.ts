import { expect } from 'chai';
import type { Json, JsonObject } from '../../../../src/playground/patch/json.ts';
import { StatusError } from '../../../../src/playground/status-error.ts';
import { scaleOf, withScale } from '../../../../src/playground/workloads/scale.ts';

const object: JsonObject = {
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '7',
    creationTimestamp: '2030-01-01T00:00:00Z',
    labels: { a: 'b' },
  },
  spec: {
    replicas: 2,
    selector: {
      matchLabels: { b: '1', a: '2' },
      matchExpressions: [
        { key: 'c', operator: 'NotIn', values: ['y', 'x'] },
        { key: 'd', operator: 'DoesNotExist' },
      ],
    },
  },
  status: { replicas: 1 },
};

describe('the scale of a deployment', () => {
  it('is shown with its selector', () => {
    expect(scaleOf(object)).to.deep.equal({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: {
        name: 'web',
        namespace: 'default',
        uid: 'u',
        resourceVersion: '7',
        creationTimestamp: '2030-01-01T00:00:00Z',
      },
      spec: { replicas: 2 },
      status: { replicas: 1, selector: '!d,a=2,b=1,c notin (x,y)' },
    });
    expect(scaleOf({ ...object, spec: { replicas: 0 } }).spec).to.deep.equal({});
  });

  it('changes nothing but the size, and carries its preconditions', () => {
    const scaled = withScale(object, {
      metadata: { uid: 'u', resourceVersion: '3' },
      spec: { replicas: 5 },
    });
    expect(scaled).to.deep.equal({
      ...object,
      metadata: { ...Object(object.metadata), resourceVersion: '3' },
      spec: { ...Object(object.spec), replicas: 5 },
    });
    expect(Object(withScale(object, { spec: {} }).spec).replicas).to.equal(0);
  });

  for (const replicas of [-1, 1.5, 'x'] as const satisfies readonly Json[]) {
    it(`is not ${JSON.stringify(replicas)}`, () => {
      expect(() => withScale(object, { spec: { replicas } }))
        .to.throw(
          StatusError,
          `Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
        )
        .with.property('code', 422);
    });
  }
});
