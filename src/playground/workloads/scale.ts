import type { JsonObject } from '../patch/json.ts';
import { invalid } from '../status-error.ts';
import { at, nameOf, namespaceOf, numberAt, objectAt, textAt, uidOf } from './fields.ts';
import { selectorQuery } from './label-selector.ts';
import { replicasOf } from './replica-set.ts';

/** What `…/scale` of a deployment or ReplicaSet answers: a Scale of autoscaling/v1. */
export function scaleOf(object: JsonObject): JsonObject {
  const replicas = replicasOf(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: nameOf(object),
      namespace: namespaceOf(object),
      uid: uidOf(object),
      resourceVersion: textAt(object, 'metadata', 'resourceVersion'),
      creationTimestamp: textAt(object, 'metadata', 'creationTimestamp'),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(object, 'status', 'replicas'),
      selector: selectorQuery(objectAt(object, 'spec', 'selector')),
    },
  };
}

/**
 * The object with the size that a Scale asks for, and with the Scale's uid and resourceVersion, so that
 * the store refuses a stale one; without `spec.replicas` that is 0, as in the API server.
 * @throws StatusError 422 for something else than a number of pods
 */
export function withScale(object: JsonObject, scale: JsonObject): JsonObject {
  const replicas = at(scale, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, nameOf(object), [
      { reason: 'FieldValueInvalid', message, field: 'spec.replicas' },
    ]);
  }
  const precondition = (field: string) => {
    const value = textAt(scale, 'metadata', field);
    return value === '' ? {} : { [field]: value };
  };
  return {
    ...object,
    metadata: {
      ...objectAt(object, 'metadata'),
      ...precondition('uid'),
      resourceVersion: textAt(scale, 'metadata', 'resourceVersion'),
    },
    spec: { ...objectAt(object, 'spec'), replicas },
  };
}
