import type { KubernetesRequest } from '../../../src/kubernetes/client.ts';
import { type CallObservation, HttpKubernetesClient } from '../../../src/kubernetes/http-client.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeCredentials } from '../../fakes/fake-credentials.ts';
import { type Answer, ScriptedApiServer } from '../../fakes/scripted-api-server.ts';

export const never = new AbortController().signal;
export const read: KubernetesRequest = { verb: 'get', resource: 'pods', path: '/api/v1/pods/a' };
export const remove: KubernetesRequest = { ...read, verb: 'delete' };

/** A client of a scripted server, under a clock that moves while it waits to try again. */
export class Calling implements AsyncDisposable {
  readonly server: ScriptedApiServer;
  readonly clock = new FakeClock();
  readonly calls: CallObservation[] = [];
  readonly credentials: FakeCredentials;
  readonly client: HttpKubernetesClient;

  private constructor(server: ScriptedApiServer) {
    this.server = server;
    const { clock } = this;
    this.credentials = new FakeCredentials(server.url);
    this.client = new HttpKubernetesClient({
      credentials: this.credentials,
      userAgent: 'chaos-monkey/test',
      clock,
      random: () => 0.5,
      observe: (call) => this.calls.push(call),
    });
  }

  static async meeting(...answers: readonly Answer[]): Promise<Calling> {
    const server = await ScriptedApiServer.start();
    server.answer(...answers);
    return new Calling(server);
  }

  get codes() {
    return this.calls.map(({ code }) => code);
  }

  async call(request: KubernetesRequest, signal = never): Promise<unknown> {
    const outcome = this.client.call(request, signal).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    let settled: Awaited<typeof outcome> | undefined;
    void outcome.then((result) => {
      settled = result;
    });
    while (settled === undefined) {
      await settle();
      if (this.clock.sleeping > 0) await this.clock.advance(20);
    }
    if ('error' in settled) throw settled.error;
    return settled.value;
  }

  /** The error with which a call ends. */
  async failure(request: KubernetesRequest, signal = never): Promise<ChaosError> {
    try {
      await this.call(request, signal);
    } catch (error) {
      if (error instanceof ChaosError) return error;
      throw error;
    }
    throw new Error('the call succeeded');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}
