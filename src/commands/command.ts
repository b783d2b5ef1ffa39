import type { ChaosError } from '../runtime/errors.ts';
import type { SettingDefinitions, SettingsOf } from '../settings/setting.ts';

/** Where a command writes; on a terminal `isTTY` is true and `columns` its width. `process.stdout` is one. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** What a command gets from the outside: it reads neither `process.env` nor arguments itself. */
export interface CommandContext<S> {
  readonly settings: S;
  /** Invalid values of environment names that fall back to the default, for the command to log. */
  readonly ignored: readonly ChaosError[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the program: `4.0.0`. */
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * A subcommand: the composition root of a role. Its file is loaded only when it is asked for.
 *
 * `run` resolves with the exit code when the work is done or `signal` aborts (then 0, having stopped
 * in order), and rejects when broken: the message is printed and the exit code is 1.
 */
export interface Command<D extends SettingDefinitions = SettingDefinitions> {
  readonly name: string;
  /** A sentence for the list of commands. */
  readonly summary: string;
  /** Paragraphs for `chaos-monkey <name> --help`. */
  readonly description: string;
  readonly settings: D;
  run(context: CommandContext<SettingsOf<D>>, signal: AbortSignal): Promise<number>;
}

/** Types a command by its settings: `export const command = defineCommand({ … })`. */
export function defineCommand<const D extends SettingDefinitions>(command: Command<D>): Command<D> {
  return command;
}
