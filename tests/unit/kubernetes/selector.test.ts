import { expect } from 'chai';
import fc from 'fast-check';
import { readSelector } from '../../../src/kubernetes/read-selector.ts';
import {
  formatSelector,
  isEmptySelector,
  matchesSelector,
} from '../../../src/kubernetes/selector.ts';

const labels = (entries: Readonly<Record<string, string>>) => new Map(Object.entries(entries));

const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});

describe('matchesSelector', () => {
  const cases: readonly [
    name: string,
    selector: unknown,
    labels: Record<string, string>,
    matches: boolean,
  ][] = [
    ['a label that is equal', { matchLabels: { app: 'web' } }, { app: 'web', more: 'x' }, true],
    ['a label that differs', { matchLabels: { app: 'web' } }, { app: 'db' }, false],
    ['a label that is absent', { matchLabels: { app: 'web' } }, {}, false],
    ['an empty value that is equal', { matchLabels: { app: '' } }, { app: '' }, true],
    ['an empty value that is absent', { matchLabels: { app: '' } }, {}, false],
    ['one of two labels', { matchLabels: { app: 'web', tier: 'a' } }, { app: 'web' }, false],
    ['In with the value', expression('app', 'In', 'a', 'b'), { app: 'b' }, true],
    ['In with another value', expression('app', 'In', 'a', 'b'), { app: 'c' }, false],
    ['In without the key', expression('app', 'In', 'a'), {}, false],
    ['NotIn with the value', expression('app', 'NotIn', 'a'), { app: 'a' }, false],
    ['NotIn with another value', expression('app', 'NotIn', 'a'), { app: 'b' }, true],
    ['NotIn without the key', expression('app', 'NotIn', 'a'), {}, true],
    ['Exists with the key', expression('app', 'Exists'), { app: '' }, true],
    ['Exists without the key', expression('app', 'Exists'), {}, false],
    ['DoesNotExist with the key', expression('app', 'DoesNotExist'), { app: '' }, false],
    ['DoesNotExist without the key', expression('app', 'DoesNotExist'), {}, true],
    ['a key of Object.prototype', expression('constructor', 'Exists'), {}, false],
    ['no requirement at all, which means nobody', {}, { app: 'web' }, false],
  ];
  for (const [name, selector, given, matches] of cases) {
    it(`says ${matches} to ${name}`, () => {
      expect(matchesSelector(readSelector(selector), labels(given))).to.equal(matches);
    });
  }

  it('asks for labels and expressions together', () => {
    const both = readSelector({ matchLabels: { app: 'web' }, ...expression('tier', 'In', 'a') });
    expect(matchesSelector(both, labels({ app: 'web', tier: 'a' }))).to.equal(true);
    expect(matchesSelector(both, labels({ app: 'web' }))).to.equal(false);
    expect(matchesSelector(both, labels({ tier: 'a' }))).to.equal(false);
  });

  it('does not confuse a label key __proto__ with a prototype', () => {
    const selector = readSelector(JSON.parse('{"matchLabels":{"__proto__":"x"}}'));
    expect(matchesSelector(selector, new Map([['__proto__', 'x']]))).to.equal(true);
    expect(matchesSelector(selector, new Map())).to.equal(false);
  });
});

describe('a selector that cannot be understood', () => {
  const cases: readonly [raw: unknown, field: string][] = [
    ['app=web', 'spec.selector'],
    [[], 'spec.selector'],
    [{ matchLabels: 'app' }, 'spec.selector.matchLabels'],
    [{ matchLabels: { app: 1 } }, 'spec.selector.matchLabels[app]'],
    [{ matchLabels: { app: null } }, 'spec.selector.matchLabels[app]'],
    [{ matchExpressions: {} }, 'spec.selector.matchExpressions'],
    [{ matchExpressions: [null] }, 'spec.selector.matchExpressions[0]'],
    [{ matchExpressions: [{ operator: 'In' }] }, 'spec.selector.matchExpressions[0].key'],
    [expression('a', 'Gt', '1'), 'spec.selector.matchExpressions[0].operator'],
    [expression('a', 'in', '1'), 'spec.selector.matchExpressions[0].operator'],
    [expression('a', 'In'), 'spec.selector.matchExpressions[0].values'],
    [expression('a', 'Exists', 'x'), 'spec.selector.matchExpressions[0].values'],
    [
      { matchExpressions: [{ key: 'a', operator: 'In', values: 'x' }] },
      'spec.selector.matchExpressions[0].values',
    ],
    [
      { matchExpressions: [{ key: 'a', operator: 'In', values: [1] }] },
      'spec.selector.matchExpressions[0].values',
    ],
  ];
  for (const [raw, field] of cases) {
    it(`matches nothing, and its field is named: ${JSON.stringify(raw)}`, () => {
      const selector = readSelector(raw);
      expect(isEmptySelector(selector)).to.equal(false);
      expect(selector.problem)
        .to.match(/^spec\.selector/)
        .and.contain(`${field}: expected`);
      expect(matchesSelector(selector, new Map([['app', '1']]))).to.equal(false);
      expect(matchesSelector(selector, new Map())).to.equal(false);
    });
  }
});

describe('isEmptySelector', () => {
  for (const raw of [undefined, null, {}, { matchLabels: {} }, { matchExpressions: [] }]) {
    it(`says so of ${JSON.stringify(raw)}`, () => {
      expect(isEmptySelector(readSelector(raw))).to.equal(true);
    });
  }

  it('does not say so of one requirement', () => {
    expect(isEmptySelector(readSelector({ matchLabels: { a: 'b' } }))).to.equal(false);
    expect(isEmptySelector(readSelector(expression('a', 'DoesNotExist')))).to.equal(false);
  });
});

describe('formatSelector', () => {
  it('writes labels, then expressions, each sorted, as kubectl does', () => {
    const selector = readSelector({
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [
        { key: 'f', operator: 'NotIn', values: ['z'] },
        { key: 'e', operator: 'Exists' },
        { key: 'd', operator: 'DoesNotExist' },
        { key: 'c', operator: 'In', values: ['y', 'x'] },
      ],
    });
    expect(formatSelector(selector)).to.equal('a=1,b=2,!d,c in (x,y),e,f notin (z)');
  });

  it('is the same whatever the order of the requirements', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.string()), {
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(entries, (pairs) => {
        const write = (given: [string, string][]) =>
          formatSelector({ matchLabels: new Map(given), matchExpressions: [] });
        expect(write(pairs.toReversed())).to.equal(write(pairs));
      }),
    );
  });
});
