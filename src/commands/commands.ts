import type { Command } from './command.ts';

/** Every subcommand by name. A role's code is loaded only when its command is asked for. */
export const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['controller', async (): Promise<Command> => (await import('./controller.ts')).command],
  ['playground', async (): Promise<Command> => (await import('./playground.ts')).command],
]);
