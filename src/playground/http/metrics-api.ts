import type { JsonObject } from '../patch/json.ts';
import { notFound, StatusError } from '../status-error.ts';
import { nameOf } from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import { textAt } from '../tables/read.ts';
import type { PodMetrics } from '../workloads/pod-metrics.ts';
import { type Answer, json } from './answer.ts';
import type { Call } from './call.ts';
import type { VirtualResource } from './discovery.ts';
import { nameInSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';

const GROUP = 'metrics.k8s.io';
const VERSION = 'v1beta1';

/** What the metrics server serves: measured when asked, never stored. */
export class MetricsApi {
  /** Whether there is a metrics server; without one the group is not served. */
  available = true;
  /** The numbers, which tests may set. */
  readonly loads: PodMetrics;
  readonly #store: ObjectStore;

  constructor(store: ObjectStore, loads: PodMetrics) {
    this.#store = store;
    this.loads = loads;
  }

  get resources(): readonly VirtualResource[] {
    const entry = (name: string, kind: string, namespaced: boolean): VirtualResource => ({
      group: GROUP,
      version: VERSION,
      entry: { name, singularName: '', namespaced, kind, verbs: ['get', 'list'] },
    });
    return this.available
      ? [entry('nodes', 'NodeMetrics', false), entry('pods', 'PodMetrics', true)]
      : [];
  }

  /** Answers a call to the group; undefined when it is not served. @throws StatusError */
  answer(call: Call): Answer | undefined {
    if (!this.available) return undefined;
    if (call.info.verb !== 'get' && call.info.verb !== 'list') {
      const message = 'the server does not allow this method on the requested resource';
      throw new StatusError(405, 'MethodNotAllowed', message, { details: {} });
    }
    return call.info.resource === 'pods' ? this.#pods(call) : this.#nodes(call);
  }

  #pods(call: Call): Answer {
    const { namespace, name } = call.info;
    const pods = this.#store.collection('pods');
    if (name !== '') {
      const pod = pods.get(namespace, name);
      return one('pods', `${namespace}/${name}`, pod && this.loads.of(pod));
    }
    const scope = namespace === '' ? {} : { namespace };
    const selected = [...pods.list(scope)].filter(selectorOf(call));
    return listOf(
      'PodMetricsList',
      selected.map((pod) => this.loads.of(pod)),
    );
  }

  #nodes(call: Call): Answer {
    const nodes = this.#store.collection('nodes');
    const measure = (node: JsonObject) => this.loads.ofNode(node, this.#podsOn(nameOf(node)));
    const { name } = call.info;
    if (name === '')
      return listOf('NodeMetricsList', [...nodes.list()].filter(selectorOf(call)).map(measure));
    const node = nodes.get('', name);
    return one('nodes', name, node && measure(node));
  }

  *#podsOn(node: string): Generator<JsonObject> {
    for (const pod of this.#store.collection('pods').list()) {
      if (textAt(pod, 'spec', 'nodeName') === node) yield pod;
    }
  }
}

function selectorOf({ query }: Call): (object: JsonObject) => boolean {
  const labels = parseLabelSelector(query.get('labelSelector'));
  const name = nameInSelector(query.get('fieldSelector'));
  return (object) =>
    (name === undefined || nameOf(object) === name) && (labels === undefined || labels(object));
}

function one(resource: string, name: string, metrics: JsonObject | undefined): Answer {
  if (metrics) return json(metrics);
  throw notFound({ group: GROUP, resource }, name);
}

function listOf(kind: string, items: readonly (JsonObject | undefined)[]): Answer {
  return json({
    kind,
    apiVersion: `${GROUP}/${VERSION}`,
    metadata: {},
    items: items.filter((item) => item !== undefined),
  });
}
