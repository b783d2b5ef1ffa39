import { Backoff } from '../runtime/backoff.ts';
import { describeError } from '../runtime/errors.ts';
import type { DisturbOptions } from './disturb.ts';
import { delayAfter, firstDue } from './schedule.ts';
import { type Mode, type TickResult, tick } from './tick.ts';

export interface TicksOptions extends DisturbOptions {
  readonly mode: Mode;
}

/** The first delay and the longest before a claim that could not be written is tried again, ms. */
const CLAIM_RETRY = { initialMs: 1_000, maximumMs: 30_000 };

/**
 * Lets one tick follow the other, a timeout apart, until `signal` aborts. Waits by the monotonic clock. A
 * tick that fails never ends it: failures in a row only make the waits longer.
 */
export async function runTicks(options: TicksOptions, signal: AbortSignal): Promise<void> {
  const { context, record, spec, generation, mode } = options;
  const { clock, ending } = context;
  const { timeoutMs } = spec;
  const claimRetry = new Backoff({ ...CLAIM_RETRY, random: Math.random });
  let failures = 0;
  const delayMs = (failed: boolean) => delayAfter(timeoutMs, failed ? failures + 1 : 0);
  let due = clock.monotonic() + promise(options) - clock.now();
  for (;;) {
    await clock.sleep(due - clock.monotonic(), signal);
    const latenessSeconds = Math.max(0, clock.monotonic() - due) / 1_000;
    try {
      const result = await tick({ record, generation, mode, clock, delayMs, ending }, signal);
      failures = result.kind === 'failed' ? failures + 1 : 0;
      due = result.kind === 'unclaimed' ? clock.monotonic() + timeoutMs : result.nextDue;
      claimRetry.reset();
      report(options, result, latenessSeconds);
    } catch (error) {
      signal.throwIfAborted();
      due = clock.monotonic() + Math.min(timeoutMs, claimRetry.next());
      reportUnclaimed(options, error, latenessSeconds);
    }
  }
}

/** Decides when the first tick is due and writes it to the status. Milliseconds since the epoch. */
function promise({ context, record, spec, generation }: TicksOptions): number {
  const { clock } = context;
  const { status, promised } = record;
  // What an earlier life has promised was by another's clock, perhaps.
  const inherited = promised.timeoutMs === undefined;
  const leadMs = inherited ? context.clockLeadMs : 0;
  const due = firstDue({
    now: clock.now(),
    uid: record.uid,
    timeoutMs: spec.timeoutMs,
    nextExecution: instant(status.nextExecution, leadMs),
    lastExecution: instant(status.lastExecution, leadMs),
    promisedTimeoutMs: promised.timeoutMs,
    specUnchanged: promised.generation === generation,
    interrupted: inherited && record.wasInterrupted,
  });
  record.promise({ nextExecution: due, generation, timeoutMs: spec.timeoutMs });
  return due;
}

function instant(text: string | undefined, leadMs: number): number | undefined {
  const milliseconds = text === undefined ? Number.NaN : Date.parse(text) + leadMs;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

function report(
  { context, record, spec }: TicksOptions,
  result: TickResult,
  latenessSeconds: number,
): void {
  const { logger, metrics, announcer } = context;
  const { namespace, name: configuration } = record;
  const log = { namespace, configuration, mode: spec.mode, deployment: spec.deploymentName };
  switch (result.kind) {
    case 'unclaimed':
      logger.info(log, `tick left alone: ${result.message}`);
      return;
    case 'acted':
      metrics.tick({ mode: spec.mode, result: 'acted', reason: '', latenessSeconds });
      logger.info({ ...log, outcome: 'acted', tick: result.number }, result.message);
      announcer.acted(record.object);
      return;
    case 'skip':
      metrics.tick({ mode: spec.mode, result: 'skipped', reason: result.reason, latenessSeconds });
      logger.info(
        { ...log, outcome: 'skipped', reason: result.reason, tick: result.number },
        result.message,
      );
      announcer.skipped(record.object, result.reason, result.message);
      return;
    case 'failed':
      metrics.tick({ mode: spec.mode, result: 'failed', reason: result.reason, latenessSeconds });
      logger.warn(
        { ...log, outcome: 'failed', reason: result.reason, tick: result.number },
        result.message,
      );
      announcer.failed(record.object, result.reason, result.message);
  }
}

function reportUnclaimed(
  { context, record, spec }: TicksOptions,
  error: unknown,
  latenessSeconds: number,
): void {
  const { namespace, name: configuration } = record;
  context.metrics.tick({
    mode: spec.mode,
    result: 'failed',
    reason: 'NotClaimed',
    latenessSeconds,
  });
  context.logger.warn(
    { namespace, configuration, mode: spec.mode, outcome: 'failed', reason: 'NotClaimed' },
    `nothing was done because the tick could not be claimed, and is tried again: ${describeError(error)}`,
  );
}
