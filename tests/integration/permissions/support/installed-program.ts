import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCommandLine } from '../../../../src/commands/command-line.ts';
import { commands } from '../../../../src/commands/commands.ts';
import type { LoggedRequest } from '../../../../src/playground/http/request-log.ts';
import type { World } from '../../controller/support/world.ts';

/** How the program's own requests begin to name their sender. */
const PROGRAM = 'chaos-monkey/';

/** The program as the chart starts it, by its environment, on a simulated cluster. */
export class InstalledProgram implements AsyncDisposable {
  readonly #world: World;
  readonly #folder: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<number>;
  #said = '';

  private constructor(world: World, folder: string, env: Readonly<Record<string, string>>) {
    this.#world = world;
    this.#folder = folder;
    const output = new PassThrough();
    output.on('data', (chunk) => {
      this.#said += String(chunk);
    });
    this.#ended = runCommandLine(
      {
        argv: ['controller'],
        env: { CHAOSMONKEY_KUBECONFIG: join(folder, 'kubeconfig'), ...env },
        version: '4.0.0',
        stdout: output,
        stderr: output,
        commands,
      },
      this.#stop.signal,
    );
  }

  static async start(
    world: World,
    env: Readonly<Record<string, string>>,
  ): Promise<InstalledProgram> {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-monkey-rights-'));
    await writeFile(join(folder, 'kubeconfig'), world.cluster.kubeconfig);
    return new InstalledProgram(world, folder, env);
  }

  /** Its log. */
  get said(): string {
    return this.#said;
  }

  /** What it has asked the API server for, as the API server saw it. */
  get requests(): readonly LoggedRequest[] {
    const all = this.#world.cluster.requests.recent();
    return all.filter(({ userAgent }) => userAgent.startsWith(PROGRAM));
  }

  /** Whether it has asked for this. */
  has(verb: string, resource: string, matches: Partial<LoggedRequest> = {}): boolean {
    const [plural, subresource = ''] = resource.split('/');
    const wanted = Object.entries({ verb, resource: plural, subresource, ...matches });
    return this.requests.some((request) => {
      const fields = new Map<string, unknown>(Object.entries(request));
      return wanted.every(([key, value]) => fields.get(key) === value);
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const code = await this.#ended;
    if (code !== 0) throw new Error(`the program ended with ${code}: ${this.#said}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop();
    } finally {
      await rm(this.#folder, { recursive: true });
    }
  }
}
