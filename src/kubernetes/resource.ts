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
  /** Only `metadata` is asked for: the API server leaves the rest out. */
  readonly metadataOnly?: boolean;
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

/**
 * Media types to ask for: plain JSON, or where only the metadata are wanted the type that leaves the rest
 * out. Lists and watches have one each; a watch asked for the list's type stays silent (seen with 1.34).
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export function acceptedTypes(verb: 'list' | 'watch', metadataOnly = false): string {
  if (!metadataOnly) return 'application/json';
  const kind = verb === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;
}
