import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ChaosError } from '../runtime/errors.ts';

/** One setting of a role: everything its flag, environment name, help and validation need. */
export interface Setting<T = unknown> {
  /** A sentence for `--help`. */
  readonly description: string;
  /** What stands for the value in `--help`: `DURATION`; absent for a switch, which takes none. */
  readonly placeholder?: string;
  /** The accepted values in words: `a whole number from 0 to 65535`. */
  readonly expected: string;
  /** The default as a user would write it; absent when the setting may be left out. */
  readonly defaultText?: string;
  /** In words, what holds when the setting is left out; shown in place of the default. */
  readonly otherwise?: string;
  /** Environment name where it is not `CHAOSMONKEY_` and the flag's words joined by `_`. */
  readonly environment?: string;
  /** An invalid value in the environment is reported and the default used, as the Go program did. */
  readonly lenient?: boolean;
  /** An empty environment variable is a value, and not the same as none. */
  readonly emptyIsValue?: boolean;
  /** JSON Schema of the value as YAML has it: a duration is a text, a list a list. For the chart's values. */
  readonly written: TSchema;
  /** The value left out, without a text: `undefined` for a setting that may be left out. */
  readonly absent: () => T;
  /** @throws ChaosError ERR_SETTINGS_INVALID saying what was expected and got, not for which setting */
  readonly read: (text: string) => T;
}

/** What describes a setting to people. */
export interface SettingTexts {
  readonly description: string;
  readonly environment?: string;
  readonly lenient?: boolean;
  readonly otherwise?: string;
}

/** A role's settings by name: `metricsPort` is `--metrics-port` and `CHAOSMONKEY_METRICS_PORT`. */
export type SettingDefinitions = Readonly<Record<string, Setting>>;

/** The validated values of definitions. */
export type SettingsOf<D extends SettingDefinitions> = {
  readonly [K in keyof D]: D[K] extends Setting<infer T> ? T : never;
};

interface Reading<S extends TSchema> {
  /** Checks what `normalize` made of the text; gives the type. */
  readonly schema: S;
  /** Of the value as YAML has it. Default: `schema`. */
  readonly written?: TSchema;
  readonly expected: string;
  readonly placeholder?: string;
  readonly emptyIsValue?: boolean;
  /** Brings the text into the schema's form; what it throws counts as not accepted. */
  readonly normalize: (text: string) => unknown;
}

/** A setting that always has a value: `defaultText`, read like any other text, unless it is given. */
export function settingWithDefault<const S extends TSchema>(
  reading: Reading<S>,
  { defaultText, ...texts }: SettingTexts & { readonly defaultText: string },
): Setting<Static<S>> {
  const read = reader(reading);
  return { ...texts, ...shown(reading), defaultText, read, absent: () => read(defaultText) };
}

/** A setting that may be left out. */
export function optionalSetting<const S extends TSchema>(
  reading: Reading<S>,
  texts: SettingTexts,
): Setting<Static<S> | undefined> {
  return { ...texts, ...shown(reading), read: reader(reading), absent: () => undefined };
}

function shown({ expected, placeholder, emptyIsValue, schema, written }: Reading<TSchema>) {
  return {
    expected,
    written: written ?? schema,
    ...(placeholder !== undefined && { placeholder }),
    ...(emptyIsValue !== undefined && { emptyIsValue }),
  };
}

function reader<S extends TSchema>({ schema, expected, normalize }: Reading<S>) {
  const invalid = (text: string, cause?: unknown) =>
    new ChaosError('ERR_SETTINGS_INVALID', `expected ${expected}, got ${JSON.stringify(text)}`, {
      ...(cause !== undefined && { cause }),
    });
  return (text: string): Static<S> => {
    let value: unknown;
    try {
      value = normalize(text);
    } catch (error) {
      throw invalid(text, error);
    }
    if (!Value.Check(schema, value)) throw invalid(text);
    return value;
  };
}
