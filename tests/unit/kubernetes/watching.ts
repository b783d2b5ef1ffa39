import { HttpKubernetesClient } from '../../../src/kubernetes/http-client.ts';
import { type Pod, pods } from '../../../src/kubernetes/resources/pods.ts';
import type { WatchEvent } from '../../../src/kubernetes/watch-event.ts';
import { type WatchOptions, watchResource } from '../../../src/kubernetes/watch-resource.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeCredentials } from '../../fakes/fake-credentials.ts';
import { ScriptedApiServer } from '../../fakes/scripted-api-server.ts';

/** A pod as the API server sends it. */
export function pod(name: string, resourceVersion: string, uid = `uid-${name}`) {
  const metadata = {
    name,
    namespace: 'shop',
    uid,
    resourceVersion,
    managedFields: [{ big: true }],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata };
}

/** An event in a word or two: `ADDED a@1`. */
export function brief(event: WatchEvent<Pod>): string {
  if (event.type === 'SYNCED') return 'SYNCED';
  const { name, resourceVersion } = event.object.metadata;
  return `${event.type} ${name}@${resourceVersion}`;
}

/** What a watch waits for when all is well: it is no pause. */
const FOREVER_MS = 10 ** 9;

/** The longest time a test lets pass, ms: what did not happen by then never will. */
const PATIENCE_MS = 30 * 60_000;

/** Knows whether somebody pauses, so that time passes only then and not while sockets are at work. */
class PauseClock extends FakeClock {
  pausing = 0;

  override async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    const pauses = delayMs < FOREVER_MS / 2 ? 1 : 0;
    this.pausing += pauses;
    try {
      await super.sleep(delayMs, signal);
    } finally {
      this.pausing -= pauses;
    }
  }
}

/** `watchResource` on a scripted server, under a clock that only moves while somebody waits. */
export class Watching implements AsyncDisposable {
  readonly server: ScriptedApiServer;
  readonly clock = new PauseClock();
  readonly credentials: FakeCredentials;
  readonly causes: string[] = [];
  readonly failures: unknown[] = [];
  reached = 0;
  readonly #client: HttpKubernetesClient;
  readonly #stop = new AbortController();
  readonly #events: string[] = [];
  #taken = 0;
  #over = false;
  #ended: Promise<void> = Promise.resolve();

  private constructor(server: ScriptedApiServer) {
    this.server = server;
    this.credentials = new FakeCredentials(server.url);
    const { clock, credentials } = this;
    this.#client = new HttpKubernetesClient({
      credentials,
      userAgent: 'test',
      clock,
      random: half,
    });
  }

  static async prepare(): Promise<Watching> {
    return new Watching(await ScriptedApiServer.start());
  }

  start(options: Partial<WatchOptions<Pod>> = {}): void {
    this.#ended = this.#follow({
      client: this.#client,
      resource: pods,
      timeoutSeconds: 300,
      idleTimeoutMs: FOREVER_MS,
      clock: this.clock,
      random: half,
      observer: {
        restarted: (cause) => this.causes.push(cause),
        failed: (error) => this.failures.push(error),
        reached: () => {
          this.reached += 1;
        },
      },
      ...options,
    });
  }

  /** The next events, however much time must pass for them. */
  async take(count: number): Promise<string[]> {
    const from = this.#taken;
    this.#taken += count;
    await this.passTime(() => this.#events.length >= this.#taken);
    return this.#events.slice(from, this.#taken);
  }

  /** Events that came and were not taken. */
  get untaken(): readonly string[] {
    return this.#events.slice(this.#taken);
  }

  /** Lets as little time pass as is needed for the n-th request (from 0). */
  async request(index: number) {
    await this.passTime(() => this.server.requests.length > index);
    return this.server.request(index);
  }

  async passTime(until: () => boolean): Promise<void> {
    const { clock } = this;
    const end = clock.monotonic() + PATIENCE_MS;
    while (!until()) {
      await settle();
      if (this.#over) throw new Error('the test is over and still waits');
      if (clock.monotonic() > end) throw new Error(`it did not happen; there were ${this.causes}`);
      if (clock.pausing > 0) await clock.advance(50);
    }
  }

  /** Aborts, and resolves when the generator has returned. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.stop();
    await this.#client[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }

  async #follow(options: WatchOptions<Pod>): Promise<void> {
    for await (const event of watchResource(options, this.#stop.signal)) {
      this.#events.push(brief(event));
    }
  }
}

const half = () => 0.5;
