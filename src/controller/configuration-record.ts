import { randomUUID } from 'node:crypto';
import { configurations } from '../configuration/resource.ts';
import {
  type ConfigurationStatus,
  type NewCondition,
  setCondition,
  statusPatch,
  timestamp,
} from '../configuration/status.ts';
import type { ChaosMonkeyConfiguration } from '../configuration/types.ts';
import { isApiError, type KubernetesClient, type KubernetesRequest } from '../kubernetes/client.ts';
import { resourcePath } from '../kubernetes/resource.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Acted, Failure, Skip } from './tick.ts';
import {
  type Claim,
  withClaim,
  withOutcome,
  withoutOpenClaim,
  withoutPromises,
  withTicksOf,
} from './tick-status.ts';

/** A promise of when something happens next. */
export interface NextExecution {
  /** Milliseconds since the epoch. */
  readonly nextExecution: number;
  readonly generation: number;
  readonly timeoutMs: number;
}

export interface RecordOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** Called when the status differs from what the API server has and should be written soon. */
  readonly onChange: (record: ConfigurationRecord) => void;
}

/** How often a write that meets a newer resourceVersion is tried, each time with the newest. */
const WRITE_ATTEMPTS = 4;

/**
 * One configuration as this process knows it: the object as last seen, and the status as it should be.
 * The status in memory is the truth while this process lives; what the API server has is brought to it by
 * the claims of the ticks and by `flush`. An echo of an older write on the watch therefore changes nothing,
 * and a status that somebody emptied comes back with the next write.
 */
export class ConfigurationRecord {
  readonly #client: KubernetesClient;
  readonly #clock: Clock;
  readonly #onChange: (record: ConfigurationRecord) => void;
  readonly #isNew: boolean;
  readonly #wasInterrupted: boolean;
  #object: ChaosMonkeyConfiguration;
  #status: ConfigurationStatus;
  #promised: { readonly generation: number | undefined; readonly timeoutMs: number | undefined };
  #writing: Promise<unknown> = Promise.resolve();
  #gone = false;

  constructor(object: ChaosMonkeyConfiguration, { client, clock, onChange }: RecordOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#object = object;
    this.#isNew = object.status.observedGeneration === undefined;
    this.#status = withoutOpenClaim(object.status);
    this.#wasInterrupted = this.#status !== object.status;
    this.#promised = { generation: object.status.observedGeneration, timeoutMs: undefined };
  }

  get object(): ChaosMonkeyConfiguration {
    return this.#object;
  }

  get uid(): string {
    return this.#object.metadata.uid;
  }

  get name(): string {
    return this.#object.metadata.name;
  }

  get namespace(): string {
    return this.#object.metadata.namespace;
  }

  get status(): ConfigurationStatus {
    return this.#status;
  }

  /** The seed of all draws for this configuration; empty until one was sown. */
  get seed(): string {
    return this.#status.seed ?? '';
  }

  /** Whether no controller had written to it when we first saw it. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Whether the last tick had been claimed when we first saw it, and its outcome was not written. */
  get wasInterrupted(): boolean {
    return this.#wasInterrupted;
  }

  /** Takes the object as the watch or an answer shows it. A status that knows of more ticks wins over ours. */
  observe(object: ChaosMonkeyConfiguration): void {
    this.#object = object;
    if (object.status.ticks > this.#status.ticks) {
      this.#status = withTicksOf(this.#status, object.status);
    }
  }

  /** The object is gone: nothing is written any more. */
  abandon(): void {
    this.#gone = true;
  }

  /** Changes the status; it is written soon. */
  update(change: (status: ConfigurationStatus) => ConfigurationStatus): void {
    this.#status = change(this.#status);
    if (this.#difference() !== undefined) this.#onChange(this);
  }

  /** Sets conditions for the spec of `generation`, keeping the time of those that do not change. */
  setConditions(generation: number, ...conditions: readonly NewCondition[]): void {
    const now = this.#clock.now();
    this.update((status) => {
      let after: ConfigurationStatus = { ...status, observedGeneration: generation };
      for (const condition of conditions) after = setCondition(after, condition, generation, now);
      return after;
    });
  }

  /**
   * Takes the occasion `number` for this process, in one status write that fails when anybody wrote
   * before. Resolves with undefined, or with the reason why the occasion is not ours.
   */
  claim(claim: Claim, signal: AbortSignal): Promise<string | undefined> {
    return this.#exclusively(() => this.#claim(claim, signal));
  }

  /** Sets conditions and takes back the promise of a next execution: nothing is going to happen,
   * and what was scaled is put back. */
  rest(generation: number, ...conditions: readonly NewCondition[]): void {
    this.update(withoutPromises);
    this.setConditions(generation, ...conditions);
  }

  /** What the next execution in the status was promised for; the timeout is not known of an earlier life's. */
  get promised(): {
    readonly generation: number | undefined;
    readonly timeoutMs: number | undefined;
  } {
    return this.#promised;
  }

  /** Promises the next execution. @param nextExecution milliseconds since the epoch */
  promise({ nextExecution, ...promised }: NextExecution): void {
    this.#promised = promised;
    this.update((status) => ({ ...status, nextExecution: timestamp(nextExecution) }));
  }

  /** Sets the seed of the draws: the one given, else the one there is, else a new one. */
  sow(seed: string | undefined): void {
    this.update((status) => ({ ...status, seed: seed ?? status.seed ?? randomUUID() }));
  }

  /**
   * Adds the outcome of an act to the claim that went before.
   * @param nextExecution milliseconds since the epoch; undefined when the watcher was stopped meanwhile, and
   * there is none
   */
  conclude(
    number: number,
    outcome: Acted | Skip | Failure,
    nextExecution: number | undefined,
  ): void {
    this.update((status) => {
      const concluded = withOutcome(status, number, outcome, this.#clock.now());
      if (nextExecution === undefined) return withoutPromises(concluded);
      return { ...concluded, nextExecution: timestamp(nextExecution) };
    });
  }

  /**
   * Writes the status if it differs from what the API server has; never onto a successor of the same name,
   * which the resourceVersion tells apart (the API server ignores a foreign uid here: seen with 1.34).
   */
  flush(signal: AbortSignal): Promise<void> {
    return this.#exclusively(async () => {
      for (let attempt = 1; ; attempt += 1) {
        const status = this.#difference();
        if (status === undefined) return;
        const { resourceVersion } = this.#object.metadata;
        try {
          const body = { metadata: { resourceVersion }, status };
          this.#seen(await this.#client.call(this.#request('patch', body), signal));
          return;
        } catch (error) {
          if (!isApiError(error, 409) || attempt === WRITE_ATTEMPTS) throw error;
        }
        await this.#readAgain(signal);
      }
    });
  }

  async #claim(claim: Claim, signal: AbortSignal): Promise<string | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const after = withClaim(this.#status, claim, this.#clock.now());
      const { resourceVersion } = this.#object.metadata;
      const body = {
        metadata: { resourceVersion },
        status: statusPatch(this.#object.status, after),
      };
      try {
        const answer = await this.#client.call(this.#request('patch', body), signal);
        this.#status = withClaim(this.#status, claim, this.#clock.now());
        this.#seen(answer);
        return undefined;
      } catch (error) {
        if (isApiError(error, 404)) return 'the configuration is gone';
        if (!isApiError(error, 409) || attempt === WRITE_ATTEMPTS) throw error;
      }
      const lost = await this.#lookAgain(claim, signal);
      if (lost !== undefined) return lost;
    }
  }

  /** After a conflict: takes the object as it is now and says why the occasion is lost, if it is. */
  async #lookAgain(
    { number, generation }: Claim,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const fresh = await this.#readAgain(signal);
    if (fresh === undefined) return 'the configuration was replaced by another of its name';
    if (fresh.generation !== generation) return 'the configuration was changed';
    if (fresh.status.ticks >= number) return `tick ${number} was claimed by somebody else`;
    return undefined;
  }

  /** Reads the object from the API server; undefined, and nothing is written any more, when it is another. */
  async #readAgain(signal: AbortSignal): Promise<ChaosMonkeyConfiguration | undefined> {
    const fresh = configurations.strip(await this.#client.call(this.#request('get'), signal));
    if (fresh.metadata.uid === this.uid) this.observe(fresh);
    else this.#gone = true;
    return this.#gone ? undefined : fresh;
  }

  #seen(answer: unknown): void {
    const object = configurations.strip(answer);
    if (object.metadata.uid === this.uid) this.observe(object);
  }

  #difference(): Record<string, unknown> | undefined {
    return this.#gone ? undefined : statusPatch(this.#object.status, this.#status);
  }

  #request(verb: 'get' | 'patch', body?: unknown): KubernetesRequest {
    const { namespace, name } = this;
    if (verb === 'get') {
      return {
        verb,
        resource: configurations.plural,
        path: resourcePath(configurations, namespace, name),
      };
    }
    const path = resourcePath(configurations, namespace, name, 'status');
    return { verb, resource: `${configurations.plural}/status`, path, body };
  }

  #exclusively<T>(write: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(write, write);
    this.#writing = result.catch(() => undefined);
    return result;
  }
}
