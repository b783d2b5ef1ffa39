import type { KubernetesClient } from '../kubernetes/client.ts';
import { resourcePath } from '../kubernetes/resource.ts';
import { formatSelector, type LabelSelector } from '../kubernetes/selector.ts';
import { parseQuantity } from '../runtime/quantity.ts';

/** What a pod used when it was last measured. */
export interface PodUsage {
  /** The sum over its containers. */
  readonly cpuCores: number;
  /** Milliseconds since the epoch. */
  readonly measuredAt: number;
}

const podMetrics = { group: 'metrics.k8s.io', version: 'v1beta1', plural: 'pods' };

/** What the pods of a selector use, by pod name; a pod whose numbers cannot be read is left out. */
export async function readPodUsages(
  client: KubernetesClient,
  namespace: string,
  selector: LabelSelector,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PodUsage>> {
  const query = { labelSelector: formatSelector(selector) };
  const path = resourcePath(podMetrics, namespace);
  const answer = await client.call(
    { verb: 'list', resource: 'pods.metrics.k8s.io', path, query },
    signal,
  );
  const { items = [] } = answer as { items?: readonly PodMetrics[] };
  return new Map(items.flatMap(readUsage));
}

interface PodMetrics {
  readonly metadata?: { readonly name?: string };
  readonly timestamp?: string;
  readonly containers?: readonly { readonly usage?: { readonly cpu?: string } }[];
}

function readUsage({ metadata, timestamp, containers = [] }: PodMetrics): [string, PodUsage][] {
  const measuredAt = Date.parse(timestamp ?? '');
  if (metadata?.name === undefined || Number.isNaN(measuredAt)) return [];
  try {
    const cpuCores = containers.reduce(
      (sum, { usage }) => sum + parseQuantity(usage?.cpu ?? '0'),
      0,
    );
    return [[metadata.name, { cpuCores, measuredAt }]];
  } catch {
    return [];
  }
}
