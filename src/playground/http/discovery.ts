import type { ApiRegistry } from '../api/api-registry.ts';
import { groupVersion, type ServedResource } from '../api/served-resource.ts';
import type { Json, JsonObject } from '../patch/json.ts';
import { type Answer, json } from './answer.ts';

/** Resources that are served but not stored, as discovery tells of them: access reviews, metrics. */
export interface VirtualResource {
  readonly group: string;
  readonly version: string;
  readonly entry: JsonObject;
}

export interface DiscoverySource {
  readonly registry: ApiRegistry;
  virtual(): readonly VirtualResource[];
}

const AGGREGATED = 'apidiscovery.k8s.io';

interface VersionResources {
  readonly version: string;
  /** As `APIResourceList` has them: subresources are entries of their own. */
  readonly entries: readonly JsonObject[];
}

interface Group {
  readonly group: string;
  readonly versions: readonly VersionResources[];
}

/** Everything that is served, the core group first. */
function groupsOf({ registry, virtual }: DiscoverySource): readonly Group[] {
  const groups = new Map<string, Map<string, JsonObject[]>>([['', new Map()]]);
  const add = (group: string, version: string, entries: readonly JsonObject[]) => {
    const versions = groups.get(group) ?? new Map<string, JsonObject[]>();
    groups.set(group, versions.set(version, [...(versions.get(version) ?? []), ...entries]));
  };
  for (const { group, versions } of registry.groups()) {
    for (const version of versions) {
      add(group, version, registry.resourcesOf(group, version).flatMap(entriesOf));
    }
  }
  for (const { group, version, entry } of virtual()) add(group, version, [entry]);
  return [...groups].map(([group, versions]) => ({
    group,
    versions: [...versions].map(([version, entries]) => ({ version, entries })),
  }));
}

function entriesOf(served: ServedResource): readonly JsonObject[] {
  const { resource, singular, namespaced, kind, verbs, shortNames, categories } = served;
  const hash = served.storageVersionHash;
  return [
    {
      name: resource,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories.length > 0 ? { categories } : {}),
      ...(hash === undefined ? {} : { storageVersionHash: hash }),
    },
    ...served.subresources.map((sub) => ({
      name: `${resource}/${sub.name}`,
      singularName: '',
      namespaced,
      ...(sub.group === '' ? {} : { group: sub.group }),
      ...(sub.version === '' ? {} : { version: sub.version }),
      kind: sub.kind,
      verbs: sub.verbs,
    })),
  ];
}

/** Answers `/api`: the versions of the core group, or all of it when asked for the aggregated form. */
export function coreVersions(source: DiscoverySource, accept: string, address: string): Answer {
  if (accept.includes(AGGREGATED)) {
    return aggregated(groupsOf(source).filter(({ group }) => group === ''));
  }
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
  return json({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs });
}

/** Answers `/apis`: the other groups. */
export function groupList(source: DiscoverySource, accept: string): Answer {
  const groups = groupsOf(source).filter(({ group }) => group !== '');
  if (accept.includes(AGGREGATED)) return aggregated(groups);
  return json({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) });
}

/** Answers `/apis/GROUP`; undefined when there is no such group. */
export function groupDocument(source: DiscoverySource, name: string): Answer | undefined {
  const group = groupsOf(source).find((candidate) => candidate.group === name && name !== '');
  return group && json({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) });
}

/** Answers `/api/v1` and `/apis/GROUP/VERSION`; undefined when it is not served. */
export function resourceList(
  source: DiscoverySource,
  group: string,
  version: string,
): Answer | undefined {
  const found = groupsOf(source)
    .find((candidate) => candidate.group === group)
    ?.versions.find((candidate) => candidate.version === version);
  return (
    found &&
    json({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: groupVersion({ group, version }),
      resources: found.entries,
    })
  );
}

function groupEntry({ group, versions }: Group): JsonObject {
  const entries = versions.map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  const [preferred = {}] = entries;
  return { name: group, versions: entries, preferredVersion: preferred };
}

function aggregated(groups: readonly Group[]): Answer {
  const items = groups.map(({ group, versions }) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versions.map(({ version, entries }) => ({
      version,
      resources: entries
        .filter(({ name }) => !String(name).includes('/'))
        .map((entry) => aggregatedEntry(entry, entries)),
      freshness: 'Current',
    })),
  }));
  return {
    type: 'json',
    code: 200,
    body: {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items,
    },
    contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  };
}

function aggregatedEntry(entry: JsonObject, all: readonly JsonObject[]): Json {
  const name = String(entry.name);
  const subresources = all
    .filter((other) => String(other.name).startsWith(`${name}/`))
    .map((other) => ({
      subresource: String(other.name).slice(name.length + 1),
      responseKind: responseKind(other),
      verbs: other.verbs ?? [],
    }));
  return {
    resource: name,
    responseKind: responseKind(entry),
    scope: entry.namespaced === true ? 'Namespaced' : 'Cluster',
    singularResource: entry.singularName ?? '',
    verbs: entry.verbs ?? [],
    ...(entry.shortNames ? { shortNames: entry.shortNames } : {}),
    ...(entry.categories ? { categories: entry.categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

function responseKind(entry: JsonObject): JsonObject {
  return { group: entry.group ?? '', version: entry.version ?? '', kind: entry.kind ?? '' };
}
