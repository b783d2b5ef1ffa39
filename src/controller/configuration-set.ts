import { type AcceptedSpec, readSpec, targetName } from '../configuration/read-spec.ts';
import type { ChaosMonkeyConfiguration } from '../configuration/types.ts';
import type { ObjectEvent } from '../kubernetes/watch-event.ts';
import type { CrdWatcherMetrics } from '../observability/metrics/controller-metrics.ts';
import { ChildSet } from '../runtime/child-set.ts';
import {
  accepted,
  broken,
  disabled,
  inactive,
  rejected,
  superseded,
} from './configuration-conditions.ts';
import { ConfigurationRecord } from './configuration-record.ts';
import { Contenders } from './contenders.ts';
import type { ControllerContext } from './controller-context.ts';
import { watchTarget } from './target-watcher.ts';

export interface ConfigurationSetOptions {
  readonly context: ControllerContext;
  readonly namespace: string;
  readonly metrics: CrdWatcherMetrics;
}

interface Entry {
  readonly uid: string;
  readonly createdAt: number;
  readonly record: ConfigurationRecord;
  generation: number;
  /** What it wants to do; undefined when it may not or does not want to do anything. */
  wanted: AcceptedSpec | undefined;
  /** The generation its watcher runs for. */
  running: number | undefined;
}

/**
 * The configurations of one namespace. Of those that want the same deployment the oldest has a watcher,
 * the others are told so. What runs is computed from the objects, never from the kind of event.
 */
export class ConfigurationSet implements AsyncDisposable {
  readonly #options: ConfigurationSetOptions;
  readonly #watchers: ChildSet;
  readonly #entries = new Map<string, Entry>();
  readonly #contenders = new Contenders<Entry>();
  /** Whose watcher runs, by deployment. */
  readonly #holders = new Map<string, Entry>();
  /** Watchers that were told to stop and have not ended, by deployment. */
  readonly #ending = new Map<string, Promise<void>>();

  constructor(options: ConfigurationSetOptions, signal: AbortSignal) {
    this.#options = options;
    const { logger } = options.context;
    this.#watchers = new ChildSet(signal, {
      onFailure: (uid, error) => {
        const entry = this.#entries.get(uid);
        const configuration = entry?.record.name ?? uid;
        entry?.record.rest(entry.generation, broken(error));
        logger.error(
          { namespace: options.namespace, configuration, error },
          'the watcher of a configuration broke',
        );
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether no controller has ever written to any of them. */
  get untouched(): boolean {
    return [...this.#entries.values()].every(({ record }) => record.isNew);
  }

  /** Takes a change in; returns whether it was one of ours to answer (a status that changed is not). */
  handle({ type, object }: ObjectEvent<ChaosMonkeyConfiguration>): boolean {
    const { uid } = object.metadata;
    const known = this.#entries.get(uid);
    if (type === 'DELETED' || object.terminating) {
      if (known !== undefined) this.#remove(known);
      return known !== undefined;
    }
    if (known === undefined) {
      this.#add(object);
      return true;
    }
    known.record.observe(object);
    if (known.generation === object.generation) return false;
    known.generation = object.generation;
    this.#read(known);
    this.#options.context.announcer.configurationModified(known.record.object, targetOf(known));
    return true;
  }

  /** Stops all watchers; what they scaled is put back, unless the program ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { context, namespace } = this.#options;
    await this.#watchers[Symbol.asyncDispose]();
    if (context.ending.aborted) return;
    for (const deployment of this.#holders.keys()) context.restorer.revoke(namespace, deployment);
  }

  #add(object: ChaosMonkeyConfiguration): void {
    const { context } = this.#options;
    const record = new ConfigurationRecord(object, {
      client: context.client,
      clock: context.clock,
      onChange: (changed) => context.statusWriter.schedule(changed),
    });
    const { uid } = object.metadata;
    const entry: Entry = {
      uid,
      createdAt: object.createdAt,
      record,
      generation: object.generation,
      wanted: undefined,
      running: undefined,
    };
    this.#entries.set(uid, entry);
    const isNew = record.isNew;
    this.#read(entry);
    if (isNew && entry.wanted !== undefined) {
      context.announcer.configurationStarted(object, targetOf(entry));
    }
  }

  #remove(entry: Entry): void {
    const { context, namespace } = this.#options;
    entry.record.abandon();
    this.#entries.delete(entry.uid);
    this.#want(entry, undefined);
    context.announcer.configurationDeleted(entry.record.object, targetOf(entry));
    context.logger.info({ namespace, configuration: entry.record.name }, 'configuration deleted');
  }

  /** Reads the spec anew and settles who works on the deployments concerned. */
  #read(entry: Entry): void {
    const { context, namespace } = this.#options;
    const { record, generation } = entry;
    const log = { namespace, configuration: record.name };
    const reading = readSpec(record.object.spec);
    if (!reading.ok) {
      const message = reading.errors.join('; ');
      context.logger.warn(log, `configuration refused: ${message}`);
      context.announcer.rejected(record.object, message);
      record.rest(
        generation,
        rejected(message),
        inactive('NotAccepted', 'the spec was not accepted'),
      );
      this.#want(entry, undefined);
      return;
    }
    for (const warning of reading.warnings) context.logger.warn(log, warning);
    record.sow(reading.spec.seed ?? context.seed);
    record.setConditions(generation, accepted(reading.warnings));
    if (!reading.spec.enabled) record.rest(generation, disabled());
    this.#want(entry, reading.spec.enabled ? reading.spec : undefined);
  }

  #want(entry: Entry, wanted: AcceptedSpec | undefined): void {
    const before = entry.wanted?.deploymentName;
    const after = wanted?.deploymentName;
    entry.wanted = wanted;
    if (before !== after) {
      if (before !== undefined) this.#contenders.remove(before, entry);
      if (after !== undefined) this.#contenders.add(after, entry);
      if (before !== undefined) this.#settle(before);
    }
    if (after === undefined) return;
    this.#settle(after);
    const winner = this.#contenders.winner(after);
    if (winner !== undefined && winner !== entry) tellSuperseded(entry, after, winner);
  }

  /** Sees to it that the oldest contender, and nobody else, works on the deployment. */
  #settle(deployment: string): void {
    const winner = this.#contenders.winner(deployment);
    const holder = this.#holders.get(deployment);
    if (holder !== undefined && holder !== winner) this.#stop(deployment, holder);
    if (winner === undefined) return;
    if (holder === winner && winner.running === winner.generation) return;
    this.#start(deployment, winner);
    if (holder === winner) return;
    for (const loser of this.#contenders.losers(deployment))
      tellSuperseded(loser, deployment, winner);
  }

  #start(deployment: string, entry: Entry): void {
    const { context, namespace, metrics } = this.#options;
    const { record, generation, wanted: spec } = entry;
    if (spec === undefined) return;
    entry.running = generation;
    this.#holders.set(deployment, entry);
    if (spec.mode === 'randomScale')
      context.restorer.entitle(namespace, deployment, {
        uid: entry.uid,
        restore: spec.restoreReplicas,
      });
    else context.restorer.revoke(namespace, deployment);
    const after = this.#ending.get(deployment);
    this.#watchers.start(entry.uid, async (signal) => {
      await after;
      context.restorer.check(namespace, deployment);
      await watchTarget({ context, metrics, record, spec, generation }, signal);
    });
  }

  /** Stops the watcher that works on the deployment; the replicas are put back once it has ended. */
  #stop(deployment: string, holder: Entry): void {
    const { context, namespace } = this.#options;
    holder.running = undefined;
    this.#holders.delete(deployment);
    context.restorer.revoke(namespace, deployment);
    const ended = this.#watchers.stop(holder.uid).then(() => {
      if (this.#ending.get(deployment) === ended) this.#ending.delete(deployment);
      context.restorer.check(namespace, deployment);
    });
    this.#ending.set(deployment, ended);
  }
}

function tellSuperseded({ record, generation }: Entry, deployment: string, winner: Entry): void {
  record.rest(generation, superseded(deployment, winner.record.name));
}

function targetOf({ record, wanted }: Entry): string {
  return wanted?.deploymentName ?? targetName(record.object.spec) ?? 'unknown';
}
