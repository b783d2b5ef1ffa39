/** The metadata every stripped object keeps. */
export interface ObjectMetadata {
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly uid: string;
  /** Opaque: never parsed, never ordered. */
  readonly resourceVersion: string;
}

export interface KubernetesObject {
  readonly metadata: ObjectMetadata;
}

/** A kind of object: where it is served, and what of it is kept in memory. */
export interface Resource<T extends KubernetesObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Media types to ask for, where a part of the object is enough. */
  readonly accept?: string;
  /** Reads one object as the API server sent it and keeps what is used. Never throws for odd content. */
  strip(raw: unknown): T;
}

export interface ResourceAddress {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/**
 * The path of a collection, an object or a subresource, segments encoded:
 * `resourcePath(pods, 'default', 'web-0', 'eviction')` is `/api/v1/namespaces/default/pods/web-0/eviction`.
 */
export function resourcePath(
  { group, version, plural }: ResourceAddress,
  namespace?: string,
  name?: string,
  subresource?: string,
): string {
  const root = group === '' ? ['api', version] : ['apis', group, version];
  const scope = namespace ? ['namespaces', namespace] : [];
  const rest = [plural, name, subresource].filter((segment) => segment !== undefined);
  return `/${[...root, ...scope, ...rest].map(encodeURIComponent).join('/')}`;
}
