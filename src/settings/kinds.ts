import { Type } from 'typebox';
import { parseGoDuration } from '../runtime/go-duration.ts';
import { optionalSetting, type Setting, type SettingTexts, settingWithDefault } from './setting.ts';

type Texts = SettingTexts & { readonly defaultText: string };

/** One of `values`, in any case; the value is spelled as in `values`. */
export function choice<const V extends string>(
  values: readonly V[],
  texts: Texts,
  placeholder = values.join('|'),
): Setting<V> {
  const reading = {
    schema: Type.Unsafe<V>(Type.Enum([...values])),
    placeholder,
    expected: `${listed(values)} (in any case)`,
    normalize: (text: string) =>
      values.find((value) => value.toLowerCase() === text.trim().toLowerCase()),
  };
  return settingWithDefault(reading, texts);
}

/** A Go duration; the value is in milliseconds. `minimum` is a duration too. */
export function duration(texts: Texts & { readonly minimum: string }): Setting<number> {
  const { minimum, ...rest } = texts;
  return settingWithDefault(durationReading(minimum), rest);
}

/** A Go duration that may be left out; the value is in milliseconds. */
export function optionalDuration(
  texts: SettingTexts & { readonly minimum: string },
): Setting<number | undefined> {
  const { minimum, ...rest } = texts;
  return optionalSetting(durationReading(minimum), rest);
}

/** A whole number in [`minimum`, `maximum`]. */
export function integer(
  texts: Texts & { readonly minimum: number; readonly maximum: number },
): Setting<number> {
  const { minimum, maximum, ...rest } = texts;
  const reading = {
    schema: Type.Integer({ minimum, maximum }),
    placeholder: 'NUMBER',
    expected: `a whole number from ${minimum} to ${maximum}`,
    // `Number` alone takes '', '0x10' and '1e3' too.
    normalize: (text: string) => (/^[+-]?\d+$/.test(text.trim()) ? Number(text) : undefined),
  };
  return settingWithDefault(reading, rest);
}

/** A TCP port; 0 is any free one. */
export function port(texts: Texts): Setting<number> {
  return { ...integer({ ...texts, minimum: 0, maximum: 65535 }), placeholder: 'PORT' };
}

/** A text that is not empty. */
export function text(texts: Texts, placeholder = 'TEXT'): Setting<string> {
  return settingWithDefault(textReading(placeholder), texts);
}

/** A text that is not empty, or left out. */
export function optionalText(
  texts: SettingTexts,
  placeholder = 'TEXT',
): Setting<string | undefined> {
  return optionalSetting(textReading(placeholder), texts);
}

/** A switch: `--name` and `--no-name`, and `true` or `false` elsewhere. */
export function toggle(
  texts: Texts & { readonly defaultText: 'true' | 'false' },
): Setting<boolean> {
  return settingWithDefault(TOGGLE, texts);
}

/** A switch that may be left out. */
export function optionalToggle(texts: SettingTexts): Setting<boolean | undefined> {
  return optionalSetting(TOGGLE, texts);
}

/** Names separated by commas, each matching `pattern`; none when empty. Blanks around a name are dropped. */
export function nameList(
  texts: Texts & { readonly pattern: RegExp; readonly of: string },
): Setting<readonly string[]> {
  const { pattern, of, ...rest } = texts;
  const reading = {
    schema: Type.Unsafe<readonly string[]>(Type.Array(Type.String({ pattern }))),
    placeholder: 'NAME,NAME',
    expected: `${of} separated by commas`,
    emptyIsValue: true,
    normalize: (text: string) => (text.trim() === '' ? [] : text.split(',').map((s) => s.trim())),
  };
  return settingWithDefault(reading, rest);
}

/** What a Go duration of some length looks like: `1m30s`. */
const DURATION = '^([0-9]+([.][0-9]+)?(ns|us|ms|s|m|h))+$';

const TOGGLE = {
  schema: Type.Boolean(),
  expected: 'true or false',
  normalize: (text: string) =>
    new Map([
      ['true', true],
      ['false', false],
    ]).get(text.trim().toLowerCase()),
};

function durationReading(minimum: string) {
  return {
    schema: Type.Number({ minimum: parseGoDuration(minimum), maximum: Number.MAX_SAFE_INTEGER }),
    written: Type.String({ pattern: DURATION }),
    placeholder: 'DURATION',
    expected: `a duration of at least ${minimum}, such as 30s, 1m30s or 48h`,
    normalize: (text: string) => parseGoDuration(text.trim()),
  };
}

function textReading(placeholder: string) {
  return {
    schema: Type.String({ minLength: 1 }),
    placeholder,
    expected: 'a text that is not empty',
    normalize: (text: string) => text,
  };
}

function listed(values: readonly string[]): string {
  return values.length < 2
    ? values.join()
    : `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
}
