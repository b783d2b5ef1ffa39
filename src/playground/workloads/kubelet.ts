import { createHash } from 'node:crypto';
import type { JsonObject } from '../patch/json.ts';
import {
  at,
  isTerminating,
  listAt,
  nameOf,
  namespaceOf,
  numberAt,
  objectAt,
  textAt,
  timestamp,
  uidOf,
} from './fields.ts';
import { isReady, runningStatus, scheduledStatus } from './pod-state.ts';
import { NODES, objectOfKey, PODS } from './resources.ts';
import { Timetable } from './timetable.ts';
import type { WorkloadContext } from './workload-context.ts';

type Step = 'start' | 'ready' | 'end';

const SECOND_MS = 1000;

/**
 * Scheduler and kubelets in one: gives pods a node, starts them, makes them ready and ends them.
 *
 * `Pending → (node) → ContainerCreating → Running → Ready`, and from each of them `Terminating → gone`.
 */
export class Kubelet {
  readonly #context: WorkloadContext;
  readonly #timetable: Timetable;
  /** UIDs of the pods that are being ended. */
  readonly #ending = new Set<string>();
  #scheduled = 0;

  constructor(context: WorkloadContext) {
    this.#context = context;
    this.#timetable = new Timetable(context.clock);
  }

  /** Takes the steps that are due, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#timetable.run((due) => this.#step(due), signal);
  }

  /** Looks at one pod, `namespace/name`, that is new or has changed. */
  sync(key: string): void {
    const pod = objectOfKey(this.#context.store, PODS, key);
    if (!pod) return;
    if (isTerminating(pod)) this.#beginEnd(key, pod);
    else if (textAt(pod, 'spec', 'nodeName') === '') this.#schedule(key, pod);
    else if (textAt(pod, 'status', 'startTime') === '') this.#create(key, pod);
  }

  /** A pod that has ended needs nobody any more. */
  forget(pod: JsonObject): void {
    this.#ending.delete(uidOf(pod));
  }

  #schedule(key: string, pod: JsonObject): void {
    const { store, recorder } = this.#context;
    const nodes = [...store.collection(NODES).list()].filter(
      (node) => at(node, 'spec', 'unschedulable') !== true,
    );
    const node = nodes[this.#scheduled % nodes.length];
    if (!node) {
      const message = 'no nodes available to schedule pods';
      recorder?.record(pod, {
        type: 'Warning',
        reason: 'FailedScheduling',
        message,
        component: 'default-scheduler',
      });
      return;
    }
    this.#scheduled++;
    recorder?.record(pod, {
      reason: 'Scheduled',
      message: `Successfully assigned ${key} to ${nameOf(node)}`,
      component: 'default-scheduler',
    });
    this.#create(key, { ...pod, spec: { ...objectAt(pod, 'spec'), nodeName: nameOf(node) } });
  }

  #create(key: string, pod: JsonObject): void {
    const { store, clock, timing } = this.#context;
    const hostIP = this.#hostIP(pod);
    const status = scheduledStatus(pod, hostIP, timestamp(clock.now()));
    store.collection(PODS).update({ ...pod, status });
    this.#timetable.after(timing(pod).startMs, due('start', pod, key));
  }

  #hostIP(pod: JsonObject): string {
    const node = this.#context.store.collection(NODES).get('', textAt(pod, 'spec', 'nodeName'));
    const address = listAt(node, 'status', 'addresses').find(
      (each) => textAt(each, 'type') === 'InternalIP',
    );
    return textAt(address, 'address');
  }

  #beginEnd(key: string, pod: JsonObject): void {
    if (this.#ending.has(uidOf(pod))) return;
    const { recorder, timing } = this.#context;
    this.#ending.add(uidOf(pod));
    const graceMs = numberAt(pod, 'metadata', 'deletionGracePeriodSeconds') * SECOND_MS;
    this.#timetable.after(Math.min(graceMs, timing(pod).stopMs), due('end', pod, key));
    for (const container of listAt(pod, 'spec', 'containers')) {
      const name = textAt(container, 'name');
      recorder?.record(pod, {
        reason: 'Killing',
        message: `Stopping container ${name}`,
        ...this.#source(pod),
        fieldPath: `spec.containers{${name}}`,
      });
    }
  }

  #source(pod: JsonObject) {
    return { component: 'kubelet', host: textAt(pod, 'spec', 'nodeName') };
  }

  #step(text: string): void {
    const [step, uid, key] = splitDue(text);
    const pod = objectOfKey(this.#context.store, PODS, key);
    if (!pod || uidOf(pod) !== uid) return;
    if (step === 'end') this.#end(pod);
    else if (!isTerminating(pod)) this.#advance(step, pod, key);
  }

  #end(pod: JsonObject): void {
    this.#context.store
      .collection(PODS)
      .delete(namespaceOf(pod), nameOf(pod), { gracePeriodSeconds: 0 });
  }

  #advance(step: Step, pod: JsonObject, key: string): void {
    const { store, clock, recorder, timing } = this.#context;
    const { readyMs } = timing(pod);
    const ready = step === 'ready' || readyMs <= 0;
    if (isReady(pod)) return;
    const podIP = textAt(pod, 'status', 'podIP') || podAddress(uidOf(pod));
    const time = timestamp(clock.now());
    const status = runningStatus(pod, {
      podIP,
      time,
      ready,
      containerId: (index) => digest(`${uidOf(pod)}/${index}`),
    });
    store.collection(PODS).update({ ...pod, status });
    if (step !== 'start') return;
    if (!ready && Number.isFinite(readyMs)) this.#timetable.after(readyMs, due('ready', pod, key));
    for (const container of listAt(pod, 'spec', 'containers')) {
      const name = textAt(container, 'name');
      recorder?.record(pod, {
        reason: 'Started',
        message: `Started container ${name}`,
        ...this.#source(pod),
        fieldPath: `spec.containers{${name}}`,
      });
    }
  }
}

function due(step: Step, pod: JsonObject, key: string): string {
  return `${step} ${uidOf(pod)} ${key}`;
}

function splitDue(text: string): readonly [Step, string, string] {
  const [step = '', uid = '', key = ''] = text.split(' ');
  return [step === 'ready' || step === 'end' ? step : 'start', uid, key];
}

/** 64 hexadecimal digits, as container runtimes name containers. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** An address in the cluster's pod network; by chance, but always the same for a pod. */
export function podAddress(uid: string): string {
  const [a = 0, b = 0, c = 0] = createHash('sha256').update(uid).digest();
  return `10.${128 + (a % 64)}.${b}.${1 + (c % 254)}`;
}
