import type { JsonObject } from './patch/json.ts';

/** One of `details.causes`. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface StatusOptions extends ErrorOptions {
  readonly details?: StatusDetails;
  /** `metadata.continue` of an answer about an expired page token. */
  readonly continueToken?: string;
}

/** The resource an answer is about: `deployments` of `apps`. */
export interface QualifiedResource {
  readonly group: string;
  readonly resource: string;
}

/** A refusal in the words of the API server; it becomes a `Status` with this code and reason. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  /** `NotFound`, `Conflict` …; empty where the API server gives none. */
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  readonly #continueToken: string | undefined;

  constructor(code: number, reason: string, message: string, options: StatusOptions = {}) {
    super(message, options);
    this.code = code;
    this.reason = reason;
    this.details = options.details;
    this.#continueToken = options.continueToken;
  }

  /** The body of the answer. */
  toStatus(): JsonObject {
    const { code, reason, details } = this;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.#continueToken ? { continue: this.#continueToken } : {},
      status: 'Failure',
      message: this.message,
      ...(reason === '' ? {} : { reason }),
      ...(details === undefined ? {} : { details: detailsJson(details) }),
      code,
    };
  }
}

function detailsJson({ causes, ...details }: StatusDetails): JsonObject {
  return {
    ...details,
    ...(causes ? { causes: causes.map((cause) => ({ ...cause })) } : {}),
  };
}

/** `deployments.apps`, `pods`. */
export function qualified({ group, resource }: QualifiedResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function about({ group, resource }: QualifiedResource, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  };
}

export function notFound(resource: QualifiedResource, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, {
    details: about(resource, name),
  });
}

export function alreadyExists(resource: QualifiedResource, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, {
    details: about(resource, name),
  });
}

/** @param why `the object has been modified; …`, `Precondition failed: …` */
export function conflict(resource: QualifiedResource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, { details: about(resource, name) });
}

/** A write that carries an older resourceVersion than the object has. */
export function staleWrite(resource: QualifiedResource, name: string): StatusError {
  const why =
    'the object has been modified; please apply your changes to the latest version and try again';
  return conflict(resource, name, why);
}

/** Changes that are no longer known: the client has to list again. */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(410, 'Expired', message, continueToken ? { continueToken } : {});
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function forbidden(resource: QualifiedResource, name: string, why: string): StatusError {
  const named = name === '' ? '' : ` "${name}"`;
  return new StatusError(403, 'Forbidden', `${qualified(resource)}${named} is forbidden: ${why}`, {
    details: about(resource, name),
  });
}

/** The kind of an object that is refused as it is, and the reasons, field by field. */
export function invalid(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const reasons = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const list = reasons.length === 1 ? reasons[0] : `[${reasons.join(', ')}]`;
  const qualifiedKind = group === '' ? kind : `${kind}.${group}`;
  return new StatusError(422, 'Invalid', `${qualifiedKind} "${name}" is invalid: ${list}`, {
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind,
      causes,
    },
  });
}
