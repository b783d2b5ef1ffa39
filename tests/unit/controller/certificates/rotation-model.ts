import {
  type Holdings,
  type Lives,
  planRotation,
  type RotationPlan,
  settleMs,
  type Validity,
} from '../../../../src/controller/certificates/plan-rotation.ts';

/** Before which write the leader dies, or what it is refused. */
export type Accident = 'none' | 'dies before the bundle' | 'dies before the leaf' | 'cannot tell';

interface Served extends Validity {
  readonly issuer: string;
}

/** A leader, its Secrets, the API server's trust and what is served: certificates are no more than numbers. */
export class RotationModel {
  nowMs = 1_000_000;
  readonly #lives: Lives;
  #made = 0;
  #current: Validity | undefined;
  #next: Validity | undefined;
  #previous: readonly Validity[] = [];
  /** What was served and what was trusted since when, the newest last. */
  readonly #served: { readonly sinceMs: number; readonly leaf: Served | undefined }[] = [];
  readonly #trusted: { readonly sinceMs: number; readonly bundle: readonly string[] }[] = [];
  /** What the leader remembers. */
  #trustedSince = new Map<string, number>();

  constructor(lives: Lives) {
    this.#lives = lives;
  }

  get holdings(): Holdings {
    const leaf = this.served(0);
    const bundle = this.#bundle().map(({ fingerprint }) => fingerprint);
    return {
      current: this.#current,
      next: this.#next,
      previous: this.#previous,
      leaf: leaf && {
        ...leaf,
        issuer: bundle.includes(leaf.issuer) ? leaf.issuer : undefined,
        fits: true,
      },
    };
  }

  get plan(): RotationPlan {
    return planRotation(this.holdings, this.#lives, {
      nowMs: this.nowMs,
      trustedForMs: (one) => this.nowMs - (this.#trustedSince.get(one) ?? this.nowMs),
    });
  }

  /** What a replica serves that learns of a new certificate so much later. */
  served(lateMs: number): Served | undefined {
    return this.#served.findLast(({ sinceMs }) => sinceMs <= this.nowMs - lateMs)?.leaf;
  }

  /** Whom an API server trusts that learns of a new bundle so much later. */
  trusted(lateMs: number): readonly string[] {
    return this.#trusted.findLast(({ sinceMs }) => sinceMs <= this.nowMs - lateMs)?.bundle ?? [];
  }

  /** One round of the leader, in its order. `check` is called after each write. */
  round(accident: Accident, check: () => void): void {
    const plan = this.plan;
    this.#carryOut(plan);
    check();
    if (accident !== 'dies before the bundle') {
      this.#tell(accident !== 'cannot tell');
      check();
      if (accident !== 'dies before the leaf') {
        if (plan.leaf === 'issue' && this.#current) this.#serve(this.#current);
        check();
      }
    }
    if (accident.startsWith('dies')) this.changeLeader();
  }

  /** Another leads, who knows only what is written. */
  changeLeader(): void {
    this.#trustedSince = new Map();
  }

  /** Somebody deletes the Secret of the authority: what was trusted is still read from the other one. */
  loseAuthority(): void {
    this.#previous = this.#bundle();
    this.#current = undefined;
    this.#next = undefined;
  }

  loseLeaf(): void {
    this.#served.push({ sinceMs: this.nowMs, leaf: undefined });
  }

  #carryOut({ authority, forget }: RotationPlan): void {
    this.#previous = this.#previous.filter(({ fingerprint }) => !forget.includes(fingerprint));
    const retire = (...those: readonly (Validity | undefined)[]) => {
      this.#previous = [...those.filter((one) => one !== undefined), ...this.#previous];
    };
    if (authority === 'prepare') this.#next = this.#make(this.#lives.authorityMs);
    if (authority === 'promote') {
      retire(this.#current);
      this.#current = this.#next;
      this.#next = undefined;
    }
    if (authority === 'make') {
      retire(this.#next, this.#current);
      this.#current = this.#make(this.#lives.authorityMs);
      this.#next = undefined;
    }
  }

  #tell(heard: boolean): void {
    const bundle = this.#bundle().map(({ fingerprint }) => fingerprint);
    if (heard) this.#trusted.push({ sinceMs: this.nowMs, bundle });
    const since = (one: string): [string, number] => [
      one,
      this.#trustedSince.get(one) ?? this.nowMs,
    ];
    this.#trustedSince = new Map(heard ? bundle.map(since) : []);
  }

  #serve(signer: Validity): void {
    const made = this.#make(Math.min(this.#lives.certificateMs, signer.expiresMs - this.nowMs));
    const leaf = { ...made, issuer: signer.fingerprint };
    this.#served.push({ sinceMs: this.nowMs, leaf });
  }

  #make(lifeMs: number): Validity {
    this.#made += 1;
    const { nowMs } = this;
    return { fingerprint: `#${this.#made}`, createdMs: nowMs, expiresMs: nowMs + lifeMs };
  }

  #bundle(): readonly Validity[] {
    return [this.#current, this.#next, ...this.#previous].filter((one) => one !== undefined);
  }
}

/** A model in which everything has been trusted for long. */
export function settledModel(lives: Lives): RotationModel {
  const model = new RotationModel(lives);
  for (let round = 0; round < 4; round += 1) {
    model.round('none', () => {});
    model.nowMs += settleMs(lives);
  }
  return model;
}
