import type { RestartCause } from '../kubernetes/restart-cause.ts';
import type { WatchObserver } from '../kubernetes/watch-resource.ts';
import type { Health } from '../observability/health.ts';
import type { Clock } from '../runtime/clock.ts';
import { describeError } from '../runtime/errors.ts';

/** Answers that come from the API server itself: it is reached, though it does not give what is wanted. */
const ANSWERED: ReadonlySet<RestartCause> = new Set(['forbidden', 'not-found', 'expired']);

/** What else is known about how the controller does, asked at each reading. */
export type HealthFacts = () => Pick<Health, 'totalWatchers' | 'leadership' | 'problems'> & {
  /** What has not been seen once yet, besides the answers to its watches. */
  readonly awaited: readonly string[];
};

/** How the controller does, from what its watches see. */
export class ControllerHealth {
  readonly #clock: Clock;
  readonly #facts: HealthFacts;
  /** Why each watch that is down is down, by resource. */
  readonly #down = new Map<string, string>();
  /** What the API server says instead of what is watched, by resource. */
  readonly #refused = new Map<string, string>();
  readonly #awaited = new Set<string>();
  #since: number;
  #broken: string | undefined;

  constructor(clock: Clock, facts: HealthFacts) {
    this.#clock = clock;
    this.#facts = facts;
    this.#since = clock.now();
  }

  /** Follows the watch of a resource. */
  watch(resource: string): WatchObserver {
    this.#awaited.add(resource);
    return {
      reached: () => {
        this.#refused.delete(resource);
        this.#answered(resource);
      },
      failed: (error, cause) => {
        if (!ANSWERED.has(cause)) {
          this.#change(() => this.#down.set(resource, describeError(error)));
          return;
        }
        this.#refused.set(resource, describeError(error));
        this.#answered(resource);
      },
    };
  }

  /** Something ended that must not end: only a restart helps. */
  broke(error: unknown): void {
    this.#broken = describeError(error);
  }

  read(): Health {
    const [error] = this.#down.values();
    const { awaited, problems, ...facts } = this.#facts();
    return {
      ...facts,
      api: {
        reached: this.#reached,
        sinceMs: this.#since,
        ...(error !== undefined && { error }),
      },
      awaited: [
        ...[...this.#awaited].map((resource) => `the first answer about ${resource}`),
        ...awaited,
      ],
      problems: [
        ...[...this.#refused].map(([resource, error]) => `${resource}: ${error}`),
        ...problems,
      ],
      ...(this.#broken !== undefined && { broken: this.#broken }),
    };
  }

  get #reached(): boolean {
    return this.#down.size === 0 && this.#awaited.size === 0;
  }

  #answered(resource: string): void {
    this.#change(() => {
      this.#awaited.delete(resource);
      this.#down.delete(resource);
    });
  }

  #change(change: () => unknown): void {
    const before = this.#reached;
    change();
    if (this.#reached !== before) this.#since = this.#clock.now();
  }
}
