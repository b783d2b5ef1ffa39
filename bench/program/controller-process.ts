import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'undici';
import { activeWatchersIn } from './exposition.ts';

export interface ControllerProcessOptions {
  /** The bundle. */
  readonly program: string;
  readonly kubeconfig: string;
  /** Further arguments of `controller`. */
  readonly flags?: readonly string[];
}

/** How long a program may take to end after SIGTERM, ms. */
const PATIENCE_MS = 15_000;

/** How much of what it wrote last is told when it ends before its time, characters. */
const LAST_WORDS = 2_000;

/** The built program as a process of its own, executed as an image does it, with nothing of our environment but Node. */
export class ControllerProcess implements AsyncDisposable {
  readonly pid: number;
  /** When it was spawned, by `performance.now()`. */
  readonly startedAt: number;
  readonly #child: ChildProcess;
  readonly #endpoints: Client;
  #ended: Promise<unknown>;
  #lastWords = '';

  private constructor(child: ChildProcess, pid: number, startedAt: number, port: number) {
    this.#child = child;
    this.pid = pid;
    this.startedAt = startedAt;
    this.#ended = once(child, 'exit');
    this.#endpoints = new Client(`http://127.0.0.1:${port}`);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#lastWords = (this.#lastWords + chunk).slice(-LAST_WORDS);
      });
    }
  }

  static async start({ program, kubeconfig, flags = [] }: ControllerProcessOptions) {
    const port = await freePort();
    const startedAt = performance.now();
    const endpoints = ['--metrics-address', '127.0.0.1', '--metrics-port', String(port)];
    const args = ['controller', '--kubeconfig', kubeconfig, ...endpoints, ...flags];
    const child = spawn(program, args, {
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    if (child.pid === undefined) throw new Error('the program has no process id');
    return new ControllerProcess(child, child.pid, startedAt, port);
  }

  /** `total_watchers` of /health: the cheapest number there is. */
  async totalWatchers(): Promise<number> {
    const health: unknown = JSON.parse(await this.#get('/health'));
    const { total_watchers: total } = Object(health);
    if (typeof total !== 'number')
      throw new Error(`no total_watchers in ${JSON.stringify(health)}`);
    return total;
  }

  /** The text of /metrics. */
  metrics(): Promise<string> {
    return this.#get('/metrics');
  }

  /** How many watchers of deployments the gauges say run. */
  async activeWatchers(): Promise<number> {
    return activeWatchersIn(await this.metrics());
  }

  /** @throws Error with its last words when it has ended */
  assertRunning(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`the program ended (${exitCode ?? signalCode}): ${this.#lastWords}`);
  }

  /** Ends it as a cluster would: SIGTERM, and SIGKILL when that does not help. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endpoints.destroy();
    this.#child.kill('SIGTERM');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#ended;
    clearTimeout(killer);
  }

  async #get(path: string): Promise<string> {
    this.assertRunning();
    const { statusCode, body } = await this.#endpoints.request({ method: 'GET', path });
    const content = await text(body);
    if (statusCode === 200) return content;
    throw new Error(`${path}: ${statusCode}: ${content.slice(0, 300)}`);
  }
}

/** A port that nobody has now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');
  return address.port;
}
