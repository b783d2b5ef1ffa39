import { expect } from 'chai';
import { ruleCauses } from '../../../../src/playground/crd/cel-rules.ts';
import { prune, withSchemaDefaults } from '../../../../src/playground/crd/prune.ts';
import type { StructuralSchema } from '../../../../src/playground/crd/structural-schema.ts';
import { schemaCauses } from '../../../../src/playground/crd/validate.ts';
import type { Json, JsonObject } from '../../../../src/playground/patch/json.ts';

const schema: StructuralSchema = {
  type: 'object',
  required: ['enabled'],
  'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min above max' }],
  properties: {
    enabled: { type: 'boolean' },
    min: {
      type: 'integer',
      'x-kubernetes-validations': [
        { rule: 'self >= 0', messageExpression: '"got " + string(self)' },
      ],
    },
    max: { type: 'integer', maximum: 10, default: 5 },
    mode: { type: 'string', enum: ['a', 'b'], maxLength: 3, pattern: '^[ab]*$' },
    when: { type: 'string', format: 'date-time' },
    size: { 'x-kubernetes-int-or-string': true },
    fixed: {
      type: 'string',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed is fixed' }],
    },
    list: {
      type: 'array',
      maxItems: 2,
      items: {
        type: 'object',
        required: ['k'],
        properties: { k: { type: 'string', default: '' } },
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    nullable: { type: 'string', nullable: true },
  },
};

const said = (causes: readonly { field?: string; message: string }[]) =>
  causes.map(({ field, message }) => `${field}: ${message}`);

describe('the schema of a custom resource', () => {
  const refused: readonly [what: string, value: Json, causes: readonly string[]][] = [
    ['a missing field', {}, ['spec.enabled: Required value']],
    [
      'a wrong type',
      { enabled: 'x', max: 1.5, mode: 1, list: [{ k: 1 }] },
      [
        'spec.enabled: Invalid value: "string": spec.enabled in body must be of type boolean: "string"',
        'spec.max: Invalid value: "number": spec.max in body must be of type integer: "number"',
        'spec.mode: Invalid value: "integer": spec.mode in body must be of type string: "integer"',
        'spec.list[0].k: Invalid value: "integer": spec.list[0].k in body must be of type string: "integer"',
      ],
    ],
    [
      'a number too large',
      { enabled: true, max: 11 },
      ['spec.max: Invalid value: 11: spec.max in body should be less than or equal to 10'],
    ],
    [
      'a text too long and not listed',
      { enabled: true, mode: 'cccc' },
      [
        'spec.mode: Too long: may not be more than 3 bytes',
        'spec.mode: Invalid value: "cccc": spec.mode in body should match \'^[ab]*$\'',
        'spec.mode: Unsupported value: "cccc": supported values: "a", "b"',
      ],
    ],
    [
      'no time',
      { enabled: true, when: 'x' },
      ['spec.when: Invalid value: "x": spec.when in body must be of type date-time: "x"'],
    ],
    [
      'keys twice, and too many',
      { enabled: true, list: [{ k: 'a' }, { k: 'a' }, {}] },
      [
        'spec.list[2].k: Required value',
        'spec.list: Too many: 3: must have at most 2 items',
        'spec.list[1]: Duplicate value: {"k":"a"}',
      ],
    ],
    [
      'neither a number nor a text',
      { enabled: true, size: true },
      [
        'spec.size: Invalid value: "boolean": spec.size in body must be of type integer,string: "boolean"',
      ],
    ],
  ];
  for (const [what, value, causes] of refused) {
    it(`refuses ${what}`, () => {
      expect(said(schemaCauses(value, schema, 'spec'))).to.deep.equal(causes);
    });
  }

  it('takes what fits', () => {
    const value = {
      enabled: true,
      size: '50%',
      nullable: null,
      labels: { a: 'b' },
      list: [{ k: '' }],
    };
    expect(schemaCauses(value, schema, 'spec')).to.deep.equal([]);
  });

  it('leaves out what it does not know, and nulls, and says so', () => {
    const unknown: string[] = [];
    const object: JsonObject = {
      kind: 'Thing',
      enabled: true,
      extra: 1,
      max: null,
      nullable: null,
      list: [{ k: 'a', z: 1 }],
      labels: { a: 'b' },
      free: { anything: [1] },
      __proto__x: 1,
    };
    expect(prune(object, schema, (path) => unknown.push(path))).to.deep.equal({
      kind: 'Thing',
      enabled: true,
      nullable: null,
      list: [{ k: 'a' }],
      labels: { a: 'b' },
      free: { anything: [1] },
    });
    expect(unknown).to.deep.equal(['extra', 'list[0].z', '__proto__x']);
  });

  it('gives defaults at every depth', () => {
    expect(withSchemaDefaults({ list: [{}] }, schema)).to.deep.equal({ max: 5, list: [{ k: '' }] });
  });

  const ruled: readonly [Json, Json | undefined, readonly string[]][] = [
    [{ min: 1, max: 2 }, undefined, []],
    [{ min: 3, max: 2 }, undefined, ['spec: Invalid value: "object": min above max']],
    [
      { max: 2 },
      undefined,
      ['spec: Invalid value: "object": no such key: min evaluating rule: min above max'],
    ],
    [{ min: -1, max: 2 }, undefined, ['spec.min: Invalid value: "integer": got -1']],
    [{ min: 1, max: 2, fixed: 'a' }, undefined, []],
    [{ min: 1, max: 2, fixed: 'a' }, { min: 1, max: 2, fixed: 'a' }, []],
    [
      { min: 1, max: 2, fixed: 'b' },
      { min: 1, max: 2, fixed: 'a' },
      ['spec.fixed: Invalid value: "string": fixed is fixed'],
    ],
  ];
  for (const [value, before, causes] of ruled) {
    it(`rules ${JSON.stringify(value)}${before ? ` after ${JSON.stringify(before)}` : ''}: ${causes.length}`, () => {
      expect(said(ruleCauses(value, before, schema, 'spec'))).to.deep.equal(causes);
    });
  }
});
