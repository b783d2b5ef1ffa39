import { CONFIG_ENVIRONMENT } from './load-settings.ts';
import { environmentName, flagName } from './names.ts';
import type { Setting, SettingDefinitions } from './setting.ts';

const INDENT = ' '.repeat(6);

/**
 * What `--help` says of a role's settings: each with its flag, meaning, accepted values, default and
 * environment name, wrapped to `width` columns.
 */
export function settingsHelp(definitions: SettingDefinitions, width: number): string {
  return [
    ...Object.entries(definitions).map(([key, setting]) => settingHelp(key, setting, width)),
    entry('--config FILE', 'YAML file of settings, by their flags without dashes.', width, [
      `environment: ${CONFIG_ENVIRONMENT}`,
    ]),
    entry('-h, --help', 'Print this help.', width, []),
    entry('-V, --version', 'Print the version.', width, []),
  ].join('\n');
}

function settingHelp(key: string, setting: Setting, width: number): string {
  const flag = flagName(key);
  const title = setting.placeholder
    ? `--${flag} ${setting.placeholder}`
    : `--${flag}, --no-${flag}`;
  const environment = environmentName(key, setting);
  const lenient = setting.lenient ? ' (an invalid value is logged, and the default used)' : '';
  return entry(title, setting.description, width, [
    `accepted: ${setting.expected}`,
    `default: ${setting.defaultText ?? setting.otherwise ?? 'none'}`,
    `environment: ${environment}${lenient}`,
  ]);
}

function entry(title: string, text: string, width: number, facts: readonly string[]): string {
  const lines = [text, ...facts].flatMap((line) => wrap(line, width - INDENT.length));
  return `  ${title}\n${lines.map((line) => `${INDENT}${line}\n`).join('')}`;
}

/** Breaks a text at blanks into lines of at most `width`, where its words allow. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
