/**
 * The Prometheus text format 0.0.4:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The lines that open a family. */
export function familyHeader(name: string, help: string, type: string): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`;
}

/** Labels as they stand between the braces: `namespace="shop",event_type="add"`. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, at) => `${name}="${escapeValue(values[at] ?? '')}"`).join(',');
}

/** One line. `labels` and `more` are results of {@link labelText}. */
export function sample(name: string, labels: string, more: string, value: number): string {
  const all = labels === '' || more === '' ? labels + more : `${labels},${more}`;
  return all === '' ? `${name} ${numberText(value)}\n` : `${name}{${all}} ${numberText(value)}\n`;
}

export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
