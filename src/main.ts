#!/usr/bin/env node
import { constants } from 'node:os';
import { runCommandLine } from './commands/command-line.ts';
import { commands } from './commands/commands.ts';
import { version } from './version.ts';

/** What asks the program to end in order. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGABRT'] as const;

/**
 * Ctrl-C under `npm run` arrives twice: from the terminal, and forwarded by npm. Signals as close
 * together as this are one; a person who means it is slower.
 */
const SAME_SIGNAL_MS = 300;

const ending = new AbortController();
let asked = 0;
for (const name of SIGNALS) {
  process.on(name, () => {
    if (!ending.signal.aborted) {
      asked = performance.now();
      ending.abort();
    } else if (performance.now() - asked > SAME_SIGNAL_MS) {
      process.exit(128 + constants.signals[name]);
    }
  });
}

// The reader of a pipe went away (`… | head`): nobody is left to work for.
process.stdout.on('error', () => ending.abort());

const { env, stdout, stderr } = process;
const argv = process.argv.slice(2);
process.exit(await runCommandLine({ argv, env, version, stdout, stderr, commands }, ending.signal));
