import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const LEVEL_STYLES: Readonly<Record<string, Style>> = {
  fatal: ['red', 'bold'],
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'blue',
  trace: 'gray',
};

/**
 * Turns a JSON line of the log into one for people, in local time:
 * `12:03:07.120 INFO  killed a pod  namespace=shop configuration=web pod=web-1`.
 * An error follows its message. Control characters are dropped: a name from the cluster moves no cursor.
 */
export function prettyLine({ color }: { readonly color: boolean }): (line: string) => string {
  const style = (format: Style, text: string) =>
    color && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return (line) => {
    const { level, time, msg, error, ...fields }: Record<string, unknown> = JSON.parse(line);
    const name = String(level);
    const parts = [
      style('dim', localTime(String(time))),
      style(LEVEL_STYLES[name] ?? 'gray', name.toUpperCase().padEnd(5)),
      printable(`${String(msg ?? '')}${errorText(error)}`),
    ];
    const about = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`);
    if (about.length > 0) parts.push('', style('dim', printable(about.join(' '))));
    return `${parts.join(' ').trimEnd()}\n`;
  };
}

function localTime(time: string): string {
  const at = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  return `${clock}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function fieldText(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value)
    ? value
    : JSON.stringify(value);
}

function errorText(error: unknown): string {
  if (error === undefined) return '';
  if (typeof error !== 'object' || error === null) return `: ${String(error)}`;
  if ('stack' in error) return `: ${String(error.stack)}`;
  return `: ${'message' in error ? String(error.message) : JSON.stringify(error)}`;
}

function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}
