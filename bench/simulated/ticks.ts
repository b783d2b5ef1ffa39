import type { Bench } from '../bench.ts';
import type { Measurement } from '../measurement.ts';
import { bucketQuantile, bucketsOf, sumOf, sumsBy } from '../program/exposition.ts';
import { processCpuSeconds } from '../program/process-files.ts';
import { observe } from '../program/regular-scrapes.ts';
import type { SimulatedScene } from './scene.ts';

/** Of the configurations' timeout, which the scene's content names too. */
const EVERY_MS = 10_000;

/**
 * How many ticks may fail: half of a round. Beside two other lanes of CI 192 of 10,297 failed once, for reasons that
 * were not recorded then; otherwise none has.
 */
const SPOILT_ROUNDS = 0.5;

/** How late ticks are while very many of them are due, at any time. */
export const ticks: Bench<SimulatedScene> = {
  name: 'ticks',
  run: (scene, signal) =>
    measureTicks(scene, { durationMs: 120_000, p99AtMostMs: 50, what: 'every 10 s' }, signal),
};

/** The same when all are due at the same moment; how late they are then is only told. */
export const ticksAtOnce: Bench<SimulatedScene> = {
  name: 'ticks-at-once',
  run: (scene, signal) =>
    measureTicks(scene, { durationMs: 60_000, what: 'every 10 s, all at once' }, signal),
};

interface TicksOptions {
  readonly durationMs: number;
  readonly what: string;
  readonly p99AtMostMs?: number;
}

async function measureTicks(
  { program, cluster, content }: SimulatedScene,
  { durationMs, what, p99AtMostMs }: TicksOptions,
  signal: AbortSignal,
): Promise<readonly Measurement[]> {
  const cpuBefore = await processCpuSeconds(cluster.pid);
  const { cpuShare, memory } = await observe(program, durationMs, signal);
  const clusterCpuMs = ((await processCpuSeconds(cluster.pid)) - cpuBefore) * 1_000;
  const scrape = await program.metrics();
  const lateness = bucketsOf(scrape, 'chaos_monkey_tick_lateness_seconds');
  const lateMs = (share: number) => bucketQuantile(lateness, share) * 1_000;
  const count = (result: string) =>
    sumOf(scrape, 'chaos_monkey_tick_outcomes_total', `result="${result}"`);
  const each = `${content.namespaces.toLocaleString('en')} configurations ${what}`;
  // A tick is due a timeout after the one before has ended, so a machine with much else to do has fewer.
  const rounds = Math.floor((0.5 * durationMs) / EVERY_MS);
  return [
    {
      what: `${each}: ticks that acted in ${durationMs / 1_000} s`,
      value: count('acted'),
      unit: 'count',
      atLeast: content.namespaces * rounds,
    },
    { what: `${each}: ticks skipped`, value: count('skipped'), unit: 'count' },
    {
      what: `${each}: ticks failed${reasonsOf(scrape)}`,
      value: count('failed'),
      unit: 'count',
      atMost: content.namespaces * SPOILT_ROUNDS,
    },
    { what: `${each}: tick lateness p50`, value: lateMs(0.5), unit: 'ms' },
    {
      what: `${each}: tick lateness p99`,
      value: lateMs(0.99),
      unit: 'ms',
      ...(p99AtMostMs !== undefined && { atMost: p99AtMostMs }),
    },
    { what: `${each}: resident memory`, value: memory.residentMiB, unit: 'MiB' },
    { what: `${each}: CPU, ms a second`, value: cpuShare * 1_000, unit: 'ms' },
    {
      what: `${each}: CPU of the simulated cluster, ms a second`,
      value: clusterCpuMs / (durationMs / 1_000),
      unit: 'ms',
    },
  ];
}

/** ` (Unreachable 3, Refused 1)`; nothing when none failed. */
function reasonsOf(scrape: string): string {
  const sums = sumsBy(scrape, 'chaos_monkey_tick_outcomes_total', 'reason', 'result="failed"');
  const reasons = [...sums].map(([reason, count]) => `${reason} ${count}`);
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
}
