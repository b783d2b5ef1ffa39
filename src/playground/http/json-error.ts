/** What Go's JSON reader calls the places at which V8's stops. */
const PLACES: readonly (readonly [v8: RegExp, go: string])[] = [
  [
    /Expected property name|double-quoted property name/,
    'looking for beginning of object key string',
  ],
  [/Expected ',' or '}'/, 'after object key:value pair'],
  [/Expected ',' or ']'/, 'after array element'],
  [/Expected ':'/, 'after object key'],
  [/after JSON/, 'after top-level value'],
];

/** Why a text is no JSON, in the words of the API server: the reader's complaint and the text. */
export function jsonError(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const shown = text.trimStart().startsWith('{') ? text : Buffer.from(text).toString('hex');
  return `couldn't get version/kind; json parse error: ${complaint(text, message)} (${shown || '<empty>'})`;
}

function complaint(text: string, message: string): string {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  const [character] = text.slice(
    Number.isNaN(position) ? firstUnexpected(text, message) : position,
  );
  if (character === undefined || /end of JSON|Unterminated/.test(message)) {
    return 'unexpected end of JSON input';
  }
  const place = PLACES.find(([v8]) => v8.test(message))?.[1] ?? 'looking for beginning of value';
  return `invalid character '${character}' ${place}`;
}

/** V8 names the character, not its position, in short texts. */
function firstUnexpected(text: string, message: string): number {
  const token = /Unexpected token '(.)'/su.exec(message)?.[1];
  return token === undefined ? text.length : text.indexOf(token);
}
