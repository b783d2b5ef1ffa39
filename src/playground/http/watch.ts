import { groupVersion, type ServedResource } from '../api/served-resource.ts';
import type { JsonObject } from '../patch/json.ts';
import { StatusError } from '../status-error.ts';
import type { Change } from '../storage/change-log.ts';
import { metadataOf, withMetadata } from '../storage/metadata.ts';
import type { ObjectStore } from '../store.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { type ListOptions, listOptions, revisionOf } from './list-options.ts';
import { objectText } from './object-text.ts';
import { type Representation, representationOf } from './representation.ts';
import { columnsText, includeObject, metadataText, rowText, tableHead } from './table.ts';
import { sendError, type WatchEventType, type WatchStream } from './watch-stream.ts';

/** How often a watch is told how far it is, when it asks for that. The API server: about a minute. */
const BOOKMARK_INTERVAL_MS = 60_000;

/** How long a watch lasts that does not say. The API server: 30 to 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 45 * 60;

/** Answers a watch of a collection. @throws StatusError before the watch begins */
export function watch(store: ObjectStore, served: ServedResource, call: Call): Answer {
  const { form } = representationOf(call.accept);
  const options = listOptions(call.query, served, true);
  const revision = revisionOf(options.resourceVersion, true);
  const include = includeObject(call.query.get('includeObject'));
  return {
    type: 'watch',
    open: async (stream) => {
      const writer = eventWriter(store, served, stream, form, include);
      await run({ store, served, call, options, revision, stream, writer });
    },
  };
}

type EventWriter = (type: WatchEventType, view: JsonObject) => void;

interface Running {
  readonly store: ObjectStore;
  readonly served: ServedResource;
  readonly call: Call;
  readonly options: ListOptions;
  readonly revision: number;
  readonly stream: WatchStream;
  readonly writer: EventWriter;
}

async function run(running: Running): Promise<void> {
  const { store, served, options, stream } = running;
  const timeoutMs = (options.timeoutSeconds || DEFAULT_TIMEOUT_SECONDS) * 1000;
  let begun: Disposable | undefined;
  failing(stream, () => {
    begun = begin(running);
  });
  using _subscription = begun;
  // With its definition a custom resource goes, and the API server ends the watches of it.
  using _ending = store.onResource(({ type, collection }) => {
    if (type === 'DELETED' && collection === served.collection) stream.close();
  });
  try {
    for (let leftMs = timeoutMs; leftMs > 0; leftMs -= BOOKMARK_INTERVAL_MS) {
      await store.clock.sleep(Math.min(leftMs, BOOKMARK_INTERVAL_MS), stream.signal);
      if (options.allowBookmarks) bookmark(running);
    }
  } catch (error) {
    if (!stream.signal.aborted) throw error;
  }
  stream.close();
}

/**
 * Sends what there is to send at once, and everything from then on.
 * @throws StatusError when the past is forgotten, or an object cannot be shown
 */
function begin({ store, served, call, options, revision, stream, writer }: Running): Disposable {
  const scope = served.namespaced && call.info.namespace !== '' ? call.info.namespace : undefined;
  const passes = (object: JsonObject) => !options.filter || options.filter(object);
  const onChange = (change: Change) => {
    if (scope !== undefined && change.namespace !== scope) return;
    failing(stream, () => translate(served, change, passes, writer));
  };
  if (revision > 0 && !options.sendInitialEvents) {
    return served.collection.watch(revision, onChange);
  }
  for (const object of served.collection.list(scope === undefined ? {} : { namespace: scope })) {
    const view = served.codec.fromStorage(object);
    if (passes(view)) writer('ADDED', view);
  }
  if (options.sendInitialEvents && options.allowBookmarks) {
    writer('BOOKMARK', bookmarkObject(store, served, { 'k8s.io/initial-events-end': 'true' }));
  }
  return served.collection.subscribe(onChange);
}

/** Tells the client of what cannot be shown to it, such as an object that cannot be converted, and ends. */
function failing(stream: WatchStream, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    sendError(stream, error.toStatus());
    stream.close();
  }
}

/** What a change is to somebody who sees only what passes: an object may come and go without either. */
function translate(
  { codec }: ServedResource,
  { type, object, previous, revision }: Change,
  passes: (object: JsonObject) => boolean,
  write: EventWriter,
): void {
  const view = codec.fromStorage(object);
  const before = previous && codec.fromStorage(previous);
  const passed = before !== undefined && passes(before);
  if (type === 'DELETED') {
    if (passed) write('DELETED', view);
    return;
  }
  const passesNow = passes(view);
  if (passesNow) write(passed ? 'MODIFIED' : 'ADDED', view);
  else if (passed) write('DELETED', withMetadata(before, { resourceVersion: String(revision) }));
}

function bookmark({ store, served, writer }: Running): void {
  writer('BOOKMARK', bookmarkObject(store, served));
}

function bookmarkObject(
  store: ObjectStore,
  served: ServedResource,
  annotations?: JsonObject,
): JsonObject {
  return {
    kind: served.kind,
    apiVersion: groupVersion(served),
    metadata: {
      resourceVersion: String(store.revision),
      ...(annotations ? { annotations } : {}),
    },
  };
}

function eventWriter(
  store: ObjectStore,
  served: ServedResource,
  stream: WatchStream,
  form: Representation['form'],
  include: ReturnType<typeof includeObject>,
): EventWriter {
  switch (form) {
    case 'object':
      return (type, view) => stream.send(type, objectText(served, view));
    case 'metadata':
      return (type, view) => stream.send(type, metadataText(view));
    case 'table': {
      let columns = columnsText(served);
      return (type, view) => {
        const { resourceVersion = '' } = metadataOf(view);
        const rows = type === 'BOOKMARK' ? [] : [rowText(served, view, include, store.clock.now())];
        stream.send(type, `${tableHead({ resourceVersion }, columns)}${rows.join('')}]}`);
        columns = 'null';
      };
    }
  }
}
