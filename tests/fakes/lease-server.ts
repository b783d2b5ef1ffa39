import {
  KubernetesApiError,
  type KubernetesClient,
  type KubernetesRequest,
  type Verb,
} from '../../src/kubernetes/client.ts';
import { EventQueue } from '../../src/kubernetes/event-queue.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { ChaosError } from '../../src/runtime/errors.ts';
import { lostAnswer } from './scripted-client.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface StoredLease {
  readonly metadata: Fields & { readonly uid: string; readonly resourceVersion: string };
  readonly spec: Fields;
}

/** What goes wrong with a candidate's requests. */
export type LeaseFault =
  /** No connection. */
  | 'away'
  /** Nothing is answered, until the deadline. */
  | 'silent'
  /** Carried out, and the answer lost. */
  | 'lost-answer'
  | { readonly code: number; readonly message?: string; readonly cause?: string };

/** An API server for one Lease, called `monkey` in `home`, under a clock that stands still. */
export class LeaseServer {
  lease: StoredLease | undefined;
  /** `a patch` for each request of a candidate that was looked at. */
  readonly log: string[] = [];
  /** How long a write takes to be carried out, and how long until it is answered then, ms. */
  delays = { beforeMs: 0, afterMs: 0 };
  readonly #clock: Clock;
  readonly #faults = new Map<string, LeaseFault>();
  readonly #watches = new Map<EventQueue<string>, string>();
  #version = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get holder(): unknown {
    return this.lease?.spec.holderIdentity;
  }

  /** Who watches. */
  get watchers(): string[] {
    return [...this.#watches.values()];
  }

  /** Lets a candidate's requests of this verb go wrong from now on; undefined: go well again. */
  fail(user: string, verb: Verb | 'all', fault: LeaseFault | undefined): void {
    const verbs: readonly Verb[] = verb === 'all' ? ['get', 'create', 'patch', 'watch'] : [verb];
    for (const one of verbs) {
      if (fault === undefined) this.#faults.delete(`${user} ${one}`);
      else this.#faults.set(`${user} ${one}`, fault);
    }
  }

  /** Changes it as somebody with kubectl would. */
  edit(spec: Fields, metadata: Fields = {}): void {
    const { lease } = this;
    if (lease === undefined) throw new Error('there is no Lease to edit');
    this.#store({ metadata: { ...lease.metadata, ...metadata }, spec: { ...lease.spec, ...spec } });
  }

  remove(): void {
    const { lease } = this;
    this.lease = undefined;
    this.#send('DELETED', lease);
  }

  /** The API server as this candidate reaches it. */
  client(user: string): KubernetesClient {
    return {
      call: async (request, signal) => this.#call(user, request, signal),
      stream: async (request, signal) => this.#watch(user, request, signal),
    };
  }

  async #call(user: string, request: KubernetesRequest, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const fault = this.#faults.get(`${user} ${request.verb}`);
    if (fault === 'away') throw lostAnswer();
    request.beforeSend?.();
    if (fault === 'silent') await this.#silence(request, signal);
    const { beforeMs, afterMs } = this.delays;
    if (beforeMs > 0) await this.#clock.sleep(beforeMs, signal);
    if (typeof fault === 'object') throw answerOf(fault, request);
    this.log.push(`${user} ${request.verb}`);
    const answer = this.#carryOut(request);
    if (afterMs > 0) await this.#clock.sleep(afterMs, signal);
    if (fault === 'lost-answer') throw lostAnswer();
    return answer;
  }

  async #silence({ deadlineMs = 10_000 }: KubernetesRequest, signal: AbortSignal): Promise<never> {
    await this.#clock.sleep(deadlineMs, signal);
    throw new ChaosError('ERR_KUBERNETES_DEADLINE', 'no answer');
  }

  #carryOut(request: KubernetesRequest): StoredLease {
    const { lease } = this;
    const { metadata = {}, spec = {} } = readBody(request.body);
    switch (request.verb) {
      case 'get':
        if (lease === undefined) throw answerOf({ code: 404 }, request);
        return lease;
      case 'create':
        if (lease !== undefined) throw answerOf({ code: 409 }, request);
        return this.#store({ metadata, spec });
      default: {
        if (lease === undefined) throw answerOf({ code: 404 }, request);
        const { uid, resourceVersion } = metadata;
        const is = lease.metadata;
        if (uid !== is.uid || resourceVersion !== is.resourceVersion)
          throw answerOf({ code: 409 }, request);
        return this.#store({
          metadata: { ...lease.metadata, ...metadata },
          spec: { ...lease.spec, ...spec },
        });
      }
    }
  }

  #store({ metadata, spec }: { readonly metadata: Fields; readonly spec: Fields }): StoredLease {
    const isNew = this.lease === undefined;
    const resourceVersion = String(++this.#version);
    const uid = this.lease?.metadata.uid ?? `uid-${resourceVersion}`;
    this.lease = { metadata: { ...metadata, uid, resourceVersion }, spec };
    this.#send(isNew ? 'ADDED' : 'MODIFIED', this.lease);
    return this.lease;
  }

  async #watch(
    user: string,
    request: KubernetesRequest,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const fault = this.#faults.get(`${user} watch`);
    if (fault === 'away') throw lostAnswer();
    if (typeof fault === 'object') throw answerOf(fault, request);
    return this.#events(user, signal);
  }

  async *#events(user: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const queue = new EventQueue<string>();
    const close = () => queue.close();
    signal.addEventListener('abort', close, { once: true });
    this.#watches.set(queue, user);
    try {
      if (this.lease !== undefined) queue.push(line('ADDED', this.lease));
      for (let text = await queue.next(); text !== undefined; text = await queue.next())
        yield Buffer.from(text);
    } finally {
      signal.removeEventListener('abort', close);
      this.#watches.delete(queue);
    }
  }

  #send(type: string, lease: unknown): void {
    for (const [queue, user] of this.#watches) {
      if (!this.#faults.has(`${user} watch`)) queue.push(line(type, lease));
    }
  }
}

function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function answerOf(
  { code, message = `answered ${code}`, cause }: Exclude<LeaseFault, string>,
  request: KubernetesRequest,
): KubernetesApiError {
  const causes = cause === undefined ? {} : { causes: [{ reason: cause }] };
  return new KubernetesApiError(request, { code, message, ...causes });
}

function readBody(body: unknown): { readonly metadata?: Fields; readonly spec?: Fields } {
  return typeof body === 'object' && body !== null ? body : {};
}
