import { expect } from 'chai';
import { duplicateFields } from '../../../../src/playground/http/duplicate-fields.ts';
import { jsonError } from '../../../../src/playground/http/json-error.ts';

describe('duplicate fields of a JSON text', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['{"a":1,"b":{"a":1}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"b":{"c":[]}}}', ['a.b']],
    ['{"a":[{"b":1},{"b":1,"b":2}]}', ['a[1].b']],
    ['{"a":"{\\"a\\":1,\\"a\\":2}","b":["a","a"]}', []],
    ['{"a\\u0062":1,"ab":2}', ['ab']],
    ['{"a" \n : 1, "a":2, "a":3}', ['a', 'a']],
    ['[]', []],
    ['"a"', []],
  ];
  for (const [text, expected] of cases) {
    it(`${text}: ${expected.join(', ') || 'none'}`, () => {
      expect(duplicateFields(text)).to.deep.equal(expected);
    });
  }
});

describe('a text that is no JSON', () => {
  const cases: readonly [string, string][] = [
    ['{', 'unexpected end of JSON input ({)'],
    ['{a', "invalid character 'a' looking for beginning of object key string ({a)"],
    ['[1 2]', "invalid character '2' after array element (5b3120325d)"],
    ['{"a":}', 'invalid character \'}\' looking for beginning of value ({"a":})'],
    ['x', "invalid character 'x' looking for beginning of value (78)"],
    ['', 'unexpected end of JSON input (<empty>)'],
    ['{"a":1} x', 'invalid character \'x\' after top-level value ({"a":1} x)'],
    ['{"a" 1}', 'invalid character \'1\' after object key ({"a" 1})'],
    ['{"a":1 "b"}', 'invalid character \'"\' after object key:value pair ({"a":1 "b"})'],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} is refused in the words of the API server`, () => {
      let message = '';
      try {
        JSON.parse(text);
      } catch (error) {
        message = jsonError(text, error);
      }
      expect(message).to.equal(`couldn't get version/kind; json parse error: ${expected}`);
    });
  }
});
