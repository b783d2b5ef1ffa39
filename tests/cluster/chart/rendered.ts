import { parseAllDocuments } from 'yaml';
import { CHART, helm } from '../support/helm.ts';
import { kubeconfigPath } from '../support/real-cluster.ts';
import { at, listAt, textAt } from '../support/value.ts';

/** Values as in a values file. */
export type Values = Readonly<Record<string, unknown>>;

/** Every optional part of the chart. */
export const EVERYTHING: Values = {
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' }, scrapeTimeout: '10s' },
  podMonitor: { enabled: true },
  prometheusRule: { enabled: true },
  grafanaDashboard: { enabled: true, annotations: { folder: 'Chaos' } },
  networkPolicy: {
    enabled: true,
    apiServerCidrs: ['10.0.0.0/8'],
    metricsFrom: [{ namespaceSelector: {} }],
  },
  podDisruptionBudget: { enabled: true },
  image: { digest: `sha256:${'0'.repeat(64)}` },
  imagePullSecrets: [{ name: 'registry' }],
  seed: 'monday',
  podAnnotations: { note: 'a' },
  podLabels: { team: 'chaos' },
  commonLabels: { cost: 'none' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { nodeAffinity: {} },
  priorityClassName: 'system-cluster-critical',
  extraEnv: [{ name: 'TZ', value: 'UTC' }],
  serviceAccount: { annotations: { role: 'none' } },
  service: { annotations: { note: 'b' } },
  conversion: { plain: true },
};

/** Nothing that can be left out. */
export const NOTHING: Values = {
  crd: { install: false },
  conversion: { enabled: false },
  podDisruptionBudget: { enabled: false },
  rbac: { create: false },
  serviceAccount: { create: false },
  replicas: 1,
  leaderElection: { enabled: false },
};

export interface Place {
  /** Default: `chaos-monkey`. */
  readonly release?: string;
  /** Default: `chaosmonkey`. */
  readonly namespace?: string;
}

/** What the chart makes, as YAML. */
export function template(
  values: Values = {},
  { release = 'chaos-monkey', namespace = 'chaosmonkey' }: Place = {},
  ...flags: readonly string[]
): Promise<string> {
  const args = ['template', release, CHART, '--namespace', namespace, ...flags];
  return helm(kubeconfigPath(), args, values);
}

/** The objects that the chart makes, without those of its test. */
export async function objects(values: Values = {}, place: Place = {}): Promise<readonly unknown[]> {
  return readAll(await template(values, place, '--no-hooks'));
}

/** Objects of YAML; each has to be readable, and none empty. */
export function readAll(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const value: unknown = document.toJS();
    if (textAt(value, 'kind') === '') throw new Error('a document without an object');
    return value;
  });
}

/** `Deployment chaos-monkey` of each. */
export function kindsAndNames(found: readonly unknown[]): readonly string[] {
  return found.map((one) => `${textAt(one, 'kind')} ${textAt(one, 'metadata', 'name')}`).sort();
}

export function ofKind(found: readonly unknown[], kind: string): readonly unknown[] {
  return found.filter((one) => textAt(one, 'kind') === kind);
}

/** The only one of a kind. */
export function onlyOf(found: readonly unknown[], kind: string): unknown {
  const [one, ...more] = ofKind(found, kind);
  if (one === undefined || more.length > 0) {
    throw new Error(
      `expected one ${kind}, got ${kindsAndNames(ofKind(found, kind)).join() || 'none'}`,
    );
  }
  return one;
}

/** The container of the program. */
export function containerOf(found: readonly unknown[]): unknown {
  const spec = at(onlyOf(found, 'Deployment'), 'spec', 'template', 'spec');
  return listAt(spec, 'containers')[0];
}
