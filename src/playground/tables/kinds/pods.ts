import type { Json, JsonObject } from '../../patch/json.ts';
import { ageOf } from '../age.ts';
import { ageCell, at, listAt, nameOf, numberAt, orNone, textAt } from '../read.ts';
import { AGE, column, NAME, NONE, type TableFormat, WIDE } from '../table.ts';

export const podFormat: TableFormat = {
  columns: [
    NAME,
    column('Ready', 'The aggregate readiness state of this pod for accepting traffic.'),
    column('Status', 'The aggregate status of the containers in this pod.'),
    column('Restarts', 'How often the containers in this pod have been restarted, and when last.'),
    AGE,
    column('IP', 'The address allocated to the pod.', WIDE),
    column('Node', 'The node the pod is scheduled to.', WIDE),
    column('Nominated Node', 'The node where the pod preempts others.', WIDE),
    column(
      'Readiness Gates',
      'Further conditions that have to be true for the pod to be ready.',
      WIDE,
    ),
  ],
  cells: (pod, now) => [
    nameOf(pod),
    `${statuses(pod).filter(isReady).length}/${listAt(pod, 'spec', 'containers').length}`,
    podStatus(pod),
    restarts(pod, now),
    ageCell(pod, now),
    orNone(textAt(pod, 'status', 'podIP')),
    orNone(textAt(pod, 'spec', 'nodeName')),
    orNone(textAt(pod, 'status', 'nominatedNodeName')),
    readinessGates(pod),
  ],
  conditions: (pod) => {
    const phase = textAt(pod, 'status', 'phase');
    const reasons: Readonly<Record<string, string>> = {
      Succeeded: 'The pod has completed successfully.',
      Failed: 'The pod failed.',
    };
    const message = Object.hasOwn(reasons, phase) ? reasons[phase] : undefined;
    return message ? [{ type: 'Completed', status: 'True', reason: phase, message }] : [];
  },
};

function statuses(pod: JsonObject) {
  return listAt(pod, 'status', 'containerStatuses');
}

function isReady(status: Json): boolean {
  return at(status, 'ready') === true && at(status, 'state', 'running') !== undefined;
}

/** The word in the Status column: the phase, unless a container or the pod's end has more to say. */
export function podStatus(pod: JsonObject): string {
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== '') {
    return textAt(pod, 'status', 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  return initializing(pod) ?? containerReason(pod);
}

function initializing(pod: JsonObject): string | undefined {
  const states = listAt(pod, 'status', 'initContainerStatuses');
  const waiting = states.findIndex((status) => {
    const exitCode = at(status, 'state', 'terminated', 'exitCode');
    return exitCode !== 0 && at(status, 'started') !== true;
  });
  if (waiting < 0) return undefined;
  const status = states[waiting];
  const exitCode = at(status, 'state', 'terminated', 'exitCode');
  if (exitCode !== undefined)
    return `Init:${textAt(status, 'state', 'terminated', 'reason') || `ExitCode:${exitCode}`}`;
  const reason = textAt(status, 'state', 'waiting', 'reason');
  if (reason !== '' && reason !== 'PodInitializing') return `Init:${reason}`;
  return `Init:${waiting}/${listAt(pod, 'spec', 'initContainers').length}`;
}

function containerReason(pod: JsonObject): string {
  const phase = textAt(pod, 'status', 'phase') || 'Unknown';
  let reason = textAt(pod, 'status', 'reason') || phase;
  let running = false;
  for (const status of statuses(pod).toReversed()) {
    const waiting = textAt(status, 'state', 'waiting', 'reason');
    const terminated = at(status, 'state', 'terminated');
    if (waiting !== '') reason = waiting;
    else if (terminated !== undefined) reason = terminatedReason(terminated);
    else if (isReady(status)) running = true;
  }
  if (reason !== 'Completed' || !running) return reason;
  const ready = listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
  return ready ? 'Running' : 'NotReady';
}

function terminatedReason(terminated: Json): string {
  const signal = numberAt(terminated, 'signal');
  return (
    textAt(terminated, 'reason') ||
    (signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode')}` : `Signal:${signal}`)
  );
}

function restarts(pod: JsonObject, now: number): string {
  const count = statuses(pod).reduce<number>(
    (sum, status) => sum + numberAt(status, 'restartCount'),
    0,
  );
  const ends = statuses(pod).map((status) =>
    textAt(status, 'lastState', 'terminated', 'finishedAt'),
  );
  const last = ends.sort().at(-1) ?? '';
  return count > 0 && last !== '' ? `${count} (${ageOf(last, now)} ago)` : String(count);
}

function readinessGates(pod: JsonObject): string {
  const gates = listAt(pod, 'spec', 'readinessGates').map((gate) => textAt(gate, 'conditionType'));
  if (gates.length === 0) return NONE;
  const holding = listAt(pod, 'status', 'conditions').filter(
    (condition) =>
      gates.includes(textAt(condition, 'type')) && textAt(condition, 'status') === 'True',
  );
  return `${holding.length}/${gates.length}`;
}
