import { setImmediate } from 'node:timers/promises';
import { specialType } from '../../src/playground/kinds/resource-types.ts';
import type { JsonObject } from '../../src/playground/patch/json.ts';
import { ObjectStore } from '../../src/playground/store.ts';
import { nodeOf } from '../../src/playground/workloads/nodes.ts';
import type { PodTiming } from '../../src/playground/workloads/workload-context.ts';
import { Workloads, type WorkloadsOptions } from '../../src/playground/workloads/workloads.ts';
import { FakeClock } from './fake-clock.ts';

const KINDS: readonly (readonly [
  group: string,
  resource: string,
  kind: string,
  namespaced: boolean,
])[] = [
  ['', 'namespaces', 'Namespace', false],
  ['', 'nodes', 'Node', false],
  ['', 'pods', 'Pod', true],
  ['', 'events', 'Event', true],
  ['', 'configmaps', 'ConfigMap', true],
  ['apps', 'deployments', 'Deployment', true],
  ['apps', 'replicasets', 'ReplicaSet', true],
  ['policy', 'poddisruptionbudgets', 'PodDisruptionBudget', true],
];

/** How long pods of the tests take. */
export const TIMING: PodTiming = { startMs: 100, readyMs: 200, stopMs: 1000 };

/** Turns of the event loop after which everything that needs no time has been done. */
const TURNS = 30;

/** A store with the cluster's controllers at work on it, and a clock that stands still. */
export class WorkloadCluster implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly store = new ObjectStore({ clock: this.clock });
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: Partial<WorkloadsOptions> = {}, nodes = 2) {
    for (const [group, resource, kind, namespaced] of KINDS) {
      this.store.register({
        group,
        resource,
        kind,
        namespaced,
        version: 'v1',
        ...specialType(group, resource),
      });
    }
    for (let index = 0; index < nodes; index++) {
      this.store.collection('nodes').create(nodeOf(`node-${index}`, index, this.clock.now()));
    }
    this.createNamespace('default');
    const workloads = new Workloads({
      store: this.store,
      clock: this.clock,
      seed: 'test',
      timing: TIMING,
      ...options,
    });
    this.#running = workloads.run(this.#abort.signal);
  }

  createNamespace(name: string): void {
    this.store.collection('namespaces').create({
      metadata: { name },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await setImmediate();
  }

  /** Moves time on in small steps, letting everything happen on the way. */
  async advance(ms: number): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= 100) {
      await this.clock.advance(Math.min(left, 100));
      await this.settle();
    }
  }

  list(resource: string, namespace?: string): readonly JsonObject[] {
    return [...this.store.collection(resource).list(namespace === undefined ? {} : { namespace })];
  }

  names(resource: string, namespace?: string): readonly string[] {
    return this.list(resource, namespace).map((object) => String(Object(object.metadata).name));
  }

  get(resource: string, name: string, namespace = 'default'): JsonObject {
    return this.store.collection(resource).require(namespace, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }
}

/** A deployment as the API server would store it. */
export function deployment(name: string, spec: JsonObject = {}, namespace = 'default'): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{ name: 'web', image: 'busybox:1' }],
          terminationGracePeriodSeconds: 30,
        },
      },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
      ...spec,
    },
  };
}

/** The same with another image, and other fields of the spec. */
export function withImage(object: JsonObject, image: string, fields: JsonObject = {}): JsonObject {
  const spec = Object(object.spec);
  const template = {
    ...spec.template,
    spec: { ...spec.template.spec, containers: [{ name: 'web', image }] },
  };
  return { ...object, spec: { ...spec, template, ...fields } };
}
