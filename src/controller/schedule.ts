import { randomStream } from '../runtime/random.ts';

/** What is known when a watcher (re)starts. Instants are milliseconds since the epoch. */
export interface ScheduleInput {
  readonly now: number;
  readonly uid: string;
  readonly timeoutMs: number;
  /** What the status promised, if it promised anything. */
  readonly nextExecution?: number | undefined;
  readonly lastExecution?: number | undefined;
  /** The timeout the promise was made with; absent when unknown (it was made in an earlier life). */
  readonly promisedTimeoutMs?: number | undefined;
  /** Whether the promise was made for this spec. */
  readonly specUnchanged: boolean;
  /** Whether an earlier life claimed the last execution and nobody knows when its act, if any, was over. */
  readonly interrupted?: boolean;
}

/**
 * When a watcher that starts acts next.
 *
 * - A promise for this spec holds. One that is overdue (nobody was there to keep it) is spread over one
 *   timeout by a phase that belongs to the UID, so that a restart is no salvo; the first moments, in which
 *   everything else starts, are left free.
 * - A changed timeout counts from the last execution, so that editing cannot postpone chaos; where that
 *   is over already, the earlier of the old promise and one whole new timeout holds.
 * - Without a promise (new, or resumed) a whole timeout passes first, or what is left of it.
 * - After a tick that was interrupted a whole timeout passes: its act may have ended just now.
 */
export function firstDue(input: ScheduleInput): number {
  const { now, timeoutMs, lastExecution, interrupted = false } = input;
  const due = promisedDue(input);
  if (!interrupted || lastExecution === undefined) return due;
  return Math.max(due, Math.min(now, lastExecution + LONGEST_TICK_MS) + timeoutMs);
}

/** No act ends later than this after its claim was begun, ms: both have deadlines that are shorter together. */
const LONGEST_TICK_MS = 60_000;

function promisedDue(input: ScheduleInput): number {
  const { now, timeoutMs, nextExecution, lastExecution } = input;
  if (nextExecution === undefined) {
    const rest = lastExecution === undefined ? now : lastExecution + timeoutMs;
    return rest > now && rest <= now + timeoutMs ? rest : now + timeoutMs;
  }
  if (!input.specUnchanged && input.promisedTimeoutMs !== timeoutMs)
    return rescheduled(input, nextExecution);
  if (nextExecution > now) return Math.min(nextExecution, now + timeoutMs);
  return now + spread(input.uid, timeoutMs);
}

function rescheduled(
  { now, timeoutMs, lastExecution, promisedTimeoutMs }: ScheduleInput,
  promise: number,
): number {
  const from = promisedTimeoutMs === undefined ? lastExecution : promise - promisedTimeoutMs;
  const due = from === undefined ? undefined : from + timeoutMs;
  if (due !== undefined && due > now) return Math.min(due, now + timeoutMs);
  return Math.max(now, Math.min(promise, now + timeoutMs));
}

/** At a start at least this is left free of overdue ticks, ms; a fifth of a timeout that is short. */
const CALM_MS = 2_000;

/** When an overdue tick of this UID comes, ms from now: in (calm, timeout]. */
export function spread(uid: string, timeoutMs: number): number {
  const calmMs = Math.min(CALM_MS, timeoutMs / 5);
  return Math.ceil(calmMs + phase(uid) * (timeoutMs - calmMs));
}

/** A number in [0, 1) that is always the same for a UID. */
export function phase(uid: string): number {
  return randomStream('phase', uid)();
}

/** The longest back-off of a configuration whose acts fail, in its timeouts. */
const LONGEST_BACKOFF_TIMEOUTS = 8;

/** How long after an occasion the next one is due: the timeout, doubled with each failure in a row but the first. */
export function delayAfter(timeoutMs: number, failuresInARow: number): number {
  return timeoutMs * Math.min(2 ** Math.max(0, failuresInARow - 1), LONGEST_BACKOFF_TIMEOUTS);
}
