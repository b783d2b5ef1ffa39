import { expect } from 'chai';
import { typedDecoder } from '../../../../src/playground/api/decode-typed.ts';
import type { JsonObject } from '../../../../src/playground/patch/json.ts';
import type { Schema } from '../../../../src/playground/patch/schema.ts';

const INT32: Schema & { readonly format: string } = { type: 'integer', format: 'int32' };

const SCHEMAS: Readonly<Record<string, Schema>> = {
  '#/x.Thing': { type: 'object', properties: { spec: { $ref: '#/x.ThingSpec' } } },
  '#/x.ThingSpec': {
    type: 'object',
    properties: {
      size: INT32,
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      parts: { type: 'array', items: { allOf: [{ $ref: '#/x.Part' }] } },
      port: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
      when: { $ref: '#/x.MicroTime' },
    },
  },
  '#/x.Part': { type: 'object', properties: { name: { type: 'string' } } },
  '#/x.MicroTime': { type: 'string' },
};

const decode = typedDecoder('#/x.Thing', (ref) => SCHEMAS[ref]);

describe('a built-in kind', () => {
  it('is read without what it does not declare, and without nulls', () => {
    const object: JsonObject = {
      spec: { size: null, more: 1, parts: [{ name: 'a', color: 'red' }], port: '80' },
      other: {},
    };
    expect(decode(object)).to.deep.equal({
      object: { spec: { parts: [{ name: 'a' }], port: '80' } },
      faults: [
        'unknown field "spec.more"',
        'unknown field "spec.parts[0].color"',
        'unknown field "other"',
      ],
    });
  });

  it('keeps what is named like something of every object', () => {
    const object: JsonObject = JSON.parse(
      '{"spec":{"labels":{"__proto__":"a","constructor":"b"}}}',
    );
    expect(JSON.stringify(decode(object).object)).to.equal(JSON.stringify(object));
  });

  const refused: readonly [JsonObject, string][] = [
    [{ spec: { size: 'x' } }, 'string into Go struct field ThingSpec.spec.size of type int32'],
    [{ spec: { size: 1.5 } }, 'number 1.5 into Go struct field ThingSpec.spec.size of type int32'],
    [
      { spec: { labels: [] } },
      'array into Go struct field ThingSpec.spec.labels of type map[string]string',
    ],
    [
      { spec: { labels: { a: 1 } } },
      'number into Go struct field ThingSpec.spec.labels of type string',
    ],
    [
      { spec: { parts: [{ name: true }] } },
      'bool into Go struct field Part.spec.parts.name of type string',
    ],
    [{ spec: { parts: {} } }, 'object into Go struct field ThingSpec.spec.parts of type []v1.Part'],
    [{ spec: { parts: [1] } }, 'number into Go struct field ThingSpec.spec.parts of type v1.Part'],
    [{ spec: [] }, 'array into Go struct field Thing.spec of type v1.ThingSpec'],
    [{ spec: { when: '2026-01-01T00:00:00Z' } }, 'cannot parse "Z" as ".000000"'],
    [{ spec: { when: 'now' } }, 'cannot parse "now" as "2006"'],
  ];
  for (const [object, message] of refused) {
    it(`refuses ${JSON.stringify(object)}`, () => {
      expect(() => decode(object)).to.throw(message);
    });
  }
});
