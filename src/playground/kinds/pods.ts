import type { Strategy } from '../api/served-resource.ts';
import { equalJson, isJsonObject, type JsonObject, objectOf } from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import { listAt } from '../tables/read.ts';
import { mapObject, withFields } from './defaults.ts';
import { podSpecCauses, specOf } from './pod-causes.ts';
import { withPodSpecDefaults } from './pod-template.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];

/** How long a pod stays on a node that is gone. */
const TOLERATIONS = ['not-ready', 'unreachable'].map((key) => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

function withSpecDefaults(spec: JsonObject): JsonObject {
  return withFields(withPodSpecDefaults(spec), {
    serviceAccountName: 'default',
    serviceAccount: 'default',
    tolerations: TOLERATIONS,
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  });
}

export const podStrategy: Strategy = {
  withDefaults: (pod) => mapObject(pod, 'spec', withSpecDefaults),
  prepareForCreate: (pod) => ({ ...pod, status: { phase: 'Pending', qosClass: qosClass(pod) } }),
  validate: (pod) => podSpecCauses(specOf(pod), 'spec', RESTART_POLICIES),
  validateUpdate: (before, after) => (equalJson(fixed(before), fixed(after)) ? [] : [UNCHANGEABLE]),
};

const UNCHANGEABLE: StatusCause = {
  reason: 'FieldValueForbidden',
  message:
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  field: 'spec',
};

/** What of a pod's spec stays as it is. */
function fixed(pod: JsonObject): JsonObject {
  const { activeDeadlineSeconds: _a, tolerations: _t, ...spec } = specOf(pod);
  const withoutImages = (field: string) =>
    listAt(spec, field)
      .filter(isJsonObject)
      .map(({ image: _image, imagePullPolicy: _policy, ...container }) => container);
  return withSpecDefaults({
    ...spec,
    containers: withoutImages('containers'),
    initContainers: withoutImages('initContainers'),
  });
}

function qosClass(pod: JsonObject): string {
  const containers = listAt(specOf(pod), 'containers').filter(isJsonObject);
  const resources = containers.map((container) => objectOf(container, 'resources') ?? {});
  if (resources.every(({ requests, limits }) => !requests && !limits)) return 'BestEffort';
  const guaranteed = resources.every(
    ({ requests, limits }) => limits !== undefined && equalJson(requests ?? limits, limits),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
