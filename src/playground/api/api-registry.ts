import { groupVersion, type ServedResource } from './served-resource.ts';

/** A group with its versions, the preferred one first. */
export interface ServedGroup {
  readonly group: string;
  readonly versions: readonly string[];
}

/** Every resource that is served, by group, version and plural. Resources come and go with their definitions. */
export class ApiRegistry {
  /** By group and version, resources by plural. */
  readonly #versions = new Map<string, Map<string, ServedResource>>();
  #revision = 0;

  /** Grows with every change: what is derived from the whole may be kept as long as it stays. */
  get revision(): number {
    return this.#revision;
  }

  set(served: ServedResource): void {
    const key = groupVersion(served);
    const resources = this.#versions.get(key) ?? new Map<string, ServedResource>();
    resources.set(served.resource, served);
    this.#versions.set(key, resources);
    this.#revision++;
  }

  delete(group: string, version: string, resource: string): void {
    const key = groupVersion({ group, version });
    const resources = this.#versions.get(key);
    if (!resources?.delete(resource)) return;
    if (resources.size === 0) this.#versions.delete(key);
    this.#revision++;
  }

  find(group: string, version: string, resource: string): ServedResource | undefined {
    return this.#versions.get(groupVersion({ group, version }))?.get(resource);
  }

  /** The resources of a version, by name; empty when it is not served. */
  resourcesOf(group: string, version: string): readonly ServedResource[] {
    const resources = this.#versions.get(groupVersion({ group, version }));
    return [...(resources?.values() ?? [])].sort((a, b) => (a.resource < b.resource ? -1 : 1));
  }

  hasVersion(group: string, version: string): boolean {
    return this.#versions.has(groupVersion({ group, version }));
  }

  /** The groups, the core group first, the others in the order they came. */
  groups(): readonly ServedGroup[] {
    const groups = new Map<string, string[]>([['', []]]);
    for (const key of this.#versions.keys()) {
      const [group = '', version = ''] = key.includes('/') ? key.split('/') : ['', key];
      groups.set(group, [...(groups.get(group) ?? []), version]);
    }
    return [...groups].map(([group, versions]) => ({
      group,
      versions: versions.sort(newestFirst),
    }));
  }
}

/** `v2` before `v1` before `v1beta1` before `v1alpha1`, as the API server prefers versions. */
export function newestFirst(left: string, right: string): number {
  const [a, b] = [stability(left), stability(right)];
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return other - value;
  }
  return left < right ? -1 : 1;
}

function stability(version: string): readonly number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return [-1, 0, 0];
  const [, major, stage, minor] = match;
  const level = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return [level, Number(major), Number(minor ?? 0)];
}
