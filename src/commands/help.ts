import { settingsHelp, wrap } from '../settings/help.ts';
import type { Command, Output } from './command.ts';

const NARROWEST = 60;
const WIDEST = 100;

export interface ProgramHelpOptions {
  readonly commands: ReadonlyMap<string, () => Promise<Command>>;
  readonly stdout: Output;
  readonly version: string;
}

/** What `chaos-monkey --help` prints. */
export async function programHelp({ commands, stdout, version }: ProgramHelpOptions) {
  const loaded = await Promise.all([...commands.values()].map((load) => load()));
  const longest = Math.max(...loaded.map(({ name }) => name.length));
  const margin = ' '.repeat(longest + 4);
  const list = loaded.map(({ name, summary }) => {
    const lines = wrap(summary, widthOf(stdout) - margin.length);
    return `  ${name.padEnd(longest)}  ${lines.join(`\n${margin}`)}\n`;
  });
  return [
    `chaos-monkey ${version}: a chaos monkey for Kubernetes that people dare to run\n\n`,
    'Usage: chaos-monkey COMMAND [FLAGS]\n\n',
    `Commands:\n${list.join('')}\n`,
    "Flags:\n  -h, --help     Print this help; 'chaos-monkey COMMAND --help' prints a command's.\n",
    '  -V, --version  Print the version.\n',
  ].join('');
}

/** What `chaos-monkey COMMAND --help` prints. */
export function commandHelp({ name, description, settings }: Command, stdout: Output): string {
  const width = widthOf(stdout);
  const about = description.split('\n').flatMap((paragraph) => wrap(paragraph.trim(), width));
  const order = 'The environment wins over the settings file, and a flag over both.';
  return [
    `Usage: chaos-monkey ${name} [FLAGS]\n\n${about.join('\n')}\n\n`,
    `Flags. ${order}\n\n`,
    settingsHelp(settings, width),
  ].join('');
}

/** The terminal's width within reason; 80 where there is none. */
function widthOf({ columns = 80 }: Output): number {
  return Math.min(WIDEST, Math.max(NARROWEST, columns));
}
