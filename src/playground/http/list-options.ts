import type { ServedResource } from '../api/served-resource.ts';
import { badRequest, invalid, type StatusCause, StatusError } from '../status-error.ts';
import { parseFieldSelector } from './field-selector.ts';
import { type ObjectFilter, parseLabelSelector } from './label-selector.ts';
import { isTrue } from './request-info.ts';

/** What a list, a watch or a deletion of a collection is asked for. */
export interface ListOptions {
  /** Undefined: everything. */
  readonly filter: ObjectFilter | undefined;
  /** 0: no limit. */
  readonly limit: number;
  readonly continueToken: string;
  /** Empty: the latest. */
  readonly resourceVersion: string;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  readonly sendInitialEvents: boolean;
  readonly allowBookmarks: boolean;
  /** Undefined: the server decides. */
  readonly timeoutSeconds: number | undefined;
}

/** @throws StatusError 400, 422 */
export function listOptions(
  query: URLSearchParams,
  served: ServedResource,
  isWatch: boolean,
): ListOptions {
  const labels = parseLabelSelector(query.get('labelSelector'));
  const fields = parseFieldSelector(query.get('fieldSelector'), served);
  const filter =
    labels && fields
      ? (object: Parameters<ObjectFilter>[0]) => labels(object) && fields(object)
      : (labels ?? fields);
  const options = {
    filter,
    limit: integer(query.get('limit')) ?? 0,
    continueToken: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    match: query.get('resourceVersionMatch') ?? '',
    sendInitialEvents: query.has('sendInitialEvents')
      ? isTrue(query.get('sendInitialEvents'))
      : undefined,
    allowBookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds: integer(query.get('timeoutSeconds')),
  };
  const causes = isWatch ? watchCauses(options) : listCauses(options);
  if (causes.length > 0) {
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes);
  }
  return {
    ...options,
    sendInitialEvents: options.sendInitialEvents ?? false,
    match: matchOf(options.match),
  };
}

interface RawOptions {
  readonly resourceVersion: string;
  readonly continueToken: string;
  readonly match: string;
  readonly sendInitialEvents: boolean | undefined;
}

function listCauses({ resourceVersion, continueToken, match, sendInitialEvents }: RawOptions) {
  const causes: StatusCause[] = [];
  if (match !== '') {
    if (resourceVersion === '')
      causes.push(noMatch('resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (continueToken !== '')
      causes.push(noMatch('resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan')
      causes.push(unsupportedMatch(match, '"Exact", "NotOlderThan"'));
    if (match === 'Exact' && resourceVersion === '0')
      causes.push(noMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (sendInitialEvents !== undefined) {
    causes.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  return causes;
}

function watchCauses({ match, sendInitialEvents }: RawOptions) {
  const causes: StatusCause[] = [];
  if (sendInitialEvents === undefined) {
    if (match !== '')
      causes.push(
        noMatch('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
      );
    return causes;
  }
  if (match === '')
    causes.push(noMatch('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  else if (match !== 'NotOlderThan') causes.push(unsupportedMatch(match, '"NotOlderThan"'));
  return causes;
}

function noMatch(why: string): StatusCause {
  return forbiddenField('resourceVersionMatch', why);
}

function forbiddenField(field: string, why: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field };
}

function unsupportedMatch(match: string, supported: string): StatusCause {
  const message = `Unsupported value: "${match}": supported values: ${supported}`;
  return { reason: 'FieldValueNotSupported', message, field: 'resourceVersionMatch' };
}

function matchOf(match: string): ListOptions['match'] {
  return match === 'Exact' || match === 'NotOlderThan' ? match : '';
}

function integer(value: string | null): number | undefined {
  if (value === null || value === '') return undefined;
  if (/^-?\d+$/.test(value)) return Number(value);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
}

/** Reads a resourceVersion; 0 for none. @throws StatusError */
export function revisionOf(resourceVersion: string, isWatch: boolean): number {
  if (resourceVersion === '') return 0;
  if (/^\d+$/.test(resourceVersion)) return Number(resourceVersion);
  const why = `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`;
  throw isWatch ? new StatusError(500, '', why) : badRequest(`invalid resource version: ${why}`);
}

/** A list from a future that has not happened. */
export function tooLarge(revision: number, current: number): StatusError {
  const message = `Timeout: Too large resource version: ${revision}, current: ${current}`;
  return new StatusError(504, 'Timeout', message, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}
