import { expect } from 'chai';
import fc from 'fast-check';
import { ItemSplitter, type ListEnvelope } from '../../../src/kubernetes/item-splitter.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';

/** Feeds a text in pieces of these sizes, over and over. */
function split(
  text: string,
  sizes: readonly number[],
): { items: unknown[]; envelope: ListEnvelope } {
  const bytes = Buffer.from(text);
  const splitter = new ItemSplitter();
  const items: unknown[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    items.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return { items, envelope: splitter.end() };
}

/**
 * No backslash in a key: V8's JSON.parse (Node 24.21) takes the key `\"` for `\` where an object before it had
 * that one at the same place.
 */
const item = fc.dictionary(
  fc.oneof(
    fc.string({ unit: 'binary' }).filter((key) => !key.includes('\\')),
    fc.constantFrom('items', 'metadata', '"', '{', ']'),
  ),
  fc.jsonValue(),
  { maxKeys: 4, noNullPrototype: true },
);
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

describe('ItemSplitter', () => {
  it('gives the same items and the same envelope, however the bytes are cut', () => {
    const metadata = fc.record({ resourceVersion: fc.string(), continue: fc.string() });
    const space = fc.constantFrom(undefined, 1, 2);
    fc.assert(
      fc.property(fc.array(item), metadata, space, sizes, (items, meta, indent, cuts) => {
        const list = { kind: 'PodList', metadata: meta, items, more: { items: [1, [2]] } };
        const text = JSON.stringify(list, undefined, indent);
        const result = split(text, cuts);
        expect(result.items).to.deep.equal(JSON.parse(JSON.stringify(items)));
        expect(result.envelope).to.deep.equal({ ...list, items: [] });
      }),
    );
  });

  const envelopes: readonly [text: string, items: unknown[], envelope: unknown][] = [
    ['{"items":[]}', [], { items: [] }],
    ['{"items":null,"metadata":{}}', [], { items: null, metadata: {} }],
    ['{"metadata":{"items":[{"a":1}]}}', [], { metadata: { items: [{ a: 1 }] } }],
    ['{"kind":"items","other":[{"a":1}]}', [], { kind: 'items', other: [{ a: 1 }] }],
    ['{"items":[{"a":"}]"}],"kind":"L"}', [{ a: '}]' }], { items: [], kind: 'L' }],
    ['{"items":[{"a":"\\\\"},{"b":"\\""}]}', [{ a: '\\' }, { b: '"' }], { items: [] }],
    ['{"items":[{"items":[{"x":1}]}]}', [{ items: [{ x: 1 }] }], { items: [] }],
    ['{"items":[\n  {"ü":"€😀"}\n ,\r\n\t{} ] }\n', [{ ü: '€😀' }, {}], { items: [] }],
  ];
  for (const [text, items, envelope] of envelopes) {
    it(`reads ${JSON.stringify(text)} byte by byte`, () => {
      expect(split(text, [1])).to.deep.equal({ items, envelope });
    });
  }

  const broken = [
    '',
    '{',
    '{"items":[',
    '{"items":[{"a":1}',
    '{"items":[{"a":1}]',
    '{"items":[{"a":1,}]}',
    '{"items":[{"a":1}]}}',
    '{"items":[{"a":"',
    '<html></html>',
  ];
  for (const text of broken) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => split(text, [3]))
        .to.throw(ChaosError, /expected .* JSON/)
        .that.includes({ code: 'ERR_KUBERNETES_RESPONSE' });
    });
  }

  it('holds less than 200 kB of a list of 100 MB in one page', () => {
    const splitter = new ItemSplitter();
    const one = JSON.stringify({
      metadata: { name: 'x', annotations: { big: 'y'.repeat(20_000) } },
    });
    const chunkSize = 65_536;
    const body = Buffer.from(`${one},`.repeat(50));
    let held = 0;
    let items = 0;
    let fed = 0;
    const feed = (bytes: Buffer) => {
      // A chunk of the network is memory of its own; to keep a view of it would be to keep all of it.
      for (let at = 0; at < bytes.length; at += chunkSize) {
        for (const _ of splitter.push(Buffer.from(bytes.subarray(at, at + chunkSize)))) items += 1;
        held = Math.max(held, splitter.heldBytes);
      }
      fed += bytes.length;
    };
    feed(Buffer.from('{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":['));
    while (fed < 100 * 2 ** 20) feed(body);
    feed(Buffer.from(`${one}]}`));
    expect(splitter.end().metadata).to.deep.equal({ resourceVersion: '7' });
    expect(items).to.equal(Math.round(fed / (one.length + 1)));
    expect(held).to.be.below(200_000);
  });
});
