import {
  KubernetesApiError,
  type KubernetesClient,
  type KubernetesRequest,
} from '../../src/kubernetes/client.ts';
import { ChaosError } from '../../src/runtime/errors.ts';

/** Answers one request, or throws; undefined: not mine. */
export type Responder = (request: KubernetesRequest) => unknown;

/** A client that answers from a script and remembers what it was asked. What nobody answers is a 404. */
export class ScriptedClient implements KubernetesClient {
  readonly requests: KubernetesRequest[] = [];
  readonly #responders: Responder[];

  constructor(...responders: readonly Responder[]) {
    this.#responders = [...responders];
  }

  /** Puts a responder before those there are. */
  answer(responder: Responder): void {
    this.#responders.unshift(responder);
  }

  /** The requests so far, as `verb resource`. */
  get log(): readonly string[] {
    return this.requests.map(({ verb, resource }) => `${verb} ${resource}`);
  }

  async call(request: KubernetesRequest, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    this.requests.push(request);
    for (const responder of this.#responders) {
      const answer = await responder(request);
      if (answer !== undefined) return answer;
    }
    throw refusal(404, request);
  }

  stream(): Promise<AsyncIterable<Uint8Array>> {
    throw new Error('a scripted client has no streams');
  }
}

/** An answer of 400 and above. */
export function refusal(
  code: number,
  { verb, resource, path }: Pick<KubernetesRequest, 'verb' | 'resource' | 'path'> = {
    verb: 'get',
    resource: 'things',
    path: '/things',
  },
): KubernetesApiError {
  return new KubernetesApiError({ verb, resource, path }, { code, message: `answered ${code}` });
}

/** The connection broke, and nobody knows what became of the request. */
export function lostAnswer(): ChaosError {
  return new ChaosError('ERR_KUBERNETES_TRANSPORT', 'the connection broke');
}

/** Answers requests of one verb and resource by turns; the last answer stays. An error is thrown. */
export function byTurns(verb: string, resource: string, ...answers: readonly unknown[]): Responder {
  let turn = 0;
  return (request) => {
    if (request.verb !== verb || request.resource !== resource) return undefined;
    const answer = answers[Math.min(turn++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer(request) : answer;
  };
}
