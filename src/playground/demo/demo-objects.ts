import { KIND, V1 } from '../../configuration/api.ts';
import { formatGoDuration } from '../../runtime/go-duration.ts';
import type { JsonObject } from '../patch/json.ts';

const LABEL = 'cm.massix.github.io/namespace';

/** The namespace that is disturbed. */
export const OPTED_IN = 'shop';
/** The namespace whose team has said no. */
export const OPTED_OUT = 'billing';
/** A namespace that is never touched. */
export const PROTECTED = 'kube-system';

/** What the demo puts into its cluster, in this order. */
export interface DemoObjects {
  readonly namespaces: readonly JsonObject[];
  readonly deployments: readonly JsonObject[];
  readonly configurations: readonly JsonObject[];
}

/** @param everyMs the time between two acts of a configuration; the three modes take turns by a little more each */
export function demoObjects(everyMs: number): DemoObjects {
  const every = (factor: number) => formatGoDuration(Math.max(1_000, Math.round(everyMs * factor)));
  return {
    namespaces: [namespace(OPTED_IN, 'true'), namespace(OPTED_OUT, 'false')],
    deployments: [
      deployment(OPTED_IN, 'catalog', 3),
      deployment(OPTED_IN, 'checkout', 3),
      deployment(OPTED_IN, 'search', 4),
      deployment(OPTED_OUT, 'ledger', 2),
      deployment(PROTECTED, 'dns', 2),
    ],
    configurations: [
      configuration(OPTED_IN, 'kill-catalog', 'catalog', {
        scalingMode: 'killPod',
        timeout: every(1),
      }),
      configuration(OPTED_IN, 'scale-checkout', 'checkout', {
        scalingMode: 'randomScale',
        timeout: every(1.2),
        minReplicas: 1,
        maxReplicas: 5,
      }),
      configuration(OPTED_IN, 'press-search', 'search', {
        scalingMode: 'antiPressure',
        timeout: every(1.4),
        minReplicas: 3,
        maxReplicas: 4,
      }),
      configuration(OPTED_OUT, 'kill-ledger', 'ledger', {
        scalingMode: 'killPod',
        timeout: every(1),
      }),
      configuration(PROTECTED, 'kill-dns', 'dns', { scalingMode: 'killPod', timeout: every(1) }),
    ],
  };
}

function namespace(name: string, optIn: 'true' | 'false'): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [LABEL]: optIn } } };
}

function deployment(inNamespace: string, name: string, replicas: number): JsonObject {
  const labels = { app: name };
  const container = {
    name,
    image: `registry.example/${name}:1.4.2`,
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: { requests: { cpu: '50m', memory: '64Mi' } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: inNamespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

function configuration(
  inNamespace: string,
  name: string,
  target: string,
  spec: JsonObject,
): JsonObject {
  return {
    apiVersion: V1,
    kind: KIND,
    metadata: { name, namespace: inNamespace },
    spec: { enabled: true, deployment: { name: target }, minReplicas: 0, maxReplicas: 1, ...spec },
  };
}
