import type {
  ChildKind,
  CrdWatcherMetrics,
  NamespaceWatcherMetrics,
} from '../observability/metrics/controller-metrics.ts';

/** Counts the watchers that run, for `/health` and the gauges. */
export class WatcherCensus {
  readonly #metrics: NamespaceWatcherMetrics;
  #configurationWatchers = 0;
  #children = 0;

  constructor(metrics: NamespaceWatcherMetrics) {
    this.#metrics = metrics;
  }

  /** The namespace watcher, the configuration watchers and their children. */
  get total(): number {
    return 1 + this.#configurationWatchers + this.#children;
  }

  /** Counts the configuration watcher of a namespace until disposed of. */
  configurationWatcher(): Disposable {
    this.#metrics.spawned();
    this.#count(1);
    return { [Symbol.dispose]: () => this.#count(-1) };
  }

  /** Counts a watcher of a deployment until disposed of. */
  child(kind: ChildKind, metrics: CrdWatcherMetrics): Disposable {
    this.#children += 1;
    metrics.spawned(kind);
    metrics.active(kind, 1);
    return {
      [Symbol.dispose]: () => {
        this.#children -= 1;
        metrics.active(kind, -1);
      },
    };
  }

  #count(delta: number): void {
    this.#configurationWatchers += delta;
    this.#metrics.active(this.#configurationWatchers);
  }
}
