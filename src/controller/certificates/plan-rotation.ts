/** A certificate, as far as it matters for when another is needed. */
export interface Validity {
  readonly fingerprint: string;
  /** ms since the epoch. */
  readonly createdMs: number;
  readonly expiresMs: number;
}

/** What there is. All authorities together are the bundle that is to be trusted. */
export interface Holdings<A extends Validity = Validity> {
  /** Signs certificates; undefined: there is none, or its key is lost. */
  readonly current: A | undefined;
  /** Is to sign once everybody trusts it. */
  readonly next: A | undefined;
  /** Have signed certificates that may be in use; the newest first. */
  readonly previous: readonly A[];
  /** What is served. */
  readonly leaf: Leaf | undefined;
}

export interface Leaf extends Validity {
  /** Fingerprint of the authority that has signed it; undefined: none of those there are. */
  readonly issuer: string | undefined;
  /** Whether it is for the names that are asked for now. */
  readonly fits: boolean;
}

/** How long what is made is valid, ms. */
export interface Lives {
  readonly certificateMs: number;
  readonly authorityMs: number;
}

/** When it is looked at. */
export interface Moment {
  /** ms since the epoch. */
  readonly nowMs: number;
  /** For how long an authority has been seen among those that are trusted, ms; 0: it is not, or only just. */
  readonly trustedForMs: (fingerprint: string) => number;
}

/** What is to be done, in this order: the authority, telling everybody whom to trust, the leaf. */
export interface RotationPlan {
  /**
   * - `make`: there is none that can sign; the new one signs at once
   * - `prepare`: make the next one, which is trusted first
   * - `promote`: the next one signs from now on
   */
  readonly authority: 'keep' | 'make' | 'prepare' | 'promote';
  /**
   * Fingerprints of previous authorities that need not be trusted any more. Only when another comes: each change
   * of the bundle has the API server set up the kind anew, and end its watches.
   */
  readonly forget: readonly string[];
  /** `issue`: have the current authority, as it is after this, sign another. */
  readonly leaf: 'keep' | 'issue';
  /** When something is due if nothing happens, ms since the epoch. */
  readonly lookAgainMs: number;
}

/** At this part of its life a certificate is replaced, whether everybody trusts the next authority or not. */
const LAST_CHANCE = 8 / 9;
const RENEWED_AT = 2 / 3;

/** Clocks may differ by this, ms. */
const SKEW_MS = 600_000;

/** How many are trusted that sign no more: whoever deletes authorities over and over must not fill the bundle. */
const MOST_PREVIOUS = 16;

const LONGEST_SETTLE_MS = 60_000;

/** How long after an authority is entered everybody surely trusts it, ms. */
export function settleMs({ certificateMs }: Lives): number {
  return Math.min(LONGEST_SETTLE_MS, certificateMs / 12);
}

/**
 * Says what is to be made, and when to look again. What is served is trusted at every instant:
 *
 *     prepare (2/3 of the life) -> trusted for `settleMs` -> promote -> issue -> ... -> forget (when it is over)
 *
 * The authority before stays trusted until it ends, as a replica may come late with the new certificate. Only
 * where nothing usable is served is nobody waited for.
 */
export function planRotation(holdings: Holdings, lives: Lives, moment: Moment): RotationPlan {
  const authority = planAuthority(holdings, lives, moment);
  const { current, next } = holdings;
  const signer = authority === 'promote' ? next : authority === 'make' ? undefined : current;
  return {
    authority,
    forget: authority === 'prepare' || authority === 'make' ? planForget(holdings, moment) : [],
    leaf: planLeaf(holdings, signer, lives, moment),
    lookAgainMs: nextInstant(holdings, lives, moment),
  };
}

function planAuthority(
  { current, next }: Holdings,
  lives: Lives,
  moment: Moment,
): RotationPlan['authority'] {
  const { nowMs, trustedForMs } = moment;
  const prepared = next !== undefined && nowMs < next.expiresMs ? next : undefined;
  if (current === undefined || nowMs >= current.expiresMs) return prepared ? 'promote' : 'make';
  if (prepared !== undefined) {
    const settled = trustedForMs(prepared.fingerprint) >= settleMs(lives);
    return settled || nowMs >= instantOf(current, LAST_CHANCE) ? 'promote' : 'keep';
  }
  return nowMs >= renewalOf(current, lives.authorityMs) ? 'prepare' : 'keep';
}

/** @param signer undefined: it is made first */
function planLeaf(
  { leaf }: Holdings,
  signer: Validity | undefined,
  lives: Lives,
  { nowMs, trustedForMs }: Moment,
): RotationPlan['leaf'] {
  if (!leaf?.fits || leaf.issuer === undefined || nowMs >= leaf.expiresMs) return 'issue';
  if (signer === undefined) return 'keep';
  const due = nowMs >= renewalOf(leaf, lives.certificateMs);
  if (leaf.issuer === signer.fingerprint && !due) return 'keep';
  const settled = trustedForMs(signer.fingerprint) >= settleMs(lives);
  return settled || nowMs >= instantOf(leaf, LAST_CHANCE) ? 'issue' : 'keep';
}

function planForget({ previous, leaf }: Holdings, { nowMs }: Moment): readonly string[] {
  return previous
    .filter(({ fingerprint }) => fingerprint !== leaf?.issuer)
    .filter(({ expiresMs }, index) => index >= MOST_PREVIOUS || nowMs >= expiresMs + SKEW_MS)
    .map(({ fingerprint }) => fingerprint);
}

/** The next instant at which the plan may be another. */
function nextInstant(
  { current, next, leaf }: Holdings,
  lives: Lives,
  { nowMs, trustedForMs }: Moment,
): number {
  const waiting = [current, next].flatMap((authority) =>
    authority === undefined ? [] : nowMs + settleMs(lives) - trustedForMs(authority.fingerprint),
  );
  const instants = [
    ...waiting,
    ...(current ? [renewalOf(current, lives.authorityMs), instantOf(current, LAST_CHANCE)] : []),
    ...(leaf ? [renewalOf(leaf, lives.certificateMs), instantOf(leaf, LAST_CHANCE)] : []),
  ];
  return Math.min(...instants.filter((instant) => instant > nowMs));
}

/** Of its own life or of that which is wanted now, whichever is shorter. */
function renewalOf({ createdMs, expiresMs }: Validity, lifeMs: number): number {
  return createdMs + RENEWED_AT * Math.min(expiresMs - createdMs, lifeMs);
}

function instantOf({ createdMs, expiresMs }: Validity, part: number): number {
  return createdMs + part * (expiresMs - createdMs);
}
