/** Fields whose value is never logged, at the top of a message's fields and one level below. */
export const SECRET_FIELDS: readonly string[] = [
  'authorization',
  'Authorization',
  'token',
  'accessToken',
  'password',
  'clientKey',
  'client-key-data',
  'keyData',
  'privateKey',
  'secret',
].flatMap((name) => [`["${name}"]`, `*["${name}"]`]);

/**
 * `Bearer …` and JSON web tokens (three base64url parts, the first an object) wherever they stand, and
 * private keys as PEM, whole or cut off.
 */
const SECRETS =
  /(\bBearer\s+)[\w.~+/-]+=*|\beyJ[\w-]+\.[\w-]+\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\w+/=\s\\]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/gi;

/** Blots out bearer tokens, service account tokens and private keys in a text. */
export function redactSecrets(text: string): string {
  return text.replace(
    SECRETS,
    (_secret, bearer: string | undefined) => `${bearer ?? ''}[redacted]`,
  );
}
