import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Whether times and memory are told and not judged. */
  readonly countsOnly: boolean;
  /** Which benches; undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
  /** Where the results go as JSON; undefined: to the end of the output. */
  readonly json: string | undefined;
  /** Whether what is made in the cluster of KUBECONFIG stays there. */
  readonly keep: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npm run bench -- [--count] [--only NAME]... [--json FILE] [--keep]

Measures the built program, against the cluster of KUBECONFIG and against simulated ones. What is in-cluster
is measured only when it is named: it needs helm, and nodes that have the image under test.

  --count      print times and memory, but judge only counts: for machines that are shared
  --only NAME  run this bench only; may be repeated
  --json FILE  write the results there instead of printing them after the table
  --keep       leave what was made in the cluster of KUBECONFIG`;

/** Reads the command line. @throws TypeError naming an unknown flag; Error naming an unknown bench */
export function readOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  const unknown = values.only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--only: expected one of ${names.join(', ')}, got ${JSON.stringify(unknown)}`);
  }
  return {
    countsOnly: values.count,
    only: values.only && new Set(values.only),
    json: values.json,
    keep: values.keep,
    help: values.help,
  };
}
