import { equalJson, type JsonObject } from '../patch/json.ts';
import {
  controlledBy,
  merged,
  nameOf,
  namespaceOf,
  numberAt,
  objectAt,
  textAt,
  withMetadata,
} from './fields.ts';
import { templateHash } from './names.ts';
import { replicasOf } from './replica-set.ts';
import { slackOf } from './rollout.ts';

export const HASH_LABEL = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A deployment's ReplicaSets: the one with its template, if there is one, and the others, oldest first. */
export interface DeploymentSets {
  readonly current: JsonObject | undefined;
  readonly old: readonly JsonObject[];
}

export function deploymentSets(deployment: JsonObject, sets: Iterable<JsonObject>): DeploymentSets {
  const template = objectAt(deployment, 'spec', 'template');
  const all = Array.from(sets).toSorted((a, b) => revisionOf(a) - revisionOf(b));
  const current = all.find((set) => equalJson(templateOf(set), template));
  return { current, old: all.filter((set) => set !== current) };
}

/** The template of a ReplicaSet without the label that tells it apart. */
function templateOf(set: JsonObject): JsonObject {
  const template = objectAt(set, 'spec', 'template');
  const metadata = objectAt(template, 'metadata');
  const labels = merged(objectAt(metadata, 'labels'), { [HASH_LABEL]: undefined });
  return { ...template, metadata: { ...metadata, labels } };
}

export function revisionOf(object: JsonObject): number {
  return Number(textAt(object, 'metadata', 'annotations', REVISION) || 0);
}

/** A new ReplicaSet for the deployment's template. */
export function newReplicaSet(deployment: JsonObject, replicas: number): JsonObject {
  const template = objectAt(deployment, 'spec', 'template');
  const hash = templateHash(template);
  const labels = { ...objectAt(template, 'metadata', 'labels'), [HASH_LABEL]: hash };
  const selector = objectAt(deployment, 'spec', 'selector');
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: ownAnnotations(deployment),
      ownerReferences: [controlledBy(deployment, 'apps/v1', 'Deployment')],
    },
    spec: {
      replicas,
      ...(numberAt(deployment, 'spec', 'minReadySeconds') > 0
        ? { minReadySeconds: numberAt(deployment, 'spec', 'minReadySeconds') }
        : {}),
      selector: {
        ...selector,
        matchLabels: { ...objectAt(selector, 'matchLabels'), [HASH_LABEL]: hash },
      },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
    status: { replicas: 0 },
  };
}

/** Annotations that a ReplicaSet takes over from its deployment. */
function ownAnnotations(deployment: JsonObject): JsonObject {
  return merged(objectAt(deployment, 'metadata', 'annotations'), { [LAST_APPLIED]: undefined });
}

/** The ReplicaSet with another size, and the annotations by which kubectl and others follow a rollout. */
export function resized(set: JsonObject, replicas: number, deployment: JsonObject): JsonObject {
  const wanted = replicasOf(deployment);
  const annotations = {
    ...objectAt(set, 'metadata', 'annotations'),
    [DESIRED]: String(wanted),
    [MAXIMUM]: String(wanted + slackOf(deployment).surge),
  };
  return withMetadata({ ...set, spec: { ...objectAt(set, 'spec'), replicas } }, { annotations });
}

/** The object with this revision in its annotations; itself when it has it. */
export function withRevision(object: JsonObject, revision: number): JsonObject {
  if (revisionOf(object) === revision) return object;
  const annotations = {
    ...objectAt(object, 'metadata', 'annotations'),
    [REVISION]: String(revision),
  };
  return withMetadata(object, { annotations });
}
