import { ChaosError } from './errors.ts';

/** Nanoseconds by unit; micro is accepted with the micro sign and with the Greek letter. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const NS_PER_MS = 1_000_000n;
const LARGEST_MAGNITUDE = 1n << 63n;

/** The digits of a fraction beyond which Go's parser reads on without using them. */
const LARGEST_FRACTION = (LARGEST_MAGNITUDE - 1n) / 10n;

/** Of a whole number of nanoseconds. */
const MOST_DIGITS = 19;

/** How much of a text is repeated in an error. */
const LONGEST_QUOTE = 64;

const PART = /(\d*)(\.\d*)?([^\d.]*)/y;

/**
 * Reads a duration as Go's `time.ParseDuration` does: `1m30s`, `-1.5h`, `.5s`, `500ms`, `0`.
 *
 * @returns milliseconds, with a fraction where the duration has one
 * @throws ChaosError ERR_RUNTIME_DURATION
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): number {
  const ns = parseGoDurationNs(text);
  return Number(ns / NS_PER_MS) + Number(ns % NS_PER_MS) / Number(NS_PER_MS);
}

/** Like {@link parseGoDuration}, in whole nanoseconds, exactly. */
export function parseGoDurationNs(text: string): bigint {
  const negative = text.startsWith('-');
  const unsigned = negative || text.startsWith('+') ? text.slice(1) : text;
  if (unsigned === '0') return 0n;
  if (unsigned === '') throw invalid(text, 'it is empty');
  let total = 0n;
  for (PART.lastIndex = 0; PART.lastIndex < unsigned.length; ) {
    total += parsePart(PART.exec(unsigned) ?? [], text);
    if (total > LARGEST_MAGNITUDE) throw outOfRange(text);
  }
  if (!negative && total === LARGEST_MAGNITUDE) throw outOfRange(text);
  return negative ? -total : total;
}

/**
 * Writes a duration as Go's `Duration.String` does: `1m30s`, `10m0s`, `1h0m0s`, `1.5s`, `500ms`, `0s`.
 *
 * @param durationMs milliseconds; parts below a nanosecond are rounded
 * @throws ChaosError ERR_RUNTIME_DURATION for what is no number, or over about 292 years
 */
export function formatGoDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) throw outOfRange(String(durationMs));
  const whole = Math.trunc(durationMs);
  const fraction = Math.round((durationMs - whole) * Number(NS_PER_MS));
  return formatGoDurationNs(BigInt(whole) * NS_PER_MS + BigInt(fraction));
}

/** Like {@link formatGoDuration}, from whole nanoseconds. */
export function formatGoDurationNs(durationNs: bigint): string {
  const magnitude = durationNs < 0n ? -durationNs : durationNs;
  const largest = durationNs < 0n ? LARGEST_MAGNITUDE : LARGEST_MAGNITUDE - 1n;
  if (magnitude > largest) throw outOfRange(`${durationNs}ns`);
  return durationNs < 0n ? `-${formatMagnitude(magnitude)}` : formatMagnitude(magnitude);
}

function parsePart(match: readonly (string | undefined)[], text: string): bigint {
  const [, whole = '', fraction = '', unit = ''] = match;
  if (whole === '' && fraction.length < 2) throw invalid(text, 'a number is missing');
  if (unit === '') throw invalid(text, 'a unit is missing');
  const unitNs = UNITS.get(unit);
  if (unitNs === undefined) {
    throw invalid(text, `its unit ${JSON.stringify(unit)} is none of ns, us, µs, ms, s, m, h`);
  }
  if (whole.replace(/^0+/, '').length > MOST_DIGITS) throw outOfRange(text);
  const wholeNs = BigInt(whole) * unitNs;
  if (wholeNs > LARGEST_MAGNITUDE) throw outOfRange(text);
  return wholeNs + parseFraction(fraction.slice(1), unitNs);
}

/** In floating point, as Go does it, so that both cut off at the same nanosecond. */
function parseFraction(digits: string, unitNs: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > LARGEST_FRACTION) break;
    const next = value * 10n + BigInt(digit);
    if (next > LARGEST_MAGNITUDE) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unitNs) / scale)));
}

function formatMagnitude(ns: bigint): string {
  if (ns === 0n) return '0s';
  if (ns < 1_000n) return `${ns}ns`;
  if (ns < NS_PER_MS) return `${decimal(ns, 3)}µs`;
  if (ns < 1_000_000_000n) return `${decimal(ns, 6)}ms`;
  const seconds = ns / 1_000_000_000n;
  const minutes = seconds / 60n;
  const rest = `${decimal(ns % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return rest;
  return minutes < 60n ? `${minutes}m${rest}` : `${minutes / 60n}h${minutes % 60n}m${rest}`;
}

/** `value / 10^places`, without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const divisor = 10n ** BigInt(places);
  const fraction = (value % divisor).toString().padStart(places, '0').replace(/0+$/, '');
  const whole = (value / divisor).toString();
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function invalid(text: string, why: string): ChaosError {
  const expected = 'expected a Go duration such as 30s, 1m30s or 500ms';
  const quoted = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  const got = JSON.stringify(quoted);
  return new ChaosError('ERR_RUNTIME_DURATION', `${expected}, got ${got}: ${why}`);
}

function outOfRange(text: string): ChaosError {
  return invalid(text, 'it does not fit into 64 bits of nanoseconds (about 292 years)');
}
