import { expect } from 'chai';
import fc from 'fast-check';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { parseQuantity } from '../../../src/runtime/quantity.ts';

describe('parseQuantity', () => {
  const read: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['2', 2],
    ['+2', 2],
    ['-1.5', -1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['250m', 0.25],
    ['100n', 1e-7],
    ['1234567n', 0.001234567],
    ['15u', 0.000015],
    ['3k', 3_000],
    ['1.5M', 1_500_000],
    ['2G', 2e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['12E', 12e18],
    ['12E3', 12_000],
    ['1e3', 1_000],
    ['1E+3', 1_000],
    ['1e-3', 0.001],
    ['1Ki', 1_024],
    ['1.5Mi', 1_572_864],
    ['2Gi', 2_147_483_648],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['1Ei', 2 ** 60],
  ];
  for (const [text, expected] of read) {
    it(`reads ${text}`, () => {
      expect(parseQuantity(text)).to.equal(expected);
    });
  }

  const refused = '| |m|.|-|1 |1 m|1K|1ki|1KI|1mi|1e|1E+|1e1.5|1,5|0x10|1n n|--1|NaN|1e999|1.5.1';
  for (const text of [...refused.split('|'), '1\n', '1٣']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseQuantity(text))
        .to.throw(ChaosError, `got ${JSON.stringify(text)}`)
        .with.property('code', 'ERR_RUNTIME_QUANTITY');
    });
  }

  it('reads the nanocores of a metrics server to the last digit', () => {
    fc.assert(
      fc.property(fc.nat(), (nanocores) => {
        expect(Math.round(parseQuantity(`${nanocores}n`) * 1e9)).to.equal(nanocores);
      }),
    );
  });
});
