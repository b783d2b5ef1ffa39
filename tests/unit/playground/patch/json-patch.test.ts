import { expect } from 'chai';
import fc from 'fast-check';
import type { Json } from '../../../../src/playground/patch/json.ts';
import { applyJsonPatch } from '../../../../src/playground/patch/json-patch.ts';
import { PatchError } from '../../../../src/playground/patch/patch-error.ts';

const original: Json = { a: { b: [1, 2, 3] }, 'x/y': { '~': 1 } };

describe('JSON patch', () => {
  const applied: readonly (readonly [string, Json, Json])[] = [
    ['adds a field', [{ op: 'add', path: '/n', value: 1 }], { ...original, n: 1 }],
    [
      'inserts into a list',
      [{ op: 'add', path: '/a/b/1', value: 9 }],
      { ...original, a: { b: [1, 9, 2, 3] } },
    ],
    [
      'appends by -',
      [{ op: 'add', path: '/a/b/-', value: 9 }],
      { ...original, a: { b: [1, 2, 3, 9] } },
    ],
    [
      'inserts at the end',
      [{ op: 'add', path: '/a/b/3', value: 9 }],
      { ...original, a: { b: [1, 2, 3, 9] } },
    ],
    ['removes an item', [{ op: 'remove', path: '/a/b/0' }], { ...original, a: { b: [2, 3] } }],
    ['removes a field', [{ op: 'remove', path: '/a' }], { 'x/y': { '~': 1 } }],
    [
      'replaces an item',
      [{ op: 'replace', path: '/a/b/2', value: 9 }],
      { ...original, a: { b: [1, 2, 9] } },
    ],
    [
      'adds by replace, as the API server does',
      [{ op: 'replace', path: '/n', value: 1 }],
      { ...original, n: 1 },
    ],
    [
      'unescapes a path',
      [{ op: 'replace', path: '/x~1y/~0', value: 2 }],
      { ...original, 'x/y': { '~': 2 } },
    ],
    ['replaces the whole', [{ op: 'replace', path: '', value: { z: 1 } }], { z: 1 }],
    ['moves', [{ op: 'move', from: '/a/b', path: '/c' }], { ...original, a: {}, c: [1, 2, 3] }],
    ['copies', [{ op: 'copy', from: '/a/b/0', path: '/c' }], { ...original, c: 1 }],
    [
      'copies null for what is not there',
      [{ op: 'copy', from: '/q', path: '/c' }],
      { ...original, c: null },
    ],
    [
      'goes on after a test that holds',
      [{ op: 'test', path: '/a', value: { b: [1, 2, 3] } }],
      original,
    ],
    ['finds null where nothing is', [{ op: 'test', path: '/q', value: null }], original],
    [
      'does one after the other',
      [
        { op: 'add', path: '/l', value: [] },
        { op: 'add', path: '/l/-', value: 1 },
      ],
      { ...original, l: [1] },
    ],
    [
      'takes __proto__ for a field',
      [{ op: 'add', path: '/__proto__', value: 1 }],
      JSON.parse('{"a":{"b":[1,2,3]},"x/y":{"~":1},"__proto__":1}'),
    ],
  ];
  for (const [name, patch, expected] of applied) {
    it(name, () => {
      expect(applyJsonPatch(original, patch)).to.deep.equal(expected);
    });
  }

  const refused: readonly (readonly [string, Json, number])[] = [
    ['a test that fails', [{ op: 'test', path: '/a', value: 1 }], 422],
    ['removal of what is not there', [{ op: 'remove', path: '/q' }], 422],
    ['removal of the whole', [{ op: 'remove', path: '' }], 422],
    ['an add into nothing', [{ op: 'add', path: '/q/r', value: 1 }], 422],
    ['an add into a number', [{ op: 'add', path: '/a/b/0/c', value: 1 }], 422],
    ['an index beyond the end', [{ op: 'add', path: '/a/b/4', value: 1 }], 422],
    ['a replace at -', [{ op: 'replace', path: '/a/b/-', value: 1 }], 422],
    ['an index that is none', [{ op: 'remove', path: '/a/b/1x' }], 422],
    ['an unknown operation', [{ op: 'frob', path: '/a' }], 422],
    ['an operation without a path', [{ op: 'remove' }], 422],
    ['a move from nowhere', [{ op: 'move', from: '/q', path: '/r' }], 422],
    ['an operation that is none', [3], 422],
    ['something else than a list', { op: 'remove', path: '/a' }, 400],
    [
      'more operations than the API server takes',
      Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/q', value: null })),
      422,
    ],
  ];
  for (const [name, patch, code] of refused) {
    it(`refuses ${name}`, () => {
      expect(() => applyJsonPatch(original, patch))
        .to.throw(PatchError)
        .with.property('code', code);
    });
  }

  it('never changes its input, and undoes what it did', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.jsonValue(),
        (object, key, value) => {
          const document: Json = JSON.parse(JSON.stringify(object));
          const before = JSON.stringify(document);
          const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
          fc.pre(!Object.hasOwn(object, key));
          const patched = applyJsonPatch(document, [
            { op: 'add', path, value: JSON.parse(JSON.stringify(value)) },
          ]);
          expect(JSON.stringify(document)).to.equal(before);
          expect(applyJsonPatch(patched, [{ op: 'remove', path }])).to.deep.equal(document);
        },
      ),
    );
  });
});
