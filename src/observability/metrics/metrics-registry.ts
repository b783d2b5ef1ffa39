import {
  antiPressureWatcherTable,
  crdWatcherTable,
  deploymentWatcherTable,
  namespaceWatcherTable,
  podWatcherTable,
} from './contract-families.ts';
import type {
  ApiRequestObservation,
  ControllerMetrics,
  NamespaceState,
  NamespaceWatcherMetrics,
  TickObservation,
} from './controller-metrics.ts';
import {
  apiDurationTable,
  apiRequestTable,
  buildInfoTable,
  cachedObjectTable,
  kubernetesEventTable,
  leaderTable,
  namespaceStateTable,
  programTable,
  tickLatenessTable,
  tickOutcomeTable,
  watchRestartTable,
} from './new-families.ts';
import type { FamilySource } from './series-table.ts';
import {
  AntiPressureWatcherSeries,
  CrdWatcherSeries,
  DeploymentWatcherSeries,
  NamespaceWatcherSeries,
  PodWatcherSeries,
} from './watcher-series.ts';

export interface MetricsRegistryOptions {
  /** The namespace the program runs in. */
  readonly rootNamespace: string;
  /** `ALLOWALL` or `DENYALL`. */
  readonly behavior: string;
  /** Of the program. */
  readonly version: string;
}

/** Every metric of the controller: counts, and gives the families to render. */
export class MetricsRegistry implements ControllerMetrics {
  readonly namespaceWatcher: NamespaceWatcherMetrics;
  readonly #namespaceWatcher = namespaceWatcherTable();
  readonly #crdWatcher = crdWatcherTable();
  readonly #podWatcher = podWatcherTable();
  readonly #deploymentWatcher = deploymentWatcherTable();
  readonly #antiPressureWatcher = antiPressureWatcherTable();
  readonly #ticks = tickOutcomeTable();
  readonly #lateness = tickLatenessTable();
  readonly #watchRestarts = watchRestartTable();
  readonly #requests = apiRequestTable();
  readonly #durations = apiDurationTable();
  readonly #events = kubernetesEventTable();
  readonly #namespaces = namespaceStateTable();
  readonly #cachedObjects = cachedObjectTable();
  readonly #program = programTable();
  readonly #leader = leaderTable();
  readonly #buildInfo = buildInfoTable();
  readonly #cacheReaders = new Map<string, () => number>();

  constructor({ rootNamespace, behavior, version }: MetricsRegistryOptions) {
    this.namespaceWatcher = new NamespaceWatcherSeries(
      this.#namespaceWatcher,
      rootNamespace,
      behavior,
    );
    this.#program.row();
    for (const table of this.#contractTables()) table.showsEmptyFamilies = true;
    this.leading(false);
    this.#buildInfo.row(version).set('info', 1);
  }

  crdWatcher(namespace: string): CrdWatcherSeries {
    return new CrdWatcherSeries(this.#crdWatcher, namespace);
  }

  podWatcher(namespace: string, selector: string): PodWatcherSeries {
    return new PodWatcherSeries(this.#podWatcher, namespace, selector);
  }

  deploymentWatcher(namespace: string, deployment: string): DeploymentWatcherSeries {
    return new DeploymentWatcherSeries(this.#deploymentWatcher, namespace, deployment);
  }

  antiPressureWatcher(namespace: string, selector: string): AntiPressureWatcherSeries {
    return new AntiPressureWatcherSeries(this.#antiPressureWatcher, namespace, selector);
  }

  tick({ mode, result, reason, latenessSeconds }: TickObservation): void {
    this.#ticks.row(mode, result, reason).add('ticks', 1);
    if (latenessSeconds !== undefined) {
      this.#lateness.row(mode).observe('lateness', latenessSeconds);
    }
  }

  watchRestarted(resource: string, cause: string): void {
    this.#watchRestarts.row(resource, cause).add('restarts', 1);
  }

  apiRequest({ verb, resource, code, seconds }: ApiRequestObservation): void {
    this.#requests.row(verb, resource, String(code)).add('requests', 1);
    this.#durations.row(verb).observe('duration', seconds);
  }

  apiReconnected(): void {
    this.#program.row().add('reconnects', 1);
  }

  kubernetesEvent(result: 'sent' | 'aggregated' | 'dropped'): void {
    this.#events.row(result).add('events', 1);
  }

  namespaces(counts: Readonly<Record<NamespaceState, number>>): void {
    for (const [state, count] of Object.entries(counts)) {
      this.#namespaces.row(state).set('namespaces', count);
    }
  }

  leading(leading: boolean): void {
    this.#leader.row().set('leader', leading ? 1 : 0);
  }

  cachedObjects(resource: string, read: () => number): void {
    this.#cacheReaders.set(resource, read);
  }

  /** Every family as it is now, for `renderInSlices`. */
  sources(): readonly FamilySource[] {
    for (const [resource, read] of this.#cacheReaders) {
      this.#cachedObjects.row(resource).set('objects', read());
    }
    return [
      ...this.#contractTables(),
      this.#ticks,
      this.#lateness,
      this.#watchRestarts,
      this.#requests,
      this.#durations,
      this.#events,
      this.#namespaces,
      this.#cachedObjects,
      this.#program,
      this.#leader,
      this.#buildInfo,
    ];
  }

  #contractTables() {
    return [
      this.#namespaceWatcher,
      this.#crdWatcher,
      this.#podWatcher,
      this.#deploymentWatcher,
      this.#antiPressureWatcher,
    ] as const;
  }
}
