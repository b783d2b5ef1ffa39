import { ChaosError } from '../runtime/errors.ts';

const NEWLINE = 0x0a;

/** The longest line that is read, bytes: far above what etcd stores of one object (1.5 MiB). */
export const LONGEST_LINE_BYTES = 16 * 2 ** 20;

/**
 * JSON documents of a watch, one a line, as their bytes come.
 * @throws ChaosError ERR_KUBERNETES_RESPONSE for a line that is cut off, too long or no JSON
 */
export async function* jsonLines(
  chunks: AsyncIterable<Uint8Array>,
  longestBytes: number = LONGEST_LINE_BYTES,
): AsyncGenerator<unknown> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      parts.push(chunk.subarray(from, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      held = 0;
      from = end + 1;
      if (line.trim() !== '') yield parse(line);
    }
    if (from === chunk.length) continue;
    parts.push(chunk.slice(from));
    held += chunk.length - from;
    if (held > longestBytes) {
      throw new ChaosError(
        'ERR_KUBERNETES_RESPONSE',
        `expected lines of at most ${longestBytes} bytes, got ${held}`,
      );
    }
  }
  const rest = Buffer.concat(parts).toString('utf8');
  if (rest.trim() !== '') parse(rest);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const message = `expected a line of JSON, got ${line.length} characters that end in "${line.slice(-40)}"`;
    throw new ChaosError('ERR_KUBERNETES_RESPONSE', message, { cause });
  }
}
