import { stringify } from 'yaml';
import { wrap } from '../../../src/settings/help.ts';
import { type ChartValue, valueTree } from './values.ts';

const WIDTH = 100;

const HEADER = `# Values of the chart chaos-monkey. What is not known here, or has another type, is refused by
# values.schema.json. Generated from scripts/chart/values by \`npm run generate\`: do not edit.
`;

/** \`values.yaml\`: every value with its default, and above it what it is for. */
export function valuesFile(): string {
  return (
    HEADER +
    valueTree()
      .map((value) => `\n${lines(value).join('\n')}\n`)
      .join('')
  );
}

function lines({ path, description, defaultValue, parts }: ChartValue): readonly string[] {
  const indent = '  '.repeat(path.length - 1);
  const comment = wrap(description, WIDTH - indent.length - 2).map((line) => `${indent}# ${line}`);
  const name = path.at(-1) ?? '';
  if (parts.length > 0) return [...comment, `${indent}${name}:`, ...parts.flatMap(lines)];
  const text = stringify({ [name]: defaultValue }, { defaultStringType: 'PLAIN' });
  const value = text
    .trimEnd()
    .split('\n')
    .map((line) => indent + line);
  return [...comment, ...value];
}
