import { isJsonObject, type JsonObject, objectOf } from '../patch/json.ts';
import { badRequest, StatusError } from '../status-error.ts';
import { textAt } from '../tables/read.ts';
import type { AccessControl } from './access.ts';
import { type Answer, json } from './answer.ts';
import type { Call } from './call.ts';
import { readBody, requireObjectType } from './read-body.ts';
import { type RequestInfo, requestInfo } from './request-info.ts';

/** Reviews by their path's end; they are answered and not stored. */
export function accessReviews(access: AccessControl): ReadonlyMap<string, (call: Call) => Answer> {
  return new Map([
    ['authorization.k8s.io/v1/selfsubjectaccessreviews', (call) => accessReview(access, call)],
    ['authorization.k8s.io/v1/selfsubjectrulesreviews', rulesReview],
    ['authentication.k8s.io/v1/selfsubjectreviews', subjectReview],
  ]);
}

const KINDS: Readonly<Record<string, string>> = {
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  selfsubjectreviews: 'SelfSubjectReview',
};

function readReview(call: Call): JsonObject {
  if (call.info.verb !== 'create') {
    const message = 'the server does not allow this method on the requested resource';
    throw new StatusError(405, 'MethodNotAllowed', message, { details: {} });
  }
  requireObjectType(call);
  const { content } = readBody(call);
  const { group, version, resource } = call.info;
  if (isJsonObject(content)) {
    return { kind: KINDS[resource] ?? '', apiVersion: `${group}/${version}`, ...content };
  }
  throw badRequest(`expected a review, got ${JSON.stringify(content)}`);
}

function answered(review: JsonObject, status: JsonObject): Answer {
  return json({ ...review, metadata: objectOf(review, 'metadata') ?? {}, status }, 201);
}

function accessReview(access: AccessControl, call: Call): Answer {
  const review = readReview(call);
  const allowed = access.isAllowed(call.user, askedFor(review));
  return answered(review, allowed ? { allowed, reason: 'allowed by default' } : { allowed });
}

function askedFor(review: JsonObject): RequestInfo {
  const spec = objectOf(review, 'spec') ?? {};
  const outside = objectOf(spec, 'nonResourceAttributes');
  const empty = requestInfo('GET', textAt(outside, 'path'), new URLSearchParams());
  if (outside) return { ...empty, verb: textAt(outside, 'verb'), isResource: false };
  const attributes = objectOf(spec, 'resourceAttributes');
  if (!attributes) {
    const message =
      'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw new StatusError(422, 'Invalid', message);
  }
  return {
    ...empty,
    isResource: true,
    verb: textAt(attributes, 'verb'),
    group: textAt(attributes, 'group'),
    version: textAt(attributes, 'version'),
    resource: textAt(attributes, 'resource'),
    subresource: textAt(attributes, 'subresource'),
    namespace: textAt(attributes, 'namespace'),
    name: textAt(attributes, 'name'),
  };
}

function rulesReview(call: Call): Answer {
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  return answered(readReview(call), {
    resourceRules: [everything],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  });
}

function subjectReview(call: Call): Answer {
  const { name, groups } = call.user;
  return answered(readReview(call), { userInfo: { username: name, groups } });
}
