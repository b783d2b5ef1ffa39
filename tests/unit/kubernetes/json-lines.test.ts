import { expect } from 'chai';
import fc from 'fast-check';
import { jsonLines } from '../../../src/kubernetes/json-lines.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';

async function* chunks(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The lines of a text, and the error in which they ended. */
async function read(text: string, sizes: readonly number[], longest?: number) {
  const lines: unknown[] = [];
  try {
    for await (const line of jsonLines(chunks(text, sizes), longest)) lines.push(line);
  } catch (error) {
    if (!(error instanceof ChaosError)) throw error;
    return { lines, error };
  }
  return { lines };
}

describe('jsonLines', () => {
  it('gives the same documents, however the bytes are cut', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    const documents = fc.array(fc.jsonValue({ stringUnit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(
        documents,
        sizes,
        fc.constantFrom('\n', '\r\n', '\n\n'),
        async (all, cuts, end) => {
          const text = all.map((one) => JSON.stringify(one) + end).join('');
          expect((await read(text, cuts)).lines).to.deep.equal(JSON.parse(JSON.stringify(all)));
        },
      ),
    );
  });

  it('yields what came before a line that is cut off, and then fails', async () => {
    const { lines, error } = await read('{"a":1}\n{"b":', [4]);
    expect(lines).to.deep.equal([{ a: 1 }]);
    expect(error?.code).to.equal('ERR_KUBERNETES_RESPONSE');
    expect(error?.message).to.contain('end in "{"b":"');
  });

  it('fails at a line that is no JSON', async () => {
    const { lines, error } = await read('{"a":1}\nnope\n{"b":2}\n', [100]);
    expect(lines).to.deep.equal([{ a: 1 }]);
    expect(error?.message).to.match(/expected a line of JSON, got 4 characters/);
  });

  it('fails as soon as a line is too long, and says how long it may be', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken += 1;
        yield Buffer.from('x'.repeat(100));
      }
    }
    const error = await Array.fromAsync(jsonLines(endless(), 1_000)).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).to.contain('expected lines of at most 1000 bytes');
    expect(taken).to.be.at.most(11);
  });

  it('takes the limit for each line, not for all', async () => {
    const text = `${'{"a":"0123456789"}\n'.repeat(50)}`;
    expect((await read(text, [7], 30)).lines).to.have.length(50);
  });
});
