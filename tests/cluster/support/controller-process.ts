import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Exposition, readExposition } from '../../fakes/read-exposition.ts';
import { at, numberAt, textAt } from './value.ts';
import { waitUntil } from './wait-until.ts';

/** How long the program may take to say that it listens, to be ready, or to end, ms. */
const PATIENCE_MS = 30_000;

/** `chaos-monkey controller` as a process of its own. */
export class ControllerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  readonly #log: unknown[] = [];
  #port = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', (line) => this.#read(line));
    }
  }

  /** Resolves when the controller has read everything once. @param program the bundle */
  static async start(args: readonly string[], program: string): Promise<ControllerProcess> {
    const fixed = ['controller', '--metrics-address', '127.0.0.1', '--metrics-port', '0'];
    const { KUBECONFIG: _unused, ...env } = process.env;
    const child = spawn(process.execPath, [program, ...fixed, '--log-level', 'debug', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const started = new ControllerProcess(child);
    try {
      await started.#untilReady();
      return started;
    } catch (error) {
      await started.end('SIGKILL');
      throw new Error(`the controller did not start:\n${started.log}`, { cause: error });
    }
  }

  /** The last lines of its log. */
  get log(): string {
    return this.#log
      .slice(-60)
      .map((line) => JSON.stringify(line))
      .join('\n');
  }

  /** The HTTP status of `/readyz`. */
  async readiness(): Promise<number> {
    return (await this.#get('/readyz')).status;
  }

  async metrics(): Promise<Metrics> {
    return new Metrics(readExposition(await (await this.#get('/metrics')).text()));
  }

  /** Ends it and resolves with its exit code; -1 when a signal ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    try {
      return await this.#ended;
    } finally {
      clearTimeout(late);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }

  #get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#port}${path}`, { signal: AbortSignal.timeout(5_000) });
  }

  async #untilReady(): Promise<void> {
    const reached = (status: number) => status === 200;
    const read = async () => {
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}`);
      return this.readiness();
    };
    await waitUntil('the controller to be ready', read, reached, {
      timeoutMs: PATIENCE_MS,
      everyMs: 50,
    });
  }

  #read(line: string): void {
    const entry = parse(line);
    this.#log.push(entry);
    if (textAt(entry, 'msg') === 'listening') this.#port = numberAt(entry, 'port');
  }
}

/** One scrape. */
export class Metrics {
  readonly #exposition: Exposition;

  constructor(exposition: Exposition) {
    this.#exposition = exposition;
  }

  /** The sum of all samples of this name that have these labels; 0 where there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.#exposition.samples
      .filter((sample) => sample.name === name)
      .filter((sample) =>
        Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      )
      .reduce((total, { value }) => total + value, 0);
  }
}

function parse(line: string): unknown {
  try {
    const entry: unknown = JSON.parse(line);
    return at(entry, 'msg') === undefined ? line : entry;
  } catch {
    return line;
  }
}
