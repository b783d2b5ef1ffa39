import type { Secret } from '../../kubernetes/resources/secrets.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { applyAuthorityPlan, issueServing } from './apply-plan.ts';
import type { ConversionEntry, WebhookService } from './conversion-entry.ts';
import {
  authorityData,
  bundleOf,
  type Held,
  holds,
  pemOf,
  readHeld,
  servingData,
} from './held-certificates.ts';
import { serviceNames } from './identity.ts';
import { type Lives, planRotation, type RotationPlan } from './plan-rotation.ts';
import type { SecretStore } from './secret-store.ts';
import type { Tell } from './tell.ts';
import type { TrustTimes } from './trust-times.ts';

export interface RoundOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tell: Tell;
  readonly service: WebhookService;
  readonly lives: Lives;
  readonly authority: SecretStore;
  readonly serving: SecretStore;
  readonly entry: ConversionEntry;
  readonly trust: TrustTimes;
}

interface Found {
  readonly authority: Secret | undefined;
  readonly serving: Secret | undefined;
  readonly held: Held;
}

/**
 * Looks at everything once and does what is due, in this order: keep the authority's key, tell the API server
 * whom to trust, serve. Where the API server cannot be told, a certificate is served all the same.
 *
 * @returns until when nothing is due if nobody breaks anything, ms since the epoch
 * @throws the first thing that did not work, after all else was done
 */
export async function carryOutRound(options: RoundOptions, signal: AbortSignal): Promise<number> {
  const { clock, lives, trust } = options;
  const found = await readFound(options, signal);
  const trustedForMs = (fingerprint: string) => trust.trustedForMs(fingerprint);
  const plan = planRotation(found.held, lives, { nowMs: clock.now(), trustedForMs });
  const held = await applyAuthorityPlan(found.held, plan, lives, clock.now());
  await writeAuthority(options, found, held, plan, signal);
  const unentered = await enter(options, held, signal);
  await writeServing(options, found, held, plan, signal);
  if (unentered !== undefined) throw unentered.error;
  return plan.authority === 'keep' && plan.leaf === 'keep' ? plan.lookAgainMs : clock.now();
}

async function readFound(options: RoundOptions, signal: AbortSignal): Promise<Found> {
  const { service } = options;
  const authority = await options.authority.read(signal);
  const serving = await options.serving.read(signal);
  const names = serviceNames(service.name, service.namespace);
  return { authority, serving, held: readHeld(authority, serving, names) };
}

async function writeAuthority(
  { authority: store, tell, logger }: RoundOptions,
  found: Found,
  held: Held,
  plan: RotationPlan,
  signal: AbortSignal,
): Promise<void> {
  const data = authorityData(held);
  const { authority: secret } = found;
  if (secret && holds(secret, data) && !store.lacksMarks(secret)) return;
  const broken = store.wasOurs;
  await store.write(secret, data, signal);
  if (plan.authority === 'make') {
    const state = secret === undefined ? 'was not there' : 'held no authority that can sign';
    tellMade(tell, store, broken, `${state}: made a new certificate authority`);
  } else if (plan.authority !== 'keep') {
    logger.info({ name: store.title, step: plan.authority }, 'certificate authority');
  }
}

/** @returns why the API server could not be told */
async function enter(
  { entry, trust }: RoundOptions,
  held: Held,
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  const bundle = bundleOf(held);
  try {
    await entry.enter(pemOf(bundle), signal);
    trust.see(bundle.map(({ fingerprint }) => fingerprint));
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    trust.see([]);
    return { error };
  }
}

async function writeServing(
  options: RoundOptions,
  found: Found,
  held: Held,
  plan: RotationPlan,
  signal: AbortSignal,
): Promise<void> {
  const { serving: store, tell, logger, service, lives, clock } = options;
  const { serving: secret } = found;
  const { current } = held;
  const now = clock.now();
  const names = serviceNames(service.name, service.namespace);
  const leaf =
    plan.leaf === 'issue' && current !== undefined
      ? await issueServing(current, service, names, now + lives.certificateMs, now)
      : undefined;
  const data = servingData(leaf, bundleOf(held));
  if (secret && holds(secret, data) && !store.lacksMarks(secret)) return;
  const broken = store.wasOurs;
  await store.write(secret, data, signal);
  const why = leaf && whyIssued(secret, found.held, now);
  if (why !== undefined) tellMade(tell, store, broken, `${why}: made a new certificate`);
  else if (leaf !== undefined) logger.info({ name: store.title }, 'certificate renewed');
}

/** Why what is served cannot be used; undefined: it can, but not for long. */
function whyIssued(secret: Secret | undefined, { leaf }: Held, now: number): string | undefined {
  if (secret === undefined) return 'was not there';
  if (leaf === undefined) return 'held no certificate with its key';
  if (leaf.issuer === undefined) return 'held a certificate of an unknown authority';
  if (!leaf.fits) return 'held a certificate for other names';
  return now >= leaf.expiresMs ? 'held a certificate that has expired' : undefined;
}

/** What was there before is broken; what was not is made for the first time. */
function tellMade(tell: Tell, store: SecretStore, broken: boolean, what: string): void {
  const message = `The Secret ${store.title} ${what}`;
  if (broken) tell({ type: 'Warning', reason: 'CertificateRepaired', message });
  else tell({ type: 'Normal', reason: 'CertificateMade', message });
}
