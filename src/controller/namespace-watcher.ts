import type { ObjectSource } from '../kubernetes/object-source.ts';
import type { Namespace } from '../kubernetes/resources/namespaces.ts';
import type { ObjectEvent } from '../kubernetes/watch-event.ts';
import type { NamespaceState } from '../observability/metrics/controller-metrics.ts';
import { ChildSet } from '../runtime/child-set.ts';
import { describeError } from '../runtime/errors.ts';
import type { ControllerContext } from './controller-context.ts';
import { watchConfigurations } from './crd-watcher.ts';
import { explainInactivity } from './explain-inactivity.ts';
import { judgeNamespace, NAMESPACE_LABEL, type OptInRule } from './opt-in.ts';

export interface NamespaceWatcherOptions {
  readonly namespaces: ObjectSource<Namespace>;
  readonly rule: OptInRule;
  readonly context: ControllerContext;
}

/**
 * Keeps a configuration watcher running in every opted-in namespace until `signal` aborts, and in the
 * others somebody who tells each configuration why nothing happens.
 *
 * Every event is answered at once: what it stops ends in its own time, and what it starts in the same
 * namespace begins after that.
 */
export async function watchNamespaces(
  options: NamespaceWatcherOptions,
  signal: AbortSignal,
): Promise<void> {
  const { namespaces, context } = options;
  const { logger } = context;
  await using watchers = new ChildSet(signal, {
    onFailure: (namespace, error) =>
      logger.error({ namespace, error }, 'the watcher of a namespace broke'),
  });
  const watcher = new NamespaceWatcher(options, watchers);
  for await (const event of namespaces.events({}, signal)) {
    if (event.type === 'SYNCED') watcher.synced();
    else watcher.handle(event);
  }
}

class NamespaceWatcher {
  readonly #rule: OptInRule;
  readonly #context: ControllerContext;
  readonly #watchers: ChildSet;
  readonly #states = new Map<string, NamespaceState>();
  readonly #counts: Record<NamespaceState, number> = {
    watched: 0,
    opted_out: 0,
    protected: 0,
    terminating: 0,
  };
  #live = false;

  constructor({ rule, context }: NamespaceWatcherOptions, watchers: ChildSet) {
    this.#rule = rule;
    this.#context = context;
    this.#watchers = watchers;
  }

  /** From here on an ADDED namespace is a new one. */
  synced(): void {
    this.#live = true;
    const { watched, opted_out, protected: spared } = this.#counts;
    this.#context.logger.info(
      { watched, optedOut: opted_out, protected: spared },
      `watching ${watched} of ${this.#states.size} namespaces`,
    );
  }

  handle(event: ObjectEvent<Namespace>): void {
    const { clock, metrics } = this.#context;
    const began = clock.monotonic();
    const before = this.#states.get(event.object.metadata.name);
    const after =
      event.type === 'DELETED' ? undefined : judgeNamespace(judged(event.object), this.#rule);
    if (before !== after) this.#move(event.object, before, after);
    if (event.type === 'DELETED' && before !== undefined)
      this.#context.announcer.namespaceDeleted(event.object);
    if (isCounted(event, before, after)) {
      metrics.namespaceWatcher.event(event.type, (clock.monotonic() - began) * 1_000);
    }
  }

  #move(
    namespace: Namespace,
    before: NamespaceState | undefined,
    after: NamespaceState | undefined,
  ): void {
    const { name } = namespace.metadata;
    if (before !== undefined) this.#counts[before] -= 1;
    if (after === undefined) this.#states.delete(name);
    else {
      this.#states.set(name, after);
      this.#counts[after] += 1;
    }
    this.#context.metrics.namespaces(this.#counts);
    this.#report(name, before, after);
    this.#run(namespace, after);
  }

  #run(namespace: Namespace, state: NamespaceState | undefined): void {
    const { name } = namespace.metadata;
    switch (state) {
      case 'watched':
        this.#watchers.start(name, (signal) =>
          watchConfigurations({ context: this.#context, namespace, isNew: this.#live }, signal),
        );
        return;
      case 'opted_out':
      case 'protected':
        this.#watchers.start(name, (signal) =>
          explainInactivity(this.#context, name, state, signal),
        );
        return;
      case 'terminating':
      case undefined:
        this.#context.restorer.unsettle(name);
        this.#watchers
          .stop(name)
          .catch((error) => this.#context.logger.error({ namespace: name }, describeError(error)));
    }
  }

  #report(
    namespace: string,
    before: NamespaceState | undefined,
    after: NamespaceState | undefined,
  ): void {
    const { logger } = this.#context;
    const state = after ?? 'deleted';
    const message = MESSAGES[state];
    if (this.#live || state === 'protected') logger.info({ namespace, was: before }, message);
    else logger.debug({ namespace }, message);
  }
}

const MESSAGES: Readonly<Record<NamespaceState | 'deleted', string>> = {
  watched: 'namespace is opted in: watching its configurations',
  opted_out: 'namespace is opted out: nothing in it is disturbed',
  protected: 'namespace is protected: nothing in it is disturbed',
  terminating: 'namespace is being deleted: nothing in it is disturbed any more',
  deleted: 'namespace is gone',
};

/** Of a namespace that is not allowed, only the change that took it out counts. */
function isCounted(
  { type }: ObjectEvent<Namespace>,
  before: NamespaceState | undefined,
  after: NamespaceState | undefined,
): boolean {
  if (type === 'ADDED') return after === 'watched' && before !== 'watched';
  return type === 'DELETED' ? before !== undefined : true;
}

function judged({ metadata, labels, terminating }: Namespace) {
  return { name: metadata.name, optIn: labels.get(NAMESPACE_LABEL), terminating };
}
