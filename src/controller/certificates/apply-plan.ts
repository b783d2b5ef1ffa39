import type { KeyPair } from '../../observability/certificate-source.ts';
import { ChaosError } from '../../runtime/errors.ts';
import { type Authority, asSigner, type Held, type SigningAuthority } from './held-certificates.ts';
import type { Lives, RotationPlan } from './plan-rotation.ts';

const AUTHORITY_NAME = 'chaos-monkey webhook';

/** The authorities as they are once the plan is carried out; makes those that are to be made. */
export async function applyAuthorityPlan(
  held: Held,
  { authority, forget }: Pick<RotationPlan, 'authority' | 'forget'>,
  { authorityMs }: Lives,
  nowMs: number,
): Promise<Held> {
  const { current, next } = held;
  const previous = held.previous.filter(({ fingerprint }) => !forget.includes(fingerprint));
  const make = () => makeSigner(nowMs, authorityMs);
  switch (authority) {
    case 'keep':
      return { ...held, previous };
    case 'prepare':
      return { ...held, previous, next: await make() };
    case 'promote':
      return {
        ...held,
        current: next,
        next: undefined,
        previous: [...keyless(current), ...previous],
      };
    case 'make':
      return {
        ...held,
        current: await make(),
        next: undefined,
        previous: [...keyless(next), ...keyless(current), ...previous],
      };
    default:
      return authority satisfies never;
  }
}

/** A serving certificate for these names; it ends with its authority at the latest. */
export async function issueServing(
  signer: SigningAuthority,
  service: { readonly name: string; readonly namespace: string },
  dnsNames: readonly string[],
  untilMs: number,
  nowMs: number,
): Promise<KeyPair> {
  const { issueCertificate } = await import('./make-certificates.ts');
  const commonName = `${service.name}.${service.namespace}.svc`;
  return issueCertificate(
    { certificate: signer.pem, key: signer.key },
    { commonName, usages: ['server'], dnsNames },
    { fromMs: nowMs, untilMs: Math.min(untilMs, signer.expiresMs) },
  );
}

async function makeSigner(nowMs: number, lifeMs: number): Promise<SigningAuthority> {
  const { makeAuthority } = await import('./make-certificates.ts');
  const span = { fromMs: nowMs, untilMs: nowMs + lifeMs };
  const made = asSigner(await makeAuthority(AUTHORITY_NAME, span));
  if (made !== undefined) return made;
  const message = 'expected to read the authority that was just made, got one that cannot be read';
  throw new ChaosError('ERR_CERTIFICATE_MAKING', message);
}

/** Who signs no more is only trusted. */
function keyless(authority: Authority | undefined): readonly Authority[] {
  if (authority === undefined) return [];
  const { key: _key, ...rest } = authority;
  return [rest];
}
