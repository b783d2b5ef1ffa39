/** Objects as tests create them: as small as the API server takes them. */

/** Where the tests find a shell; it has to be present on the nodes or to be pulled by them. */
const IMAGE = process.env.TEST_IMAGE ?? 'busybox';

export interface DeploymentShape {
  readonly replicas?: number;
  /** Of the pods and of the selector. Default: `{app: name}`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Instead of matchLabels of `labels`. */
  readonly selector?: unknown;
  /** What the container runs. Default: nothing, for a long time. */
  readonly command?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export function deployment(name: string, shape: DeploymentShape = {}) {
  const { replicas = 0, labels = { app: name }, command, annotations } = shape;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels, ...(annotations && { annotations }) },
    spec: {
      replicas,
      selector: shape.selector ?? { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(command) },
    },
  };
}

export function pod(name: string, labels: Readonly<Record<string, string>> = { app: name }) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: podSpec() };
}

/** A container that ends at once when told to, so that namespaces go quickly. */
function podSpec(command: readonly string[] = ['sleep', '1000000']) {
  const container = { name: 'main', image: IMAGE, imagePullPolicy: 'IfNotPresent', command };
  return { terminationGracePeriodSeconds: 1, containers: [container] };
}

export function configMap(name: string, data: Readonly<Record<string, string>> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { app: name } }, data };
}

export function disruptionBudget(
  name: string,
  app: string,
  spec: Readonly<Record<string, unknown>>,
) {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: { selector: { matchLabels: { app } }, ...spec },
  };
}

export type ScalingMode = 'killPod' | 'randomScale' | 'antiPressure';

export interface ConfigurationShape {
  readonly enabled?: boolean;
  readonly mode?: ScalingMode;
  /** Default: the configuration's own name. */
  readonly deployment?: string;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly timeout?: string;
  /** Further fields of the spec. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export function configuration(name: string, shape: ConfigurationShape = {}) {
  const {
    enabled = true,
    mode = 'killPod',
    minReplicas = 0,
    maxReplicas = 3,
    timeout = '5s',
  } = shape;
  return {
    apiVersion: 'cm.massix.github.io/v1',
    kind: 'ChaosMonkeyConfiguration',
    metadata: { name },
    spec: {
      enabled,
      minReplicas,
      maxReplicas,
      scalingMode: mode,
      timeout,
      deployment: { name: shape.deployment ?? name },
      ...shape.more,
    },
  };
}
