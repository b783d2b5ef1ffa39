import type { Json, JsonObject } from '../patch/json.ts';
import { conditionOf, isTerminating, listAt, merged, objectAt, textAt } from './fields.ts';

export function isReady(pod: JsonObject): boolean {
  return textAt(conditionOf(pod, 'Ready'), 'status') === 'True';
}

/** Whether the pod counts for who wants pods: neither ended nor about to. */
export function isActive(pod: JsonObject): boolean {
  const phase = textAt(pod, 'status', 'phase');
  return !isTerminating(pod) && phase !== 'Succeeded' && phase !== 'Failed';
}

/** The conditions of a status with one set; lastTransitionTime stays where the status does. */
export function withCondition(
  conditions: readonly Json[],
  { type, status, ...rest }: JsonObject & { readonly type: string; readonly status: string },
  time: string,
): readonly Json[] {
  const before = conditions.find((condition) => textAt(condition, 'type') === type);
  const since = textAt(before, 'status') === status ? textAt(before, 'lastTransitionTime') : time;
  const condition = { type, status, ...rest, lastTransitionTime: since };
  const others = conditions.filter((other) => textAt(other, 'type') !== type);
  return before
    ? conditions.map((other) => (other === before ? condition : other))
    : [...others, condition];
}

const POD_CONDITIONS = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
];

/** A pod that has its node and whose containers are being created. */
export function scheduledStatus(pod: JsonObject, hostIP: string, time: string): JsonObject {
  const notReady = {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names(pod).join(' ')}]`,
  };
  return {
    phase: 'Pending',
    observedGeneration: 1,
    conditions: POD_CONDITIONS.map((type) => {
      const waits = type === 'Ready' || type === 'ContainersReady';
      const status = waits || type === 'PodReadyToStartContainers' ? 'False' : 'True';
      return podCondition(type, status, time, waits ? notReady : {});
    }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    startTime: time,
    containerStatuses: containers(pod).map(([name, image]) => ({
      name,
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
      ready: false,
      restartCount: 0,
      image,
      imageID: '',
      started: false,
    })),
    qosClass: 'BestEffort',
  };
}

export interface Started {
  readonly podIP: string;
  /** RFC 3339 */
  readonly time: string;
  readonly ready: boolean;
  /** 64 hexadecimal digits, for the n-th container. */
  readonly containerId: (index: number) => string;
}

/** A pod whose containers run, and are ready or are not yet. */
export function runningStatus(
  pod: JsonObject,
  { podIP, time, ready, containerId }: Started,
): JsonObject {
  const before = listAt(pod, 'status', 'conditions');
  const unready = {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names(pod).join(' ')}]`,
  };
  const conditions = POD_CONDITIONS.reduce<readonly Json[]>((all, type) => {
    const holds = ready || (type !== 'Ready' && type !== 'ContainersReady');
    const { lastTransitionTime: _time, ...condition } = podCondition(
      type,
      holds ? 'True' : 'False',
      time,
      holds ? {} : unready,
    );
    return withCondition(all, condition, time);
  }, before);
  return merged(objectAt(pod, 'status'), {
    phase: 'Running',
    conditions,
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: textAt(pod, 'status', 'startTime') || time,
    containerStatuses: containers(pod).map(([name, image], index) => ({
      name,
      state: { running: { startedAt: startedAt(pod, index) || time } },
      lastState: {},
      ready,
      restartCount: 0,
      image,
      imageID: `sha256:${containerId(index + containers(pod).length)}`,
      containerID: `containerd://${containerId(index)}`,
      started: true,
    })),
  });
}

function startedAt(pod: JsonObject, index: number): string {
  return textAt(listAt(pod, 'status', 'containerStatuses')[index], 'state', 'running', 'startedAt');
}

function podCondition(type: string, status: string, time: string, more: JsonObject) {
  return {
    type,
    observedGeneration: 1,
    status,
    lastProbeTime: null,
    lastTransitionTime: time,
    ...more,
  };
}

function containers(pod: JsonObject): readonly (readonly [string, string])[] {
  return listAt(pod, 'spec', 'containers').map((container) => [
    textAt(container, 'name'),
    textAt(container, 'image'),
  ]);
}

function names(pod: JsonObject): readonly string[] {
  return containers(pod).map(([name]) => name);
}
