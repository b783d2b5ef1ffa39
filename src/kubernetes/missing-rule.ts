import { ChaosError } from '../runtime/errors.ts';
import { isApiError, type Verb } from './client.ts';

/** What was not allowed. */
export interface RefusedAccess {
  /** What is wanted in all; the first of it was refused. */
  readonly verbs: readonly Verb[];
  /** Empty for the core group. */
  readonly group: string;
  readonly plural: string;
  /** Empty for what is in no namespace. */
  readonly namespace: string;
  /** Absent where RBAC cannot restrict by name, as for create. */
  readonly name?: string;
}

/**
 * Says of a 403 which rule is missing, and where; anything else is left as it is.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function explainForbidden(error: unknown, access: RefusedAccess): unknown {
  if (!isApiError(error, 403)) return error;
  const { verbs, group, plural, namespace, name } = access;
  const role = namespace === '' ? 'a ClusterRole' : `a Role in the namespace "${namespace}"`;
  const names = name === undefined ? '' : `resourceNames: ["${name}"], `;
  const rule = `{apiGroups: ["${group}"], resources: ["${plural}"], ${names}verbs: ${JSON.stringify(verbs)}}`;
  const message = `expected ${role} with the rule ${rule}, got: ${error.status.message}`;
  return new ChaosError('ERR_KUBERNETES_FORBIDDEN', message);
}
