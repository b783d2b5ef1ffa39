import { groupVersion, type ServedResource } from '../api/served-resource.ts';
import type { JsonObject } from '../patch/json.ts';
import { expired, type StatusError } from '../status-error.ts';
import { nameOf, namespaceOf } from '../storage/metadata.ts';
import type { Position } from '../storage/ordered-objects.ts';
import type { ObjectStore } from '../store.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { decodeContinue, encodeContinue, type PageToken } from './continue-token.ts';
import { nameInSelector } from './field-selector.ts';
import { type ListOptions, listOptions, revisionOf, tooLarge } from './list-options.ts';
import { itemText } from './object-text.ts';
import { type Representation, representationOf } from './representation.ts';
import { columnsText, includeObject, metadataText, rowText, tableHead } from './table.ts';

/** A page of a list, in the version that is served. */
export interface Page {
  readonly items: readonly JsonObject[];
  readonly metadata: JsonObject;
}

/** Answers a GET of a collection. @throws StatusError */
export function list(store: ObjectStore, served: ServedResource, call: Call): Answer {
  const representation = representationOf(call.accept);
  const options = listOptions(call.query, served, false);
  const name = nameInSelector(call.query.get('fieldSelector'));
  const page = pageOf(store, served, call.info.namespace, options, name);
  return {
    type: 'chunks',
    chunks: pageText(served, page, representation, call, store.clock.now()),
  };
}

/** The objects that are asked for. @param name the only one that can be among them, if that is known */
export function pageOf(
  store: ObjectStore,
  served: ServedResource,
  namespace: string,
  options: ListOptions,
  name?: string,
): Page {
  const token = options.continueToken === '' ? undefined : decodeContinue(options.continueToken);
  const revision = token ? revisionOfPage(store, token) : revisionFor(store, options);
  const limit = options.resourceVersion === '0' ? 0 : options.limit;
  const scope = served.namespaced && namespace !== '' ? namespace : undefined;
  const single =
    name !== undefined &&
    revision === store.revision &&
    (scope !== undefined || !served.namespaced);
  const objects = single
    ? [served.collection.get(scope ?? '', name)].filter((object) => object !== undefined)
    : snapshot(served, { revision, token, scope });
  const items: JsonObject[] = [];
  let last: Position | undefined;
  let isMore = false;
  for (const object of objects) {
    const view = served.codec.fromStorage(object);
    if (options.filter && !options.filter(view)) continue;
    if (limit > 0 && items.length >= limit) {
      isMore = true;
      break;
    }
    items.push(view);
    last = { namespace: namespaceOf(object), name: nameOf(object) };
  }
  const metadata = { resourceVersion: String(revision) };
  if (!isMore || !last) return { items, metadata };
  const before = token ? token.remaining : sizeOf(served, scope);
  const remaining = before === undefined ? undefined : before - items.length;
  return {
    items,
    metadata: {
      ...metadata,
      continue: encodeContinue({ revision, start: last, remaining }),
      ...(options.filter || remaining === undefined ? {} : { remainingItemCount: remaining }),
    },
  };
}

/** A token of -1 goes on with what is there now. */
function revisionOfPage(store: ObjectStore, { revision }: PageToken): number {
  return revision === -1 ? store.revision : revision;
}

function sizeOf({ collection }: ServedResource, scope: string | undefined): number {
  return scope === undefined ? collection.size : collection.sizeOf(scope);
}

function revisionFor(store: ObjectStore, { resourceVersion, match }: ListOptions): number {
  const wanted = revisionOf(resourceVersion, false);
  if (wanted > store.revision) throw tooLarge(wanted, store.revision);
  return match === 'Exact' ? wanted : store.revision;
}

interface Snapshot {
  readonly revision: number;
  readonly token: PageToken | undefined;
  readonly scope: string | undefined;
}

function snapshot(
  { collection }: ServedResource,
  { revision, token, scope }: Snapshot,
): Iterable<JsonObject> {
  if (revision < collection.floor) throw tooOld(token, collection.floor);
  return collection.list({
    revision,
    ...(scope === undefined ? {} : { namespace: scope }),
    ...(token ? { after: token.start } : {}),
  });
}

function tooOld(token: PageToken | undefined, floor: number): StatusError {
  if (!token) return expired('The resourceVersion for the provided list is too old.');
  const inconsistent = encodeContinue({ ...token, revision: -1, remaining: undefined });
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    floor > 0 ? inconsistent : undefined,
  );
}

function* pageText(
  served: ServedResource,
  { items, metadata }: Page,
  { form }: Representation,
  call: Call,
  now: number,
): Generator<string> {
  const write = writer(served, form, call, metadata, now);
  yield write.head;
  let separator = '';
  for (const item of items) {
    yield separator + write.item(item);
    separator = ',';
  }
  yield ']}\n';
}

function writer(
  served: ServedResource,
  form: Representation['form'],
  call: Call,
  metadata: JsonObject,
  now: number,
) {
  const head = (kind: string, apiVersion: string) =>
    `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`;
  switch (form) {
    case 'table': {
      const include = includeObject(call.query.get('includeObject'));
      return {
        head: tableHead(metadata, columnsText(served)),
        item: (view: JsonObject) => rowText(served, view, include, now),
      };
    }
    case 'metadata':
      return { head: head('PartialObjectMetadataList', 'meta.k8s.io/v1'), item: metadataText };
    case 'object':
      return {
        head: head(served.listKind, groupVersion(served)),
        item: (view: JsonObject) => itemText(served, view),
      };
  }
}
