import { ChaosError } from '../../runtime/errors.ts';

/** An answer that cannot be read is quoted in the error, and may hold a private key: here it is not. */
export function withoutContent(error: unknown, what: string): unknown {
  if (!(error instanceof ChaosError) || error.code !== 'ERR_KUBERNETES_RESPONSE') return error;
  return new ChaosError(
    error.code,
    `expected an answer about ${what}, got one that cannot be read`,
  );
}
