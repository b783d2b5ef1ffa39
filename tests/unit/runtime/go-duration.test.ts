import { expect } from 'chai';
import fc from 'fast-check';
import { ChaosError } from '../../../src/runtime/errors.ts';
import {
  formatGoDuration,
  formatGoDurationNs,
  parseGoDuration,
  parseGoDurationNs,
} from '../../../src/runtime/go-duration.ts';

const US = 1_000n;
const MS = 1_000n * US;
const S = 1_000n * MS;
const M = 60n * S;
const H = 60n * M;

/** The table of Go's own tests: src/time/time_test.go, parseDurationTests. */
const PARSED: readonly (readonly [string, bigint])[] = [
  ['0', 0n],
  ['5s', 5n * S],
  ['30s', 30n * S],
  ['1478s', 1478n * S],
  ['-5s', -5n * S],
  ['+5s', 5n * S],
  ['-0', 0n],
  ['+0', 0n],
  ['5.0s', 5n * S],
  ['5.6s', 5n * S + 600n * MS],
  ['5.s', 5n * S],
  ['.5s', 500n * MS],
  ['1.0s', 1n * S],
  ['1.00s', 1n * S],
  ['1.004s', 1n * S + 4n * MS],
  ['1.0040s', 1n * S + 4n * MS],
  ['100.00100s', 100n * S + 1n * MS],
  ['10ns', 10n],
  ['11us', 11n * US],
  ['12\u00b5s', 12n * US],
  ['12\u03bcs', 12n * US],
  ['13ms', 13n * MS],
  ['14s', 14n * S],
  ['15m', 15n * M],
  ['16h', 16n * H],
  ['3h30m', 3n * H + 30n * M],
  ['10.5s4m', 4n * M + 10n * S + 500n * MS],
  ['-2m3.4s', -(2n * M + 3n * S + 400n * MS)],
  ['1h2m3s4ms5us6ns', 1n * H + 2n * M + 3n * S + 4n * MS + 5n * US + 6n],
  ['39h9m14.425s', 39n * H + 9n * M + 14n * S + 425n * MS],
  ['52763797000ns', 52763797000n],
  ['0.3333333333333333333h', 20n * M],
  ['9007199254740993ns', 9007199254740993n],
  ['9223372036854775807ns', (1n << 63n) - 1n],
  ['9223372036854775.807us', (1n << 63n) - 1n],
  ['9223372036s854ms775us807ns', (1n << 63n) - 1n],
  ['-9223372036854775808ns', -(1n << 63n)],
  ['-9223372036854775.808us', -(1n << 63n)],
  ['-9223372036s854ms775us808ns', -(1n << 63n)],
  ['-2562047h47m16.854775808s', -(1n << 63n)],
  ['0.100000000000000000000h', 6n * M],
  ['0.830103483285477580700h', 49n * M + 48n * S + 372539827n],
];

/** The same file, parseDurationErrorTests. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['', 'it is empty'],
  ['-', 'it is empty'],
  ['3', 'a unit is missing'],
  ['s', 'a number is missing'],
  ['.', 'a number is missing'],
  ['-.', 'a number is missing'],
  ['.s', 'a number is missing'],
  ['+.s', 'a number is missing'],
  ['1d', 'its unit "d"'],
  ['\u0085\u0085', 'a number is missing'],
  ['\uffff\uffff', 'a number is missing'],
  ['hello \uffff world', 'a number is missing'],
  ['3000000h', 'it does not fit'],
  ['9223372036854775808ns', 'it does not fit'],
  ['9223372036854775.808us', 'it does not fit'],
  ['9223372036854ms775us808ns', 'it does not fit'],
  ['-9223372036854775809ns', 'it does not fit'],
  [`${'9'.repeat(30)}s`, 'it does not fit'],
  ['1 s', 'its unit " s"'],
  ['1m 30s', 'its unit "m "'],
  ['--5s', 'a number is missing'],
  ['1e3s', 'its unit "e"'],
  ['1..5s', 'a unit is missing'],
  ['1S', 'its unit "S"'],
  ['ten minutes', 'a number is missing'],
];

/** The same file, durationTests. */
const FORMATTED: readonly (readonly [string, bigint])[] = [
  ['0s', 0n],
  ['1ns', 1n],
  ['1.1µs', 1100n],
  ['2.2ms', 2200n * US],
  ['3.3s', 3300n * MS],
  ['4m5s', 4n * M + 5n * S],
  ['4m5.001s', 4n * M + 5001n * MS],
  ['5h6m7.001s', 5n * H + 6n * M + 7001n * MS],
  ['8m0.000000001s', 8n * M + 1n],
  ['2562047h47m16.854775807s', (1n << 63n) - 1n],
  ['-2562047h47m16.854775808s', -(1n << 63n)],
  ['10m0s', 10n * M],
  ['1h0m0s', 1n * H],
  ['1m30s', 90n * S],
  ['500ms', 500n * MS],
  ['-1.5s', -1500n * MS],
];

describe('parseGoDuration', () => {
  for (const [text, expected] of PARSED) {
    it(`reads ${JSON.stringify(text)} as Go does`, () => {
      expect(parseGoDurationNs(text)).to.equal(expected);
    });
  }

  for (const [text, why] of REFUSED) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))} and says why`, () => {
      expect(() => parseGoDuration(text))
        .to.throw(ChaosError, `got ${JSON.stringify(text)}: ${why}`)
        .with.property('code', 'ERR_RUNTIME_DURATION');
    });
  }

  it('cuts off what is too long to repeat', () => {
    const text = `${'9'.repeat(1_000_000)}s`;
    expect(() => parseGoDuration(text)).to.throw(
      ChaosError,
      `got "${'9'.repeat(64)}…": it does not`,
    );
  });

  it('gives milliseconds, with a fraction below', () => {
    expect(parseGoDuration('1m30s')).to.equal(90_000);
    expect(parseGoDuration('1.5ms')).to.equal(1.5);
    expect(parseGoDuration('-250us')).to.equal(-0.25);
  });
});

describe('formatGoDuration', () => {
  for (const [expected, ns] of FORMATTED) {
    it(`writes ${expected} as Go does`, () => {
      expect(formatGoDurationNs(ns)).to.equal(expected);
    });
  }

  it('takes milliseconds and rounds to the nanosecond', () => {
    expect(formatGoDuration(600_000)).to.equal('10m0s');
    expect(formatGoDuration(0.0000004)).to.equal('0s');
    expect(formatGoDuration(0.0000006)).to.equal('1ns');
    expect(formatGoDuration(-0)).to.equal('0s');
  });

  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 1e13, -1e300]) {
    it(`refuses ${odd} milliseconds`, () => {
      expect(() => formatGoDuration(odd)).to.throw(ChaosError, 'does not fit into 64 bits');
    });
  }

  it('is read back as the nanoseconds that were written, whatever they are', () => {
    const nanoseconds = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
    fc.assert(
      fc.property(nanoseconds, (ns) => {
        expect(parseGoDurationNs(formatGoDurationNs(ns))).to.equal(ns);
      }),
    );
  });

  it('is read back as the milliseconds that were written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        const ms = number % 9_000_000_000_000;
        expect(parseGoDuration(formatGoDuration(ms))).to.equal(ms + 0);
      }),
    );
  });

  it('changes nothing when it writes again what it wrote', () => {
    const parts = fc.array(
      fc.tuple(fc.nat(5000), fc.constantFrom('h', 'm', 's', 'ms', 'us', 'µs', 'ns')),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(parts, (list) => {
        const text = list.map(([amount, unit]) => `${amount}${unit}`).join('');
        const once = formatGoDuration(parseGoDuration(text));
        expect(formatGoDuration(parseGoDuration(once))).to.equal(once);
      }),
    );
  });
});
