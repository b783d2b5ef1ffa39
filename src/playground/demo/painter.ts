import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Puts a text into a colour, or leaves it alone. */
export type Paint = (style: Style, text: string) => string;

export interface PainterOptions {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours for a terminal that shows them, unless `NO_COLOR` is set (no-color.org). */
export function painter({ isTTY, env }: PainterOptions): Paint {
  const plain = !isTTY || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return plain
    ? (_style, text) => text
    : (style, text) => styleText(style, text, { validateStream: false });
}

/** Without control characters: a text from the cluster moves no cursor. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
