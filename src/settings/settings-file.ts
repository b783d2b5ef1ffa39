import { readFile } from 'node:fs/promises';
import { ChaosError } from '../runtime/errors.ts';
import { flagName, nearest } from './names.ts';
import type { SettingDefinitions } from './setting.ts';

/**
 * Reads a settings file: a YAML (or JSON) mapping of flag names without dashes to a value, or a list
 * of values. Gives the values as the texts a flag would have, by the setting's key.
 * @throws ChaosError ERR_SETTINGS_INVALID
 */
export async function readSettingsFile(
  definitions: SettingDefinitions,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map(Object.keys(definitions).map((key) => [flagName(key), key]));
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(await readMapping(path))) {
    const key = keys.get(name);
    if (key === undefined) {
      const meant = nearest(name, keys.keys());
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
      throw invalid(path, `unknown setting ${JSON.stringify(name)}${hint}`);
    }
    texts.set(key, valueText(path, name, value));
  }
  return texts;
}

async function readMapping(path: string): Promise<object> {
  // Loaded here because few use a file and the program should start fast.
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw invalid(path, 'expected a readable YAML file', error);
  }
  if (content === null) return {};
  if (typeof content === 'object' && !Array.isArray(content)) return content;
  throw invalid(path, `expected a mapping of settings, got ${JSON.stringify(content)}`);
}

function valueText(path: string, name: string, value: unknown): string {
  if (isScalar(value)) return String(value);
  if (Array.isArray(value) && value.every(isScalar)) return value.join(',');
  throw invalid(path, `${name}: expected a value or a list, got ${JSON.stringify(value)}`);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function invalid(path: string, message: string, cause?: unknown): ChaosError {
  return new ChaosError('ERR_SETTINGS_INVALID', `settings file ${path}: ${message}`, {
    ...(cause !== undefined && { cause }),
  });
}
