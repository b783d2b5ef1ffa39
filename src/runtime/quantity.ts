import { ChaosError } from './errors.ts';

const DECIMAL_EXPONENTS: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);

const BINARY_FACTORS: ReadonlyMap<string, number> = new Map([
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([A-Za-z]*))$/;

/**
 * Reads a Kubernetes quantity: `250m`, `1234567n`, `1.5`, `2Gi`, `1e3`, `12E`.
 *
 * @returns cores for CPU, bytes for memory: the amount in the unit without a suffix
 * @throws ChaosError ERR_RUNTIME_QUANTITY
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number {
  const [, amount, exponent, suffix = ''] = QUANTITY.exec(text) ?? [];
  if (amount === undefined) throw invalid(text);
  const binary = BINARY_FACTORS.get(suffix);
  const power = exponent ?? DECIMAL_EXPONENTS.get(suffix);
  if (binary === undefined && power === undefined) throw invalid(text);
  // Not `amount * 10 ** power`: that would round twice, and 100n would not be the number 1e-7.
  const value = binary === undefined ? Number(`${amount}e${power}`) : Number(amount) * binary;
  if (!Number.isFinite(value)) throw invalid(text);
  return value;
}

function invalid(text: string): ChaosError {
  const expected = 'expected a quantity such as 250m, 1.5, 2Gi or 1e3';
  return new ChaosError('ERR_RUNTIME_QUANTITY', `${expected}, got ${JSON.stringify(text)}`);
}
