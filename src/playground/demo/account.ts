import { configurations } from '../../configuration/resource.ts';
import type { JsonObject } from '../patch/json.ts';
import { qualified } from '../status-error.ts';
import type { Change } from '../storage/change-log.ts';
import type { ObjectStore } from '../store.ts';
import { isTerminating, nameOf, namespaceOf, objectAt, textAt } from '../workloads/fields.ts';
import { matchesSelector } from '../workloads/label-selector.ts';
import { DEPLOYMENTS, NAMESPACES, PODS } from '../workloads/resources.ts';
import type { AccountLine } from './account-line.ts';
import { configurationLines, outcomeOf } from './configuration-lines.ts';
import { Readiness } from './readiness.ts';
import { type NamespaceCounts, Tally } from './tally.ts';

/** The configurations' resource as the store knows it. */
export const CONFIGURATIONS = qualified({
  group: configurations.group,
  resource: configurations.plural,
});

export interface AccountOptions {
  readonly store: ObjectStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly isProtected: (namespace: string) => boolean;
  readonly isOptedIn: (namespace: JsonObject) => boolean;
  readonly write: (line: AccountLine) => void;
}

/**
 * Tells what happens in the cluster, and why not, from nothing but what any user of it can see: the
 * configurations' status, deployments, pods and namespaces. Follows them until it is disposed of.
 */
export class Account implements Disposable {
  readonly tally = new Tally();
  readonly #options: AccountOptions;
  readonly #readiness = new Readiness();
  readonly #subscriptions = new DisposableStack();

  constructor(options: AccountOptions) {
    this.#options = options;
    for (const deployment of options.store.collection(DEPLOYMENTS).list()) {
      this.#readiness.observe(deployment, options.now());
    }
    const follow = (resource: string, tell: (change: Change) => void) =>
      this.#subscriptions.use(options.store.collection(resource).subscribe(tell));
    follow(CONFIGURATIONS, (change) => this.#configurationChanged(change));
    follow(DEPLOYMENTS, (change) => this.#deploymentChanged(change));
    follow(PODS, (change) => this.#podChanged(change));
    follow(NAMESPACES, (change) => this.#namespaceChanged(change));
  }

  [Symbol.dispose](): void {
    this.#subscriptions.dispose();
  }

  namespaces(): NamespaceCounts {
    const { store, isProtected, isOptedIn } = this.#options;
    const all = [...store.collection(NAMESPACES).list()].filter((each) => !isTerminating(each));
    const free = all.filter((each) => !isProtected(nameOf(each)));
    return {
      disturbed: free.filter(isOptedIn).map(nameOf),
      optedOut: free.filter((each) => !isOptedIn(each)).map(nameOf),
      protected: all.filter((each) => isProtected(nameOf(each))).map(nameOf),
    };
  }

  #configurationChanged({ type, object, previous }: Change): void {
    const time = this.#options.now();
    if (type === 'DELETED') {
      const subject = `${namespaceOf(object)}/${nameOf(object)}`;
      this.#options.write({ time, verdict: 'spared', subject, text: 'the configuration is gone' });
      return;
    }
    const change = { before: previous, after: object, time };
    const outcome = outcomeOf(change);
    if (outcome)
      this.tally.add(textAt(object, 'spec', 'scalingMode'), namespaceOf(object), outcome);
    const others = outcome
      ? this.#podsOf(object).filter((name) => !outcome.victims.includes(name)).length
      : 0;
    for (const line of configurationLines(change, others)) this.#options.write(line);
  }

  /** Names of the pods of a configuration's target that are there and stay. */
  #podsOf(configuration: JsonObject): readonly string[] {
    const { store } = this.#options;
    const namespace = namespaceOf(configuration);
    const target = store
      .collection(DEPLOYMENTS)
      .get(namespace, textAt(configuration, 'spec', 'deployment', 'name'));
    if (!target) return [];
    const selector = objectAt(target, 'spec', 'selector');
    const pods = [...store.collection(PODS).list({ namespace })];
    return pods
      .filter(
        (pod) =>
          !isTerminating(pod) && matchesSelector(selector, objectAt(pod, 'metadata', 'labels')),
      )
      .filter((pod) => textAt(pod, 'status', 'phase') === 'Running')
      .map(nameOf);
  }

  #deploymentChanged({ type, object }: Change): void {
    if (type === 'DELETED') this.#readiness.forget(object);
    else {
      const line = this.#readiness.observe(object, this.#options.now());
      if (line) this.#options.write(line);
    }
  }

  /** A pod is lost when its end begins. */
  #podChanged({ type, object, previous }: Change): void {
    const ends = type === 'DELETED' || isTerminating(object);
    if (!ends || !previous || isTerminating(previous)) return;
    const { store, isProtected, isOptedIn } = this.#options;
    const namespace = store.collection(NAMESPACES).get('', namespaceOf(object));
    if (namespace && (isProtected(nameOf(namespace)) || !isOptedIn(namespace)))
      this.tally.lostElsewhere();
  }

  #namespaceChanged({ type, object, previous }: Change): void {
    const { isOptedIn, isProtected, now, write } = this.#options;
    if (type !== 'MODIFIED' || !previous || isProtected(nameOf(object))) return;
    const [was, is] = [isOptedIn(previous), isOptedIn(object)];
    if (was === is) return;
    const text = is ? 'the namespace opted in' : 'the namespace opted out: everything in it stops';
    write({ time: now(), verdict: is ? 'watched' : 'spared', subject: nameOf(object), text });
  }
}
