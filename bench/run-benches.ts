import { writeFile } from 'node:fs/promises';
import type { BenchResult } from './bench.ts';
import { INSTALLED_BENCHES, installedSuites } from './installed/suite.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { buildProgram } from './program/build.ts';
import { REAL_BENCHES, realSuite } from './real/suite.ts';
import { makeReport, tableText } from './report.ts';
import { SIMULATED_BENCHES, simulatedSuites } from './simulated/suites.ts';

/** Those that run when none is named. */
const USUAL = [...REAL_BENCHES, ...SIMULATED_BENCHES].map(({ name }) => name);

const NAMES = [...USUAL, ...INSTALLED_BENCHES.map(({ name }) => name)];

interface Output {
  write(text: string): unknown;
}

/**
 * Runs the benches that the arguments ask for and prints what they found: a table, JSON and, last,
 * `N passed, N failed`.
 * @returns the exit code: 0; 1 when a bound does not hold or a bench did not run; 2 for unknown arguments
 */
export async function runBenches(
  args: readonly string[],
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const say = (text: string) => void output.write(`${text}\n`);
  let options: BenchOptions;
  try {
    options = readOptions(args, NAMES);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${usage()}`);
    return 2;
  }
  if (options.help) {
    say(usage());
    return 0;
  }
  const results = await measure(options, say, signal);
  const report = makeReport(results, options);
  say(tableText(report));
  const json = JSON.stringify(report, undefined, 2);
  if (options.json === undefined) say(`\n${json}`);
  else await writeFile(options.json, `${json}\n`);
  say(`\n${report.passed} passed, ${report.failed} failed`);
  return report.failed === 0 ? 0 : 1;
}

/** Every bench that was asked for has a result, also after an abort. */
async function measure(
  { only = new Set(USUAL), keep }: BenchOptions,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<readonly BenchResult[]> {
  const results = new Map<string, BenchResult>();
  const tell = (result: BenchResult) => {
    results.set(result.name, result);
    say(`${result.name}: ${result.error === undefined ? 'measured' : 'did not run'}`);
  };
  try {
    await using built = await buildProgram();
    const program = built.path;
    const suites = [
      realSuite({ program, keep }),
      ...simulatedSuites(program),
      ...installedSuites(keep),
    ];
    for (const suite of suites) {
      signal.throwIfAborted();
      await suite(only, tell, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const missing = [...only].filter((name) => !results.has(name));
  for (const name of missing) results.set(name, { name, measurements: [], error: 'it was ended' });
  return [...results.values()];
}

function usage(): string {
  return `${USAGE}\n\nBenches: ${NAMES.join(', ')}`;
}
