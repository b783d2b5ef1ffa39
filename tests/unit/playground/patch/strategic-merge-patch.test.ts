import { expect } from 'chai';
import type { Json } from '../../../../src/playground/patch/json.ts';
import { PatchError } from '../../../../src/playground/patch/patch-error.ts';
import { applyStrategicMergePatch } from '../../../../src/playground/patch/strategic/strategic-merge-patch.ts';
import { objectSchema } from './pod-schema.ts';

const original: Json = {
  metadata: { labels: { a: '1', b: '2' }, finalizers: ['x', 'y'] },
  spec: {
    replicas: 2,
    strategy: { type: 'Rolling', rolling: { surge: 1 } },
    containers: [
      { name: 'a', image: 'ia', args: ['1'], ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] },
      { name: 'b', image: 'ib' },
      { name: 'c', image: 'ic' },
    ],
    tolerations: [{ key: 'k' }],
    exact: { p: '1', q: '2' },
  },
};

function patched(patch: Json): Json {
  return applyStrategicMergePatch(original, patch, objectSchema);
}

const specOf = (patch: Json) => patched({ spec: patch });
const names = (list: unknown) =>
  Array.from(Object(list), (item: { name: string }) => item.name).join('');

describe('strategic merge patch', () => {
  const cases: readonly (readonly [string, Json, string, unknown])[] = [
    [
      'merges maps and removes by null',
      { metadata: { labels: { a: null, c: '3' } } },
      'metadata.labels',
      { b: '2', c: '3' },
    ],
    [
      'replaces an atomic list',
      { spec: { tolerations: [{ key: 'z' }] } },
      'spec.tolerations',
      [{ key: 'z' }],
    ],
    [
      'replaces a map of the strategy replace',
      { spec: { exact: { r: '3' } } },
      'spec.exact',
      { r: '3' },
    ],
    [
      'replaces a map by $patch',
      { metadata: { labels: { $patch: 'replace', z: '1' } } },
      'metadata.labels',
      { z: '1' },
    ],
    [
      'empties a map by $patch',
      { metadata: { labels: { $patch: 'delete' } } },
      'metadata.labels',
      {},
    ],
    [
      'unites a list of values',
      { metadata: { finalizers: ['z', 'x'] } },
      'metadata.finalizers',
      ['z', 'x', 'y'],
    ],
    [
      'deletes from a list of values',
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['x', 'q'] } },
      'metadata.finalizers',
      ['y'],
    ],
    [
      'orders a list of values',
      { metadata: { finalizers: ['z'], '$setElementOrder/finalizers': ['z', 'y', 'x'] } },
      'metadata.finalizers',
      ['z', 'y', 'x'],
    ],
    [
      'keeps only the retained keys',
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
      'spec.strategy',
      { type: 'Recreate' },
    ],
    ['removes a list by null', { spec: { containers: null } }, 'spec.containers', undefined],
    [
      'drops directives and nulls where nothing was',
      {
        spec: {
          added: {
            $retainKeys: ['x'],
            x: null,
            y: [{ $patch: 'delete', name: 'q' }, { name: 'r' }],
          },
        },
      },
      'spec.added',
      { y: [{ name: 'r' }] },
    ],
    [
      'keeps __proto__ a field',
      JSON.parse('{"metadata":{"labels":{"__proto__":"x","a":null,"b":null}}}'),
      'metadata.labels',
      JSON.parse('{"__proto__":"x"}'),
    ],
  ];
  for (const [name, patch, path, expected] of cases) {
    it(name, () => {
      expect(
        path.split('.').reduce<unknown>((value, key) => Object(value)[key], patched(patch)),
      ).to.deep.equal(expected);
    });
  }

  const lists: readonly (readonly [string, Json, string])[] = [
    [
      'merges an item by its key, which comes first among what is patched',
      [{ name: 'b', image: 'new' }],
      'abc',
    ],
    ['puts new items first, which have no place yet', [{ name: 'd' }], 'dabc'],
    ['deletes by key', [{ $patch: 'delete', name: 'b' }], 'ac'],
    ['replaces all', [{ $patch: 'replace' }, { name: 'z' }], 'z'],
    ['brings what is patched into the order of the patch', [{ name: 'c' }, { name: 'a' }], 'bca'],
  ];
  for (const [name, containers, expected] of lists) {
    it(`${name} (containers)`, () => {
      const { spec } = Object(specOf({ containers }));
      expect(names(spec.containers)).to.equal(expected);
    });
  }

  it('merges lists within the items of lists', () => {
    const { spec } = Object(
      specOf({ containers: [{ name: 'a', image: 'new', ports: [{ port: 53, name: 'dns' }] }] }),
    );
    expect(spec.containers[0]).to.deep.equal({
      name: 'a',
      image: 'new',
      args: ['1'],
      ports: [{ port: 80 }, { port: 53, protocol: 'UDP', name: 'dns' }],
    });
  });

  it('sets the order of items that it does not change', () => {
    const { spec } = Object(
      specOf({
        '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }],
        containers: [{ $patch: 'delete', name: 'b' }],
      }),
    );
    expect(names(spec.containers)).to.equal('ca');
  });

  const refused: readonly (readonly [Json, number, string])[] = [
    [[1], 400, 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    [
      { spec: { containers: [{ image: 'y' }] } },
      500,
      'map: map[image:y] does not contain declared merge key: name',
    ],
    [
      { spec: { containers: [{ $patch: 'delete' }] } },
      500,
      'map: map[$patch:delete] does not contain declared merge key: name',
    ],
    [
      { spec: { containers: [{ $patch: 'merge', name: 'a' }] } },
      500,
      'merging lists cannot yet be specified in the patch',
    ],
    [
      { spec: { containers: [{ $patch: 'frob', name: 'x' }] } },
      500,
      'unknown patch type: frob in map: map[$patch:frob name:x]',
    ],
    [
      { spec: { $patch: 'frob', replicas: 1 } },
      500,
      'unknown patch type: frob in map: map[$patch:frob replicas:1]',
    ],
    [
      { spec: { strategy: { $retainKeys: ['type'], rolling: { surge: 1 } } } },
      400,
      'invalid patch format of retainKeys',
    ],
    [
      { spec: { '$setElementOrder/containers': 3 } },
      500,
      'expected a []interface {}, but received a int64',
    ],
    [
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'zz' }],
          containers: [{ name: 'a', image: 'z' }],
        },
      },
      500,
      "The order in patch list:\n[map[image:z name:a]]\n doesn't match $setElementOrder list:\n[map[name:zz]]\n",
    ],
  ];
  for (const [patch, code, message] of refused) {
    it(`refuses ${JSON.stringify(patch)} as the API server does`, () => {
      expect(() => patched(patch))
        .to.throw(PatchError, message)
        .with.property('code', code);
    });
  }

  it('leaves the original as it was', () => {
    const before = JSON.stringify(original);
    patched({
      spec: { containers: [{ name: 'a', ports: null }], strategy: { $retainKeys: [] } },
      metadata: null,
    });
    expect(JSON.stringify(original)).to.equal(before);
  });
});
