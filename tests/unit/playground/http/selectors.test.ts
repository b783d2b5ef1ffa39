import { expect } from 'chai';
import { parseLabelSelector } from '../../../../src/playground/http/label-selector.ts';

const object = (labels: Readonly<Record<string, string>>) => ({ metadata: { labels } });

describe('a label selector', () => {
  const matching: readonly [string, Readonly<Record<string, string>>, boolean][] = [
    ['a=b', { a: 'b' }, true],
    ['a==b', { a: 'c' }, false],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['a in (b,c)', { a: 'c' }, true],
    ['a in (b, c)', {}, false],
    ['a notin (b,c)', {}, true],
    ['a notin (b,c)', { a: 'b' }, false],
    ['a', { a: '' }, true],
    ['!a', { a: '' }, false],
    ['!a', {}, true],
    ['a=', { a: '' }, true],
    ['a=,b', { a: '', b: 'x' }, true],
    ['a>1', { a: '2' }, true],
    ['a<1', { a: '2' }, false],
    ['a>1', {}, false],
    ['example.com/x-y=1,b in (c)', { 'example.com/x-y': '1', b: 'c' }, true],
    ['__proto__=x', {}, false],
    ['constructor', {}, false],
  ];
  for (const [selector, labels, expected] of matching) {
    it(`${selector} ${expected ? 'lets' : 'does not let'} ${JSON.stringify(labels)} through`, () => {
      expect(parseLabelSelector(selector)?.(object(labels))).to.equal(expected);
    });
  }

  for (const nothing of [null, '', ' ']) {
    it(`of ${JSON.stringify(nothing)} is none`, () => {
      expect(parseLabelSelector(nothing)).to.equal(undefined);
    });
  }

  const refused: readonly [string, string][] = [
    ['a!!', "found '!', expected: in, notin, =, ==, !=, gt, lt"],
    ['a b', "found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "found 'b', expected: '('"],
    ['a in (b', "found '', expected: ',', ')' or identifier"],
    ['=b', "found '=', expected: !, identifier, or 'end of string'"],
    ['a=b,', "found '', expected: identifier after ','"],
    ['a>x', 'the value must be an integer'],
  ];
  for (const [selector, message] of refused) {
    it(`${selector} is refused`, () => {
      expect(() => parseLabelSelector(selector)).to.throw(message);
    });
  }
});
