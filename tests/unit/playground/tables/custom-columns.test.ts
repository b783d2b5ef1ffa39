import { expect } from 'chai';
import type { Json, JsonObject } from '../../../../src/playground/patch/json.ts';
import { customResourceFormat } from '../../../../src/playground/tables/custom-columns.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');

const object: JsonObject = {
  metadata: { name: 'full', creationTimestamp: '2029-12-31T23:59:00Z' },
  spec: {
    s: 'x y',
    i: 7,
    f: 2.5,
    b: false,
    m: { q: 1, a: [1, 'z'] },
    l: ['a', 2, { b: 'c' }],
    d: '2029-12-31T23:00:00Z',
    df: '2040-01-01T00:00:00Z',
    'a.b': 'dotted',
    nul: null,
    e: '',
  },
  status: {
    conditions: [
      { type: 'X', status: 'xx', n: 2 },
      { type: 'Ready', status: 'True', n: 1 },
    ],
  },
};

describe('printer columns of a custom resource', () => {
  // Type, path, and the cell of an API server of 1.34.
  const cases: readonly (readonly [string, string, Json])[] = [
    ['string', '.spec.s', 'x y'],
    ['string', '.spec.i', '7'],
    ['string', '.spec.m', '{"q":1,"a":[1,"z"]}'],
    ['string', '.spec.l', '["a",2,{"b":"c"}]'],
    ['string', '.spec.l[*]', 'a'],
    ['string', '.spec.l[0]', 'a'],
    ['string', '.spec.l[-1]', '{"b":"c"}'],
    ['string', '.spec.l[9]', null],
    ['integer', '.spec.i', 7],
    ['integer', '.spec.s', null],
    ['integer', '.spec.f', 2],
    ['number', '.spec.f', 2.5],
    ['number', '.spec.s', null],
    ['boolean', '.spec.b', false],
    ['boolean', '.spec.s', null],
    ['string', '.spec.b', 'false'],
    ['date', '.spec.d', '60m'],
    ['date', '.spec.df', '<invalid>'],
    ['date', '.spec.s', '<invalid>'],
    ['date', '.spec.i', null],
    ['date', '.metadata.creationTimestamp', '60s'],
    ['string', '.status.conditions[?(@.type=="Ready")].status', 'True'],
    ['string', ".status.conditions[?(@.type=='Ready')].status", 'True'],
    ['string', '.status.conditions[?(@.type!="Ready")].status', 'xx'],
    ['string', '.status.conditions[?(@.type=="Nope")].status', null],
    ['string', '.status.conditions[?(@.n==2)].type', 'X'],
    ['string', '.spec.a\\.b', 'dotted'],
    ['string', "['spec']['s']", 'x y'],
    ['string', ".spec['a.b']", null],
    ['string', '.spec.nul', null],
    ['string', '.spec.e', ''],
    ['string', '.spec.missing.deeper', null],
    ['string', '.spec.s.deeper', null],
    ['string', '{.spec.s}', 'x y'],
    ['string', '.spec[', null],
  ];
  for (const [type, jsonPath, expected] of cases) {
    it(`shows ${JSON.stringify(expected)} for ${type} at ${jsonPath}`, () => {
      const format = customResourceFormat([{ name: 'C', type, jsonPath }]);
      expect(format.cells(object, NOW)).to.deep.equal(['full', expected]);
    });
  }

  it('are Name and Age when there are none', () => {
    const format = customResourceFormat(undefined);
    expect(format.columns.map(({ name, type }) => [name, type])).to.deep.equal([
      ['Name', 'string'],
      ['Age', 'date'],
    ]);
    expect(format.cells(object, NOW)).to.deep.equal(['full', '60s']);
  });

  it('carry their definition', () => {
    const { columns } = customResourceFormat([
      {
        name: 'Min',
        type: 'integer',
        jsonPath: '.spec.i',
        priority: 1,
        description: 'fewest',
        format: 'int32',
      },
    ]);
    expect(columns[1]).to.deep.equal({
      name: 'Min',
      type: 'integer',
      format: 'int32',
      description: 'fewest',
      priority: 1,
    });
  });
});
