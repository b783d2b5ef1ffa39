import { describeError } from '../../runtime/errors.ts';
import { V1, V1ALPHA1 } from '../api.ts';
import { isJsonObject, type JsonObject, property, stringOrEmpty } from '../json.ts';
import { fieldError, quote } from '../schema/schema-errors.ts';
import { convertConfiguration, isConfigurationVersion } from './convert.ts';

const REVIEW_KIND = 'ConversionReview';
const REVIEW_VERSION = 'apiextensions.k8s.io/v1';

/** How many objects that could not be converted are named. */
const MOST_MESSAGES = 10;

/** The answer to a ConversionReview of apiextensions.k8s.io/v1. */
export interface ConversionReview {
  readonly kind: typeof REVIEW_KIND;
  readonly apiVersion: typeof REVIEW_VERSION;
  readonly response: {
    /** That of the request; empty when it could not be read. */
    readonly uid: string;
    readonly result: { readonly status: 'Success' | 'Failure'; readonly message?: string };
    /** In the order of the request; empty on failure. */
    readonly convertedObjects: readonly JsonObject[];
  };
}

interface ConversionRequest {
  readonly uid: string;
  readonly desiredAPIVersion: string;
  readonly objects: readonly unknown[];
}

/**
 * Answers what the API server asks of the conversion webhook. Never throws: whatever is wrong is in the
 * result's message, `Failed to decode: …` for the request and `Failed to convert: …` for its objects.
 *
 * @param body the parsed body of the request, whatever it is
 */
export function answerConversionReview(body: unknown): ConversionReview {
  const request = readRequest(body);
  if (typeof request === 'string') return failure(uidOf(body), `Failed to decode: ${request}`);
  const { uid, desiredAPIVersion, objects } = request;
  if (!isConfigurationVersion(desiredAPIVersion)) {
    const expected = fieldError('desiredAPIVersion', `${V1} or ${V1ALPHA1}`, desiredAPIVersion);
    return failure(uid, `Failed to convert: ${expected}`);
  }
  const convertedObjects: JsonObject[] = [];
  const errors: string[] = [];
  for (const object of objects) {
    try {
      convertedObjects.push(convertConfiguration(object, desiredAPIVersion));
    } catch (error) {
      errors.push(describeError(error));
    }
  }
  if (errors.length > 0) return failure(uid, `Failed to convert: ${listed(errors)}`);
  return answer({ uid, result: { status: 'Success' }, convertedObjects });
}

/** The request, or what is wrong with it. */
function readRequest(body: unknown): ConversionRequest | string {
  if (!isJsonObject(body)) return `expected a ${REVIEW_KIND}, got ${quote(body)}`;
  const kind = property(body, 'kind');
  const apiVersion = property(body, 'apiVersion');
  if (kind !== REVIEW_KIND) return `Wrong Kind: ${stringOrEmpty(kind)}`;
  if (apiVersion !== REVIEW_VERSION) return `Wrong APIVersion: ${stringOrEmpty(apiVersion)}`;
  const request = property(body, 'request');
  if (!isJsonObject(request)) return fieldError('request', 'an object', request);
  const uid = property(request, 'uid');
  const desiredAPIVersion = property(request, 'desiredAPIVersion');
  const objects = property(request, 'objects');
  if (typeof uid !== 'string') return fieldError('request.uid', 'a text', uid);
  if (typeof desiredAPIVersion !== 'string') {
    return fieldError('request.desiredAPIVersion', 'a text', desiredAPIVersion);
  }
  if (!Array.isArray(objects)) return fieldError('request.objects', 'a list', objects);
  return { uid, desiredAPIVersion, objects };
}

function uidOf(body: unknown): string {
  const request = isJsonObject(body) ? property(body, 'request') : undefined;
  return isJsonObject(request) ? stringOrEmpty(property(request, 'uid')) : '';
}

function failure(uid: string, message: string): ConversionReview {
  return answer({ uid, result: { status: 'Failure', message }, convertedObjects: [] });
}

function answer(response: ConversionReview['response']): ConversionReview {
  return { kind: REVIEW_KIND, apiVersion: REVIEW_VERSION, response };
}

function listed(errors: readonly string[]): string {
  const more = errors.length - MOST_MESSAGES;
  const shown = errors.slice(0, MOST_MESSAGES);
  return (more > 0 ? [...shown, `and ${more} more`] : shown).join('\n');
}
