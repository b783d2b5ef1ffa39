import { parseArgs } from 'node:util';
import { ChaosError } from '../runtime/errors.ts';
import { flagName, nearest } from './names.ts';
import type { SettingDefinitions } from './setting.ts';

export interface ParsedFlags {
  readonly help: boolean;
  readonly version: boolean;
  /** `--config`: the settings file. */
  readonly config: string | undefined;
  /** Texts by the setting's key; the last one where a flag is repeated. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Flags that every role has besides its settings. */
const COMMON_FLAGS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
  config: { type: 'string' },
} as const;

interface OptionToken {
  /** Without dashes, and without `no-`. */
  readonly name: string;
  /** As written: `--no-name`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

type Options = Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>;

/**
 * Reads the flags of a role: `--name value`, `--name=value`, and `--name` or `--no-name` for a switch.
 * @throws ChaosError ERR_SETTINGS_INVALID for an unknown flag (with the nearest one), a flag without its
 *   value, a switch with one, and anything that is no flag
 */
export function parseFlags(definitions: SettingDefinitions, argv: readonly string[]): ParsedFlags {
  const keys = new Map(Object.keys(definitions).map((key) => [flagName(key), key]));
  const options = { ...settingOptions(definitions), ...COMMON_FLAGS };
  // Not strict: the messages of a strict parse know neither the nearest flag nor what was expected.
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowNegative: true,
  });
  const texts = new Map<string, string>();
  const common = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw invalid(`unexpected argument ${JSON.stringify(token.value)}: only flags are expected`);
    }
    const text = optionText(options, token);
    const key = keys.get(token.name);
    if (key === undefined) common.set(token.name, text);
    else texts.set(key, text);
  }
  return {
    help: common.has('help'),
    version: common.has('version'),
    config: common.get('config'),
    texts,
  };
}

function settingOptions(definitions: SettingDefinitions): Options {
  const entries = Object.entries(definitions).map(([key, { placeholder }]) => {
    const type: 'boolean' | 'string' = placeholder === undefined ? 'boolean' : 'string';
    return [flagName(key), { type }] as const;
  });
  return Object.fromEntries(entries);
}

/** The text of a flag: its value, or `true` or `false` of a switch. */
function optionText(options: Options, { name, rawName, value, inlineValue }: OptionToken): string {
  const type = Object.hasOwn(options, name) ? options[name]?.type : undefined;
  const negated = rawName === `--no-${name}`;
  if (type === undefined || (negated && (type === 'string' || Object.hasOwn(COMMON_FLAGS, name)))) {
    throw unknownFlag(rawName, Object.keys(options));
  }
  if (type === 'boolean') {
    if (value === undefined) return String(!negated);
    throw invalid(`${rawName} is a switch: expected no value, got ${JSON.stringify(value)}`);
  }
  if (value === undefined) throw invalid(`${rawName}: expected a value, got none`);
  if (inlineValue !== true && value.startsWith('-')) {
    const instead = `if ${value} is the value, write ${rawName}=${value}`;
    throw invalid(`${rawName}: expected a value, got ${JSON.stringify(value)}; ${instead}`);
  }
  return value;
}

function unknownFlag(flag: string, known: readonly string[]): ChaosError {
  const meant = nearest(flag.replace(/^-+(?:no-)?/, ''), known);
  return invalid(`unknown flag ${flag}${meant === undefined ? '' : `; did you mean --${meant}?`}`);
}

function invalid(message: string): ChaosError {
  return new ChaosError('ERR_SETTINGS_INVALID', message);
}
