/** What a request is about, as the API server's own authorisation and audit name it. */
export interface RequestInfo {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; else the method in lower case. */
  readonly verb: string;
  /** False for discovery, health and everything else outside of groups and versions. */
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  /** The plural; empty for the group version itself. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
}

const VERBS: Readonly<Record<string, readonly [one: string, all: string]>> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

/** Subresources of namespaces, which would otherwise read as resources in a namespace. */
const OF_NAMESPACES = new Set(['status', 'finalize']);

/** Reads method and URL. A path that cannot be decoded is taken as it stands. */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const outside: RequestInfo = {
    verb: method.toLowerCase(),
    isResource: false,
    group: '',
    version: '',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
    path,
  };
  const [root, ...rest] = segments;
  const [group, version, ...about] = root === 'api' ? ['', ...rest] : root === 'apis' ? rest : [];
  if (group === undefined || version === undefined || about.length === 0) {
    return { ...outside, group: group ?? '', version: version ?? '' };
  }
  const target = targetOf(about);
  const [one, all] = VERBS[method] ?? [method.toLowerCase(), method.toLowerCase()];
  const verb = target.name === '' ? all : one;
  const isWatch = verb === 'list' && isTrue(query.get('watch'));
  return {
    ...outside,
    ...target,
    isResource: true,
    group,
    version,
    verb: isWatch ? 'watch' : verb,
  };
}

function targetOf(segments: readonly string[]) {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = segments;
  if (first !== 'namespaces' || third === '' || OF_NAMESPACES.has(third)) {
    return { namespace: '', resource: first, name: second, subresource: third };
  }
  return { namespace: second, resource: third, name: fourth, subresource: fifth };
}

/** Booleans of a query as the API server reads them. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
