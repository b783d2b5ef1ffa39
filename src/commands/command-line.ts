import { ChaosError, describeError } from '../runtime/errors.ts';
import { type Environment, loadSettings } from '../settings/load-settings.ts';
import { nearest } from '../settings/names.ts';
import { parseFlags } from '../settings/parse-flags.ts';
import type { SettingDefinitions } from '../settings/setting.ts';
import type { Command, Output } from './command.ts';
import { commandHelp, programHelp } from './help.ts';

export interface CommandLine {
  /** Without the program's own name: `['controller', '--behavior', 'DenyAll']`. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly commands: ReadonlyMap<string, () => Promise<Command>>;
}

/** Exit code of a command line that cannot be understood. */
const USAGE = 2;

const HELP_FLAGS = ['--help', '-h'];
const VERSION_FLAGS = ['--version', '-V'];

/**
 * Runs the command that `argv` names. Resolves with the exit code: the command's own, 1 when it broke,
 * 2 when a command, a flag or a setting is not what it should be; never rejects.
 */
export async function runCommandLine(line: CommandLine, signal: AbortSignal): Promise<number> {
  try {
    return await dispatch(line, signal);
  } catch (error) {
    const usage = error instanceof ChaosError && error.code === 'ERR_SETTINGS_INVALID';
    const text = error instanceof ChaosError ? describeError(error) : stackOf(error);
    line.stderr.write(`chaos-monkey: ${text}\n`);
    if (usage) line.stderr.write(`${usageHint(line)}\n`);
    return usage ? USAGE : 1;
  }
}

async function dispatch(line: CommandLine, signal: AbortSignal): Promise<number> {
  const { argv, commands, stdout, stderr, version } = line;
  const [first, ...rest] = argv;
  if (first === undefined) {
    stderr.write(await programHelp(line));
    return USAGE;
  }
  if (HELP_FLAGS.includes(first) || (first === 'help' && rest.length === 0)) {
    stdout.write(await programHelp(line));
    return 0;
  }
  if (VERSION_FLAGS.includes(first)) {
    stdout.write(`chaos-monkey ${version}\n`);
    return 0;
  }
  if (first === 'help') return dispatch({ ...line, argv: [...rest, '--help'] }, signal);
  const load = commands.get(first);
  if (load === undefined) throw unknownCommand(first, commands.keys());
  return runCommand(await load(), { ...line, argv: rest }, signal);
}

async function runCommand<D extends SettingDefinitions>(
  command: Command<D>,
  { argv, env, version, stdout, stderr }: CommandLine,
  signal: AbortSignal,
): Promise<number> {
  const flags = parseFlags(command.settings, argv);
  if (flags.help) {
    stdout.write(commandHelp(command, stdout));
    return 0;
  }
  if (flags.version) {
    stdout.write(`chaos-monkey ${version}\n`);
    return 0;
  }
  const { settings, ignored } = await loadSettings(command.settings, flags, env);
  return command.run({ settings, ignored, env, version, stdout, stderr }, signal);
}

function unknownCommand(name: string, known: Iterable<string>): ChaosError {
  const names = [...known];
  const what = name.startsWith('-') ? 'flag before a command' : 'command';
  const meant = nearest(name.replace(/^-+/, ''), names);
  const hint =
    meant === undefined ? `; expected one of ${names.join(', ')}` : `; did you mean ${meant}?`;
  return new ChaosError('ERR_SETTINGS_INVALID', `unknown ${what} ${name}${hint}`);
}

function usageHint({ argv, commands }: CommandLine): string {
  const name = argv.find((word) => commands.has(word));
  return `Run 'chaos-monkey ${name === undefined ? '' : `${name} `}--help' for what is accepted.`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
