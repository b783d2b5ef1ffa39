import { setImmediate } from 'node:timers/promises';
import { isApiError } from '../kubernetes/client.ts';
import { aborted } from '../runtime/abort.ts';
import { Backoff } from '../runtime/backoff.ts';
import { ChildSet } from '../runtime/child-set.ts';
import type { Clock } from '../runtime/clock.ts';
import { describeError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ConfigurationRecord } from './configuration-record.ts';

export interface StatusWriterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** How many statuses are written at once. Default 6. */
  readonly workers?: number;
}

const DEFAULT_WORKERS = 6;

/** How long what is left is still written when the program ends, ms. */
const DRAIN_MS = 2_000;

/** The first delay and the longest before a status that could not be written is tried again, ms. */
const RETRY = { initialMs: 500, maximumMs: 15_000 };

/**
 * Brings changed statuses to the API server, each configuration's in one write however often it changed
 * meanwhile. What could not be written is tried again until it can, or until the configuration is gone,
 * each later and later on its own: one that is refused for good holds up no other.
 */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #changed = new Set<ConfigurationRecord>();
  /** Those that could not be written and wait to be tried again. */
  readonly #resting = new Set<ConfigurationRecord>();
  readonly #backoffs = new WeakMap<ConfigurationRecord, Backoff>();
  readonly #waiting: (() => void)[] = [];
  #draining = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Remembers that the status of a record is to be written. */
  schedule(record: ConfigurationRecord): void {
    if (this.#resting.has(record)) return;
    this.#changed.add(record);
    this.#waiting.pop()?.();
  }

  /** Writes until `signal` aborts, and then for at most 2 s what is left. */
  async run(signal: AbortSignal): Promise<void> {
    const drain = new AbortController();
    const workers = new ChildSet(drain.signal);
    await using resting = new ChildSet(signal);
    const release = () => {
      this.#draining = true;
      for (const record of this.#resting) this.#changed.add(record);
      this.#resting.clear();
      for (const wake of this.#waiting.splice(0)) wake();
    };
    signal.addEventListener('abort', release, { once: true });
    if (signal.aborted) release();
    try {
      for (let n = 0; n < (this.#options.workers ?? DEFAULT_WORKERS); n += 1) {
        workers.start(`worker ${n}`, (workerSignal) => this.#work(resting, workerSignal));
      }
      const ended = workers.ended();
      await Promise.race([ended, this.#afterDrain(signal, drain.signal)]);
    } finally {
      signal.removeEventListener('abort', release);
      drain.abort();
      await workers[Symbol.asyncDispose]();
    }
  }

  async #afterDrain(signal: AbortSignal, drained: AbortSignal): Promise<void> {
    await aborted(signal);
    await this.#options.clock.sleep(DRAIN_MS, drained).catch(() => undefined);
  }

  async #work(resting: ChildSet, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const record = await this.#next();
      if (record === undefined) return;
      try {
        // What changes in the same turn is written together.
        await setImmediate();
        await record.flush(signal);
        this.#backoffs.delete(record);
      } catch (error) {
        if (signal.aborted || isApiError(error, 404)) continue;
        const { namespace, name: configuration } = record;
        this.#options.logger.warn(
          { namespace, configuration },
          `status not written yet: ${describeError(error)}`,
        );
        this.#resting.add(record);
        resting.start(record.uid, (restSignal) => this.#rest(record, restSignal));
      }
    }
  }

  async #rest(record: ConfigurationRecord, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const backoff = this.#backoffs.get(record) ?? new Backoff({ ...RETRY, random });
    this.#backoffs.set(record, backoff);
    try {
      await clock.sleep(backoff.next(), signal);
    } finally {
      this.#resting.delete(record);
    }
    this.schedule(record);
  }

  /** The record that waits longest; undefined when nothing is left and nothing more will come. */
  async #next(): Promise<ConfigurationRecord | undefined> {
    for (;;) {
      for (const record of this.#changed) {
        this.#changed.delete(record);
        return record;
      }
      if (this.#draining) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
