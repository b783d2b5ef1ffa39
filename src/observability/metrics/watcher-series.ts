import type {
  antiPressureWatcherTable,
  crdWatcherTable,
  deploymentWatcherTable,
  namespaceWatcherTable,
  podWatcherTable,
} from './contract-families.ts';
import type {
  AntiPressureWatcherMetrics,
  ChangeType,
  ChildKind,
  CrdWatcherMetrics,
  DeploymentWatcherMetrics,
  NamespaceWatcherMetrics,
  PodWatcherMetrics,
} from './controller-metrics.ts';
import { HeldRow } from './held-row.ts';
import type { SeriesTable } from './series-table.ts';

type KeysOf<T> = T extends () => SeriesTable<infer K> ? K : never;

/** Index among the values of `event_type`. */
const EVENT_TYPES = { ADDED: 0, MODIFIED: 1, DELETED: 2 } as const;
const SPAWNED = { pw: 'pwSpawned', dw: 'dwSpawned', ah: 'ahSpawned' } as const;
const ACTIVE = { pw: 'pwActive', dw: 'dwActive', ah: 'ahActive' } as const;

export class NamespaceWatcherSeries
  extends HeldRow<KeysOf<typeof namespaceWatcherTable>>
  implements NamespaceWatcherMetrics
{
  event(type: ChangeType, microseconds: number): void {
    this.add('events', 1, EVENT_TYPES[type]);
    this.observe('eventDuration', microseconds);
  }

  restarted(): void {
    this.add('restarts', 1);
  }

  spawned(): void {
    this.add('spawned', 1);
  }

  active(count: number): void {
    this.share('active', count);
  }
}

export class CrdWatcherSeries
  extends HeldRow<KeysOf<typeof crdWatcherTable>>
  implements CrdWatcherMetrics
{
  event(type: ChangeType, microseconds: number): void {
    this.add('events', 1, EVENT_TYPES[type]);
    this.observe('eventDuration', microseconds);
  }

  restarted(): void {
    this.add('restarts', 1);
  }

  spawned(kind: ChildKind): void {
    this.add(SPAWNED[kind], 1);
  }

  active(kind: ChildKind, delta: number): void {
    this.shareMore(ACTIVE[kind], delta);
  }
}

export class PodWatcherSeries
  extends HeldRow<KeysOf<typeof podWatcherTable>>
  implements PodWatcherMetrics
{
  added(count: number): void {
    this.add('added', count);
  }

  removed(count: number): void {
    this.add('removed', count);
  }

  killed(): void {
    this.add('killed', 1);
  }

  active(count: number): void {
    this.share('active', count);
  }

  restarted(): void {
    this.add('restarts', 1);
  }
}

export class DeploymentWatcherSeries
  extends HeldRow<KeysOf<typeof deploymentWatcherTable>>
  implements DeploymentWatcherMetrics
{
  rescaled(replicas: number): void {
    this.add('rescaled', 1);
    this.observe('distribution', replicas);
    this.set('lastScale', replicas);
  }
}

export class AntiPressureWatcherSeries
  extends HeldRow<KeysOf<typeof antiPressureWatcherTable>>
  implements AntiPressureWatcherMetrics
{
  ran(): void {
    this.add('runs', 1);
  }

  killed(cpuCores: number): void {
    this.add('killed', 1);
    this.add('killedCpu', cpuCores);
    this.set('averageCpu', this.get('killedCpu') / this.get('killed'));
  }
}
