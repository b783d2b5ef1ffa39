import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { textAt } from '../../cluster/support/value.ts';
import { eventually } from './eventually.ts';

export interface ReplicaOptions {
  /** The built program. */
  readonly program: string;
  /** Where its kubeconfig is put. */
  readonly directory: string;
  /** Its name, and that of its user. */
  readonly user: string;
  /** The text of it. */
  readonly kubeconfig: string;
}

/** As short as they may sensibly be: stops of 5 s are then much longer than the lease. */
const ELECTION = [
  '--leader-election',
  ...['--lease-duration', '3s'],
  ...['--lease-renew-deadline', '2s'],
  ...['--lease-retry-period', '500ms'],
];

const FIXED = [
  'controller',
  ...ELECTION,
  ...['--namespace', 'chaosmonkey'],
  ...['--metrics-address', '127.0.0.1'],
  ...['--metrics-port', '0'],
  ...['--log-format', 'json'],
];

const REMEMBERED_LINES = 40;

/** The built program as a process that is paused and woken. */
export class ReplicaProcess implements AsyncDisposable {
  readonly user: string;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #lines: string[] = [];
  #ends = 0;
  #refusals = 0;

  private constructor(user: string, child: ChildProcess) {
    this.user = user;
    this.#child = child;
    this.#closed = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', (line) => this.#read(line));
    }
  }

  static async start(options: ReplicaOptions): Promise<ReplicaProcess> {
    const { program, directory, user, kubeconfig } = options;
    const file = join(directory, `${user}.kubeconfig`);
    await writeFile(file, kubeconfig);
    const child = spawn(process.execPath, [program, ...FIXED, '--kubeconfig', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH },
    });
    return new ReplicaProcess(user, child);
  }

  /** How often it has ended to lead. */
  get ends(): number {
    return this.#ends;
  }

  /** How many writes it has kept back because the lease might be another's. */
  get refusals(): number {
    return this.#refusals;
  }

  /** How it is, and the last lines of its log. */
  get log(): string {
    const { pid, exitCode, signalCode } = this.#child;
    const end = signalCode ?? exitCode;
    const state = end === null ? `process ${pid}, ${stateOf(pid)}` : `ended with ${end}`;
    return [state, ...this.#lines].join('\n');
  }

  /** Stops it where it is; returns when it does nothing any more. */
  async pause(): Promise<void> {
    this.#child.kill('SIGSTOP');
    await eventually(
      `${this.user} to be stopped`,
      () => stateOf(this.#child.pid) === 'T',
      () => this.log,
    );
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }

  /** Tells it to end, and resolves with its exit code. */
  async end(): Promise<unknown> {
    this.#child.kill('SIGTERM');
    await this.#closed;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #read(line: string): void {
    this.#lines = [...this.#lines.slice(1 - REMEMBERED_LINES), line];
    if (line.includes('not sent, because the lease')) this.#refusals += 1;
    if (messageOf(line) === 'this replica leads no more') this.#ends += 1;
  }
}

/** `R`: running, `S`: asleep, `T`: stopped. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function stateOf(pid: number | undefined): string {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.charAt(text.lastIndexOf(')') + 2);
}

function messageOf(line: string): string {
  try {
    return textAt(JSON.parse(line), 'msg');
  } catch {
    return '';
  }
}
