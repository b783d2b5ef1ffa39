/**
 * Paths of fields that a JSON text says more than once (`spec.replicas`, `spec.containers[0].name`), in
 * the order of the text. The text must be valid JSON: parse it first.
 */
export function duplicateFields(text: string): readonly string[] {
  const duplicates: string[] = [];
  const stack: Frame[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token] = match;
    const top = stack.at(-1);
    if (token === '{') stack.push({ seen: new Set(), at: '', index: 0, path: pathOf(top) });
    else if (token === '[') stack.push({ seen: undefined, at: '', index: 0, path: pathOf(top) });
    else if (token === '}' || token === ']') stack.pop();
    else if (token === ',') {
      if (top) top.index++;
    } else if (top?.seen && KEY_FOLLOWS.test(text.slice(TOKEN.lastIndex, TOKEN.lastIndex + 64))) {
      top.at = unquote(token);
      if (top.seen.has(top.at)) duplicates.push(pathOf(top));
      top.seen.add(top.at);
    }
  }
  return duplicates;
}

interface Frame {
  /** The keys so far; undefined in a list. */
  readonly seen: Set<string> | undefined;
  readonly path: string;
  at: string;
  index: number;
}

const TOKEN = /[{}[\],]|"(?:[^"\\]|\\.)*"/g;

const KEY_FOLLOWS = /^\s*:/;

function pathOf(frame: Frame | undefined): string {
  if (!frame) return '';
  if (!frame.seen) return `${frame.path}[${frame.index}]`;
  return frame.path === '' ? frame.at : `${frame.path}.${frame.at}`;
}

function unquote(token: string): string {
  const value: unknown = JSON.parse(token);
  return String(value);
}
