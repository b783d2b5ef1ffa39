import type { JsonObject } from '../patch/json.ts';

/** One change of one object. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly namespace: string;
  readonly name: string;
  /** As it is since; for DELETED as it last was, with the revision of its end. */
  readonly object: JsonObject;
  /** As it was before; undefined for ADDED. */
  readonly previous: JsonObject | undefined;
}

/**
 * The latest changes of one resource, in order. It forgets the oldest when there are more than twice
 * the limit, so that adding stays cheap; `floor` is the last revision it cannot tell about.
 */
export class ChangeLog {
  readonly #limit: number;
  #changes: Change[] = [];
  #floor: number;

  constructor(limit: number, floor: number) {
    this.#limit = limit;
    this.#floor = floor;
  }

  /** All changes after this revision are known. */
  get floor(): number {
    return this.#floor;
  }

  add(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > 2 * this.#limit) {
      const dropped = this.#changes.splice(0, this.#changes.length - this.#limit);
      this.#floor = dropped.at(-1)?.revision ?? this.#floor;
    }
  }

  /** Forgets everything up to this revision. */
  compact(revision: number): void {
    if (revision <= this.#floor) return;
    this.#floor = revision;
    this.#changes = this.#changes.slice(this.#indexAfter(revision));
  }

  /** The changes after a revision, oldest first; undefined when some of them are forgotten. */
  since(revision: number): readonly Change[] | undefined {
    if (revision < this.#floor) return undefined;
    return this.#changes.slice(this.#indexAfter(revision));
  }

  #indexAfter(revision: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
