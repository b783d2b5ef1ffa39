import { type Paint, printable } from './painter.ts';

/** What happened, in one word. */
export type Verdict = 'acted' | 'skipped' | 'failed' | 'watched' | 'spared' | 'healed';

/** One line of the account. */
export interface AccountLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly verdict: Verdict;
  /** `namespace/name` of what it is about. */
  readonly subject: string;
  readonly text: string;
}

const STYLES: Readonly<Record<Verdict, Parameters<Paint>[0]>> = {
  acted: ['red', 'bold'],
  skipped: 'yellow',
  failed: ['magenta', 'bold'],
  watched: 'cyan',
  spared: 'blue',
  healed: 'green',
};

const VERDICT_WIDTH = 8;
const SUBJECT_WIDTH = 24;

/** The line as people read it: `12:03:07  acted    shop/kill-catalog  killed pod …`. */
export function formatLine({ time, verdict, subject, text }: AccountLine, paint: Paint): string {
  return [
    paint('dim', localTime(time)),
    paint(STYLES[verdict], verdict.padEnd(VERDICT_WIDTH)),
    printable(subject).padEnd(SUBJECT_WIDTH),
    printable(text),
  ].join('  ');
}

/** Hours, minutes and seconds where the reader is. */
export function localTime(time: number): string {
  const at = new Date(time);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
