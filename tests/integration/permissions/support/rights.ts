import type {
  NamedObject,
  Permission,
  PermissionCondition,
  PermissionScope,
} from '../../../../src/controller/permissions.ts';
import type { LoggedRequest } from '../../../../src/playground/http/request-log.ts';

/** One thing that a rule allows, in the smallest pieces: a verb on a resource, on one object or all. */
export interface Right {
  readonly apiGroup: string;
  readonly resource: string;
  readonly verb: string;
  /** Undefined: objects of any name. */
  readonly name: string | undefined;
  /** In which namespace; undefined: in all of them and on what has none. */
  readonly namespace: string | undefined;
}

/** How an installation is: which rules it has, and what the objects that they name are called. */
export interface Installation {
  readonly own: string;
  readonly watchNamespaces: readonly string[];
  readonly conditions: readonly PermissionCondition[];
  readonly names: Readonly<Record<Exclude<NamedObject, 'namespace'>, string>>;
}

/** What the rules allow an installation, spelled out. */
export function rightsOf(permissions: readonly Permission[], installation: Installation): Right[] {
  return permissions
    .filter(({ when = [] }) => when.every((one) => installation.conditions.includes(one)))
    .flatMap((permission) =>
      namespacesOf(permission.scope, installation).flatMap((namespace) =>
        rightsIn(permission, namespace, installation),
      ),
    );
}

function rightsIn(
  { apiGroup, resources, verbs, objects }: Permission,
  namespace: string | undefined,
  { names }: Installation,
): Right[] {
  const named = objects?.map((object) => (object === 'namespace' ? namespace : names[object]));
  return resources.flatMap((resource) =>
    verbs.flatMap((verb) =>
      (named ?? [undefined]).map((name) => ({ apiGroup, resource, verb, name, namespace })),
    ),
  );
}

/** Where a rule of this scope is: in each of these, or everywhere (undefined). */
function namespacesOf(
  scope: PermissionScope,
  { own, watchNamespaces }: Installation,
): readonly (string | undefined)[] {
  const isEverywhere = watchNamespaces.length === 0;
  switch (scope) {
    case 'cluster':
      return isEverywhere ? [undefined] : [];
    case 'targets':
      return isEverywhere ? [undefined] : watchNamespaces;
    case 'watched':
      return watchNamespaces;
    case 'own':
      return [own];
    case 'definition':
      return [undefined];
  }
}

/** Whether the API server's authorizer would let this request pass by this right. */
export function allows(right: Right, request: LoggedRequest): boolean {
  const { group, resource, subresource, verb } = request;
  return (
    right.apiGroup === group &&
    right.resource === (subresource === '' ? resource : `${resource}/${subresource}`) &&
    right.verb === verb &&
    (right.name === undefined || right.name === nameIn(request)) &&
    (right.namespace === undefined || right.namespace === namespaceIn(request))
  );
}

/** `update deployments/scale of shop/web` */
export function describeRequest(request: LoggedRequest): string {
  const { group, resource, subresource, verb, path } = request;
  if (resource === '') return `${verb} ${path}`;
  const full = [group, resource, subresource].filter((part) => part !== '').join('/');
  return `${verb} ${full} of ${namespaceIn(request) || 'the cluster'}/${nameIn(request) || '*'}`;
}

export function describeRight({ apiGroup, resource, verb, name, namespace }: Right): string {
  return `${verb} ${apiGroup === '' ? '' : `${apiGroup}/`}${resource} of ${namespace ?? '*'}/${name ?? '*'}`;
}

/**
 * A list or watch of one name counts as of that object.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
function nameIn({ name, query }: LoggedRequest): string {
  if (name !== '') return name;
  const selector = new URLSearchParams(query).get('fieldSelector') ?? '';
  return /^metadata\.name==?([^,=]+)$/.exec(selector)?.[1] ?? '';
}

/** A Namespace counts as being in itself. */
function namespaceIn({ namespace, resource, name }: LoggedRequest): string {
  return resource === 'namespaces' ? name : namespace;
}
