import { type ChartValue, valueTree } from './values.ts';

/** The table of the README: every value with its default and what it is for. */
export function valuesTable(): string {
  return ['| value | default | meaning |', '|---|---|---|', ...valueTree().flatMap(rows)].join(
    '\n',
  );
}

/** Values that belong together stand below what they have in common. */
function rows(value: ChartValue): readonly string[] {
  return [row(value), ...value.parts.flatMap(rows)];
}

function row({ path, description, schema, defaultValue, parts }: ChartValue): string {
  const { enum: choices } = Object(schema);
  const accepted = Array.isArray(choices) ? ` One of ${choices.map(code).join(', ')}.` : '';
  const shown = parts.length > 0 ? '' : code(JSON.stringify(defaultValue));
  const cells = [code(path.join('.')), shown, description + accepted];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
