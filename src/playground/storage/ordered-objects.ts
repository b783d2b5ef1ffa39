import type { JsonObject } from '../patch/json.ts';

/** Where a list goes on: behind this object. */
export interface Position {
  readonly namespace: string;
  readonly name: string;
}

interface Bucket {
  readonly objects: Map<string, JsonObject>;
  /** Names in order; undefined after one came or went. */
  names: readonly string[] | undefined;
}

/**
 * Objects by namespace and name, in the order of the API server's keys (`namespace/name`). Sorting is
 * put off until somebody reads, and then sorts only the namespaces in which names came or went.
 */
export class OrderedObjects {
  readonly #buckets = new Map<string, Bucket>();
  #namespaces: readonly string[] | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(namespace: string, name: string): JsonObject | undefined {
    return this.#buckets.get(namespace)?.objects.get(name);
  }

  set(namespace: string, name: string, object: JsonObject): void {
    const bucket = this.#buckets.get(namespace) ?? this.#addBucket(namespace);
    if (!bucket.objects.has(name)) {
      this.#size++;
      bucket.names = undefined;
    }
    bucket.objects.set(name, object);
  }

  delete(namespace: string, name: string): void {
    const bucket = this.#buckets.get(namespace);
    if (!bucket?.objects.delete(name)) return;
    this.#size--;
    bucket.names = undefined;
    if (bucket.objects.size === 0) {
      this.#buckets.delete(namespace);
      this.#namespaces = undefined;
    }
  }

  /** How many there are in a namespace. */
  sizeOf(namespace: string): number {
    return this.#buckets.get(namespace)?.objects.size ?? 0;
  }

  /** The objects in order, of one namespace or of all. Not to be held across a change. */
  *in(namespace: string | undefined, after?: Position): Generator<JsonObject> {
    if (namespace !== undefined) {
      yield* this.#inBucket(namespace, after?.namespace === namespace ? after.name : undefined);
      return;
    }
    this.#namespaces ??= [...this.#buckets.keys()].sort((a, b) => compare(`${a}/`, `${b}/`));
    const first = after ? lowerBound(this.#namespaces, `${after.namespace}/`, (ns) => `${ns}/`) : 0;
    for (const each of this.#namespaces.slice(first)) {
      yield* this.#inBucket(each, after?.namespace === each ? after.name : undefined);
    }
  }

  *#inBucket(namespace: string, after: string | undefined): Generator<JsonObject> {
    const bucket = this.#buckets.get(namespace);
    if (!bucket) return;
    bucket.names ??= [...bucket.objects.keys()].sort(compare);
    const names = bucket.names;
    let index = after === undefined ? 0 : lowerBound(names, after, (name) => name);
    if (after !== undefined && names[index] === after) index++;
    for (; index < names.length; index++) {
      const object = bucket.objects.get(names[index] ?? '');
      if (object) yield object;
    }
  }

  #addBucket(namespace: string): Bucket {
    const bucket: Bucket = { objects: new Map(), names: undefined };
    this.#buckets.set(namespace, bucket);
    this.#namespaces = undefined;
    return bucket;
  }
}

/** Where one object stands relative to another in a list. */
export function comparePositions(left: Position, right: Position): number {
  return compare(`${left.namespace}/`, `${right.namespace}/`) || compare(left.name, right.name);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function lowerBound<T>(sorted: readonly T[], key: string, keyOf: (item: T) => string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && keyOf(item) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
