import { StatusError } from '../status-error.ts';
import type { Call, User } from './call.ts';
import type { RequestInfo } from './request-info.ts';
import { matchesRequest, type RequestMatch } from './request-log.ts';

/**
 * Who calls without saying who he is. kubectl sends no token over plain HTTP, so on loopback this is
 * the one who started the cluster.
 */
export const ADMINISTRATOR: User = {
  name: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
};

export interface ForbidRule extends RequestMatch {
  /** Whom it concerns. Default: everybody. */
  readonly user?: string;
}

/** Who may do what: everybody everything, but for what has been forbidden; unknown tokens are refused. */
export class AccessControl {
  readonly #users = new Map<string, User>();
  readonly #rules = new Set<ForbidRule>();

  /** Lets a bearer token stand for a user. */
  addToken(token: string, user: User): void {
    this.#users.set(token, user);
  }

  /** From now on the token is answered with 401. */
  revokeToken(token: string): void {
    this.#users.delete(token);
  }

  /** Answers matching requests with 403, as if no role allowed them, until disposed of. */
  forbid(rule: ForbidRule): Disposable {
    this.#rules.add(rule);
    return { [Symbol.dispose]: () => void this.#rules.delete(rule) };
  }

  /** @throws StatusError 401 for a token that is not known */
  authenticate(authorization: string | undefined): User {
    if (authorization === undefined) return ADMINISTRATOR;
    const user = this.#users.get(authorization.replace(/^Bearer\s+/i, ''));
    if (user) return user;
    throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  }

  /** @throws StatusError 403 */
  authorize(call: Call): void {
    const { info, user } = call;
    if (this.isAllowed(user, info)) return;
    throw denial(user, info);
  }

  isAllowed(user: User, info: RequestInfo): boolean {
    return ![...this.#rules].some(
      (rule) => (rule.user === undefined || rule.user === user.name) && matchesRequest(rule, info),
    );
  }
}

function denial(user: User, info: RequestInfo): StatusError {
  const { verb, group, resource, subresource, namespace, name, path, isResource } = info;
  if (!isResource) {
    const message = `forbidden: User "${user.name}" cannot ${verb} path "${path}"`;
    return new StatusError(403, 'Forbidden', message, { details: {} });
  }
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const named = name === '' ? '' : ` "${name}"`;
  const message = `${qualified}${named} is forbidden: User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}" ${scope}`;
  return new StatusError(403, 'Forbidden', message, {
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: resource,
    },
  });
}
