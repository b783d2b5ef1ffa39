import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { kubectlLines } from '../support/kubectl-lines.ts';
import { textAt } from '../support/value.ts';

/** The deprecated version, as kubectl names it. */
export const OLD = 'chaosmonkeyconfigurations.v1alpha1.cm.massix.github.io';
export const NEW = 'chaosmonkeyconfigurations.v1.cm.massix.github.io';

/** What kubectl shows to whoever still works with v1alpha1. */
export const DEPRECATION =
  'Warning: cm.massix.github.io/v1alpha1 is now deprecated, please migrate to cm.massix.github.io/v1';

/** A manifest of the deprecated version. */
export function oldConfiguration(name: string, spec: Readonly<Record<string, unknown>> = {}) {
  return {
    apiVersion: 'cm.massix.github.io/v1alpha1',
    kind: 'ChaosMonkeyConfiguration',
    metadata: { name },
    spec: { deploymentName: name, ...spec },
  };
}

/** Where v1alpha1 objects are found, over HTTP. */
export function oldPath(namespace: string, name = ''): string {
  const collection = `/apis/cm.massix.github.io/v1alpha1/namespaces/${namespace}/chaosmonkeyconfigurations`;
  return name === '' ? collection : `${collection}/${name}`;
}

/** kubectl as a person uses it, in one namespace. Whatever fails is thrown with what kubectl said. */
export class Kubectl {
  readonly #cluster: ClusterFixture;
  readonly #namespace: string;
  #warnings = '';

  constructor(cluster: ClusterFixture, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  /** What the last command wrote besides its output. */
  get warnings(): string {
    return this.#warnings;
  }

  /** @param input an object is given as JSON on standard input, for `-f -` */
  async run(args: readonly string[], input?: unknown): Promise<string> {
    const text = input === undefined ? '' : JSON.stringify(input);
    const all = ['--namespace', this.#namespace, ...args];
    const { code, stdout, stderr } = await this.#cluster.kubectl(all, text);
    this.#warnings = stderr;
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: exit code ${code}: ${stderr}`);
    return stdout;
  }

  /** The lines of a command that goes on until no more are taken. */
  lines(args: readonly string[]): AsyncGenerator<string> {
    const { kubeconfigPath } = this.#cluster;
    return kubectlLines(kubeconfigPath, ['--namespace', this.#namespace, ...args]);
  }

  async get(kind: typeof OLD | typeof NEW, name: string): Promise<unknown> {
    const found: unknown = JSON.parse(await this.run(['get', kind, name, '-o', 'json']));
    return found;
  }

  /** Where in the spec of the stored object: `deployment.name`. */
  async stored(name: string, field: string): Promise<string> {
    return this.run(['get', NEW, name, '-o', `jsonpath={.spec.${field}}`]);
  }
}

/** The spec and status of an object as they are written, byte for byte. */
export function bytesOf(object: unknown): { readonly spec: string; readonly status: string } {
  const { spec, status } = Object(object);
  if (textAt(object, 'apiVersion') === '') throw new Error(`no object: ${JSON.stringify(object)}`);
  return { spec: JSON.stringify(spec), status: JSON.stringify(status) };
}
