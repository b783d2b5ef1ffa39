import type { ServedResource } from '../api/served-resource.ts';
import type { JsonObject } from '../patch/json.ts';
import { notFound } from '../status-error.ts';
import { metadataOf } from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import { type Answer, jsonText } from './answer.ts';
import type { Call } from './call.ts';
import { objectText } from './object-text.ts';
import { representationOf } from './representation.ts';
import { columnsText, includeObject, metadataText, rowText, tableHead } from './table.ts';

/** Answers a GET of an object, or of its status. @throws StatusError 404 */
export function get(store: ObjectStore, served: ServedResource, call: Call): Answer {
  const { namespace, name } = call.info;
  const stored = served.collection.get(served.namespaced ? namespace : '', name);
  if (!stored) throw notFound(served, name);
  return objectAnswer(store, served, call, served.codec.fromStorage(stored));
}

/** An object in the form the client accepts. */
export function objectAnswer(
  store: ObjectStore,
  served: ServedResource,
  call: Call,
  view: JsonObject,
  code = 200,
): Answer {
  const { form } = representationOf(call.accept);
  switch (form) {
    case 'object':
      return jsonText(objectText(served, view), code);
    case 'metadata':
      return jsonText(metadataText(view), code);
    case 'table': {
      const include = includeObject(call.query.get('includeObject'));
      const { resourceVersion = '' } = metadataOf(view);
      const row = rowText(served, view, include, store.clock.now());
      return jsonText(`${tableHead({ resourceVersion }, columnsText(served))}${row}]}`, code);
    }
  }
}
