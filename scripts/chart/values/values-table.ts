import { type ChartValue, valueTree } from './values.ts';

/** The rows of the README: every value with its default and what it is for. */
export function valuesTable(): string {
  const rows = valueTree().flatMap(leaves).map(row);
  return ['| value | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function leaves(value: ChartValue): readonly ChartValue[] {
  return value.parts.length === 0 ? [value] : value.parts.flatMap(leaves);
}

function row({ path, description, schema, defaultValue }: ChartValue): string {
  const { enum: choices } = Object(schema);
  const accepted = Array.isArray(choices) ? ` One of ${choices.map(code).join(', ')}.` : '';
  const cells = [code(path.join('.')), code(JSON.stringify(defaultValue)), description + accepted];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
