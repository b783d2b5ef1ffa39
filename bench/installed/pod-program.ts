import { readFile } from 'node:fs/promises';
import type { Release } from '../../tests/cluster/support/release.ts';
import { at, numberAt } from '../../tests/cluster/support/value.ts';
import { activeWatchersIn } from '../program/exposition.ts';

const PROBE = new URL('./probe.mjs', import.meta.url);

/** What the container's own /proc says of the program. */
export interface ProgramFacts {
  /** When its process started, ms since 1970 by the clock of its node. */
  readonly startedAt: number;
  /** Of CPU so far. */
  readonly cpuSeconds: number;
  /** In memory now. */
  readonly residentMiB: number;
  /** The most that was in memory since it started. */
  readonly peakMiB: number;
  /** Established TCP connections to the API server. */
  readonly connections: number;
}

/** The program in a pod of a release. */
export class PodProgram {
  readonly #release: Release;
  readonly #pod: string;

  constructor(release: Release, pod: string) {
    this.#release = release;
    this.#pod = pod;
  }

  async isReady(): Promise<boolean> {
    return (await this.#release.ask(this.#pod, '/readyz')).code === 200;
  }

  /** `total_watchers` of /health, as soon as they are its own and not those of a leader before it. */
  async totalWatchers(): Promise<number> {
    const health = await this.#release.health(this.#pod);
    return at(health, 'leading') === true ? numberAt(health, 'total_watchers') : 0;
  }

  /** How many watchers of deployments the gauges say run. */
  async activeWatchers(): Promise<number> {
    return activeWatchersIn(await this.metrics());
  }

  /** The text of /metrics. */
  async metrics(): Promise<string> {
    const { code, body } = await this.#release.ask(this.#pod, '/metrics');
    if (code === 200 && typeof body === 'string') return body;
    throw new Error(`/metrics of ${this.#pod}: ${code}`);
  }

  async facts(): Promise<ProgramFacts> {
    const probe = await readFile(PROBE, 'utf8');
    const { cluster, namespace } = this.#release;
    const node = ['node', '--input-type=module', '--eval', probe];
    const { code, stdout, stderr } = await cluster.kubectl([
      ...['exec', '--namespace', namespace, this.#pod, '--', ...node],
    ]);
    if (code !== 0) throw new Error(`${this.#pod} cannot be probed: ${stderr}`);
    const said: unknown = JSON.parse(stdout);
    return {
      startedAt: numberAt(said, 'startedAt'),
      cpuSeconds: numberAt(said, 'cpuSeconds'),
      residentMiB: numberAt(said, 'residentMiB'),
      peakMiB: numberAt(said, 'peakMiB'),
      connections: numberAt(said, 'connections'),
    };
  }
}
