import type { Clock } from '../../runtime/clock.ts';
import { randomStream } from '../../runtime/random.ts';
import type { JsonObject } from '../patch/json.ts';
import {
  isTerminating,
  listAt,
  nameOf,
  namespaceOf,
  objectAt,
  textAt,
  timestamp,
  uidOf,
} from './fields.ts';

/** How often measurements are taken, and over how long, ms. */
const WINDOW_MS = 15_000;

const NANO = 1e9;
const KIBI = 1024;

export interface Load {
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

export interface PodMetricsOptions {
  readonly clock: Clock;
  /** Loads belong to it: the same seed and pods, the same numbers at the same time of day. */
  readonly seed: string;
  /** A pod has no metrics before it has run for this long, ms. Default 0; the real one takes about 30,000. */
  readonly minimumAgeMs?: number;
}

/**
 * What the metrics server of the simulated cluster measures: each container's load wanders slowly around
 * a mean of its own, unless a test has set it.
 */
export class PodMetrics {
  readonly #options: PodMetricsOptions;
  readonly #fixed = new Map<string, Load>();

  constructor(options: PodMetricsOptions) {
    this.#options = options;
  }

  /** Sets the load of every container of a pod, from now on; undefined lets it wander again. */
  setLoad(namespace: string, name: string, load: Load | undefined): void {
    const key = `${namespace}/${name}`;
    if (load) this.#fixed.set(key, load);
    else this.#fixed.delete(key);
  }

  /** The PodMetrics of metrics.k8s.io/v1beta1; undefined for a pod that is not measured (yet). */
  of(pod: JsonObject): JsonObject | undefined {
    const { clock, minimumAgeMs = 0 } = this.#options;
    const started = Date.parse(textAt(pod, 'status', 'startTime'));
    const running = textAt(pod, 'status', 'phase') === 'Running' && !isTerminating(pod);
    if (!running || !(clock.now() - started >= minimumAgeMs)) return undefined;
    const taken = Math.floor(clock.now() / WINDOW_MS) * WINDOW_MS;
    return {
      kind: 'PodMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {
        name: nameOf(pod),
        namespace: namespaceOf(pod),
        creationTimestamp: timestamp(clock.now()),
        labels: objectAt(pod, 'metadata', 'labels'),
      },
      // A young pod is measured for itself, so that no measurement is older than what it measures.
      timestamp: timestamp(taken >= started ? taken : clock.now()),
      window: `${WINDOW_MS / 1000}s`,
      containers: listAt(pod, 'spec', 'containers').map((container, index) => ({
        name: textAt(container, 'name'),
        usage: usage(this.#loadOf(pod, index, taken)),
      })),
    };
  }

  /** The NodeMetrics of a node on which these pods run. */
  ofNode(node: JsonObject, pods: Iterable<JsonObject>): JsonObject {
    const { clock } = this.#options;
    const taken = Math.floor(clock.now() / WINDOW_MS) * WINDOW_MS;
    let [cpu, memory] = [0.05, 512 * KIBI * KIBI];
    for (const pod of pods) {
      if (textAt(pod, 'status', 'phase') !== 'Running') continue;
      for (const index of listAt(pod, 'spec', 'containers').keys()) {
        const load = this.#loadOf(pod, index, taken);
        cpu += load.cpu;
        memory += load.memory;
      }
    }
    return {
      kind: 'NodeMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {
        name: nameOf(node),
        creationTimestamp: timestamp(clock.now()),
        labels: objectAt(node, 'metadata', 'labels'),
      },
      timestamp: timestamp(taken),
      window: `${WINDOW_MS / 1000}s`,
      usage: usage({ cpu, memory }),
    };
  }

  #loadOf(pod: JsonObject, container: number, taken: number): Load {
    const fixed = this.#fixed.get(`${namespaceOf(pod)}/${nameOf(pod)}`);
    if (fixed) return fixed;
    const random = randomStream('load', this.#options.seed, uidOf(pod), container);
    const mean = 0.01 + 0.2 * random();
    const periodMs = WINDOW_MS * (20 + 40 * random());
    const wave = Math.sin((2 * Math.PI * taken) / periodMs + 2 * Math.PI * random());
    return { cpu: mean * (1 + 0.6 * wave), memory: KIBI * KIBI * (16 + 64 * random() + 4 * wave) };
  }
}

/** As the metrics server writes it: nanocores and kibibytes. */
function usage({ cpu, memory }: Load): JsonObject {
  return { cpu: `${Math.round(cpu * NANO)}n`, memory: `${Math.round(memory / KIBI)}Ki` };
}
