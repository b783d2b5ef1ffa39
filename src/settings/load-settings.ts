import { ChaosError, describeError } from '../runtime/errors.ts';
import { environmentName, flagName } from './names.ts';
import type { ParsedFlags } from './parse-flags.ts';
import type { Setting, SettingDefinitions, SettingsOf } from './setting.ts';
import { readSettingsFile } from './settings-file.ts';

/** Names the settings file, as `--config` does. */
export const CONFIG_ENVIRONMENT = 'CHAOSMONKEY_CONFIG';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadedSettings<D extends SettingDefinitions> {
  /** Frozen. */
  readonly settings: SettingsOf<D>;
  /** Invalid values of lenient environment names: the default holds, and this is to be logged. */
  readonly ignored: readonly ChaosError[];
}

interface Given {
  /** `--metrics-port`, `CHAOSMONKEY_METRICS_PORT`, `settings file x: metrics-port`. */
  readonly source: string;
  readonly text: string;
  readonly lenient: boolean;
}

/**
 * A role's settings: defaults ← file ← environment ← flags, each validated.
 * @throws ChaosError ERR_SETTINGS_INVALID with a line for each invalid value: where, expected, got
 */
export async function loadSettings<D extends SettingDefinitions>(
  definitions: D,
  flags: Pick<ParsedFlags, 'config' | 'texts'>,
  env: Environment,
): Promise<LoadedSettings<D>> {
  const path = flags.config ?? (env[CONFIG_ENVIRONMENT] || undefined);
  const file = path === undefined ? undefined : await readSettingsFile(definitions, path);
  const values: [string, unknown][] = [];
  const problems: string[] = [];
  const ignored: ChaosError[] = [];
  for (const [key, setting] of Object.entries(definitions)) {
    const given =
      fromFlag(key, flags.texts) ?? fromEnvironment(key, setting, env) ?? fromFile(key, file, path);
    try {
      values.push([key, given === undefined ? setting.absent() : setting.read(given.text)]);
    } catch (error) {
      const problem = `${given?.source ?? flagName(key)}: ${describeProblem(error)}`;
      if (given?.lenient !== true) {
        problems.push(problem);
        continue;
      }
      const using = `${problem}; using the default, ${setting.defaultText ?? 'none'}`;
      ignored.push(new ChaosError('ERR_SETTINGS_INVALID', using));
      values.push([key, setting.absent()]);
    }
  }
  if (problems.length > 0) throw new ChaosError('ERR_SETTINGS_INVALID', listed(problems));
  // Every key of the definitions has got what its own `read` or `absent` gave.
  const settings = Object.freeze(Object.fromEntries(values)) as SettingsOf<D>;
  return { settings, ignored };
}

function fromFlag(key: string, texts: ReadonlyMap<string, string>): Given | undefined {
  const text = texts.get(key);
  return text === undefined ? undefined : { source: `--${flagName(key)}`, text, lenient: false };
}

/** An empty variable counts as none, as manifests leave them empty, except where empty is a value. */
function fromEnvironment(key: string, setting: Setting, env: Environment): Given | undefined {
  const source = environmentName(key, setting);
  const text = env[source];
  if (text === undefined || (text === '' && setting.emptyIsValue !== true)) return undefined;
  return { source, text, lenient: setting.lenient === true };
}

function fromFile(
  key: string,
  texts: ReadonlyMap<string, string> | undefined,
  path: string | undefined,
): Given | undefined {
  const text = texts?.get(key);
  if (text === undefined) return undefined;
  return { source: `settings file ${path ?? ''}: ${flagName(key)}`, text, lenient: false };
}

/** One problem as it is, several below each other. */
function listed(problems: readonly string[]): string {
  return problems.length === 1
    ? problems.join()
    : `${problems.length} settings are not accepted:\n  ${problems.join('\n  ')}`;
}

/** Without the cause of a ChaosError, which says the same in other words. */
function describeProblem(error: unknown): string {
  return error instanceof ChaosError ? error.message : describeError(error);
}
