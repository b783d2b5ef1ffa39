import { expect } from 'chai';
import type { Json } from '../../../../src/playground/patch/json.ts';
import { applyMergePatch } from '../../../../src/playground/patch/merge-patch.ts';

describe('JSON merge patch', () => {
  // The table of RFC 7386, appendix A, and two of our own.
  const cases: readonly (readonly [Json, Json, Json])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{ labels: {} }, { labels: { ключ: 'ü' } }, { labels: { ключ: 'ü' } }],
    [{}, JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('{"__proto__":{"x":1}}')],
  ];
  for (const [original, patch, expected] of cases) {
    it(`makes ${JSON.stringify(expected)} of ${JSON.stringify(original)} by ${JSON.stringify(patch)}`, () => {
      const before = JSON.stringify(original);
      expect(JSON.stringify(applyMergePatch(original, patch))).to.equal(JSON.stringify(expected));
      expect(JSON.stringify(original)).to.equal(before);
    });
  }
});
