import { isJsonObject, type Json, type JsonObject, objectOf } from '../patch/json.ts';
import type { ResolveRef, Schema } from '../patch/schema.ts';

/**
 * The OpenAPI v3 documents of the built-in kinds by their path (`api/v1`, `apis/apps/v1`), as a real API
 * server has them, with only what is served here. Loaded when a cluster starts, not when imported.
 */
export async function loadDocuments(): Promise<ReadonlyMap<string, JsonObject>> {
  const loaded = await Promise.all([
    import('../openapi/api-v1.json', { with: { type: 'json' } }),
    import('../openapi/apps-v1.json', { with: { type: 'json' } }),
    import('../openapi/events.k8s.io-v1.json', { with: { type: 'json' } }),
    import('../openapi/coordination.k8s.io-v1.json', { with: { type: 'json' } }),
    import('../openapi/policy-v1.json', { with: { type: 'json' } }),
    import('../openapi/autoscaling-v2.json', { with: { type: 'json' } }),
    import('../openapi/apiextensions.k8s.io-v1.json', { with: { type: 'json' } }),
    import('../openapi/authorization.k8s.io-v1.json', { with: { type: 'json' } }),
    import('../openapi/authentication.k8s.io-v1.json', { with: { type: 'json' } }),
  ]);
  const documents = loaded.map(({ default: document }) => requireObject(document));
  return new Map(documents.map((document) => [rootOf(document), document]));
}

/** What the built-in resources of each group and version are: the `resources` of real discovery. */
export async function loadDiscovery(): Promise<JsonObject> {
  const { default: discovery } = await import('../openapi/discovery.json', {
    with: { type: 'json' },
  });
  return requireObject(discovery);
}

function requireObject(value: unknown): JsonObject {
  const json = value as Json;
  if (isJsonObject(json)) return json;
  throw new TypeError(`expected an object in a generated document, got ${typeof value}`);
}

/** `api/v1` or `apis/apps/v1`: the first segments that all of its paths share. */
function rootOf(document: JsonObject): string {
  const [first = ''] = Object.keys(objectOf(document, 'paths') ?? {});
  const segments = first.split('/').slice(1);
  return segments.slice(0, segments[0] === 'api' ? 2 : 3).join('/');
}

const SCHEMAS = '#/components/schemas/';

/** Finds the schemas of a document by their references. */
export function resolverOf(document: JsonObject): ResolveRef {
  const schemas = objectOf(objectOf(document, 'components') ?? {}, 'schemas') ?? {};
  return (ref) => {
    const schema = ref.startsWith(SCHEMAS)
      ? objectOf(schemas, ref.slice(SCHEMAS.length))
      : undefined;
    return schema as Schema | undefined;
  };
}

/** The reference to the schema of a kind; undefined when the document has none. */
export function refOfKind(
  document: JsonObject,
  group: string,
  version: string,
  kind: string,
): string | undefined {
  const schemas = objectOf(objectOf(document, 'components') ?? {}, 'schemas') ?? {};
  for (const [name, schema] of Object.entries(schemas)) {
    const kinds = isJsonObject(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
    if (!Array.isArray(kinds) || kinds.length !== 1) continue;
    const [only] = kinds;
    if (only.group === group && only.version === version && only.kind === kind)
      return SCHEMAS + name;
  }
  return undefined;
}
