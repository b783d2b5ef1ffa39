import { counter, gauge, histogram } from './family.ts';
import { seriesTable } from './series-table.ts';

/**
 * The metrics of chaos-monkey 3: names, labels, types and buckets are what dashboards were built on.
 * (Counters without `_total` and durations in microseconds are part of that.)
 */

const EVENTS = { label: 'event_type', values: ['add', 'modify', 'delete'] } as const;
const MICROSECONDS = [0, 5, 10, 20, 50, 100, 500, 1000, 1500, 2000];
const REPLICAS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export function namespaceWatcherTable() {
  const name = (suffix: string) => `chaos_monkey_nswatcher_${suffix}`;
  return seriesTable(['root_namespace', 'behavior'], {
    events: counter(name('events'), 'Total number of events handled', EVENTS),
    eventDuration: histogram(
      name('event_duration'),
      'Time spent handling an event, in microseconds',
      MICROSECONDS,
    ),
    restarts: counter(name('restarts'), 'Total number of restarts of the namespace watcher'),
    spawned: counter(name('cmc_spawned'), 'Total number of configuration watchers started'),
    active: gauge(name('cmc_active'), 'Number of configuration watchers that run'),
  });
}

export function crdWatcherTable() {
  const name = (suffix: string) => `chaos_monkey_crdwatcher_${suffix}`;
  return seriesTable(['namespace'], {
    events: counter(name('events'), 'Total number of events handled', EVENTS),
    restarts: counter(name('restarts'), 'Total number of restarts of the configuration watcher'),
    pwSpawned: counter(name('pw_spawned'), 'Total number of PodWatchers started'),
    pwActive: gauge(name('pw_active'), 'Number of PodWatchers that run'),
    dwSpawned: counter(name('dw_spawned'), 'Total number of DeploymentWatchers started'),
    dwActive: gauge(name('dw_active'), 'Number of DeploymentWatchers that run'),
    ahSpawned: counter(name('ah_spawned'), 'Total number of AntiHPAWatchers started'),
    ahActive: gauge(name('ah_active'), 'Number of AntiHPAWatchers that run'),
    eventDuration: histogram(
      name('event_duration'),
      'Time spent handling an event, in microseconds',
      MICROSECONDS,
    ),
  });
}

export function podWatcherTable() {
  const name = (suffix: string) => `chaos_monkey_podwatcher_${suffix}`;
  return seriesTable(['namespace', 'label_selector'], {
    added: counter(name('pods_added'), 'Total number of pods that became targets'),
    removed: counter(name('pods_removed'), 'Total number of pods that are targets no more'),
    killed: counter(name('pods_killed'), 'Total number of pods killed'),
    active: gauge(name('pods_active'), 'Number of pods that are targets'),
    restarts: counter(name('restarts'), 'Total number of restarts of the PodWatcher'),
  });
}

export function deploymentWatcherTable() {
  const name = (suffix: string) => `chaos_monkey_deploymentwatcher_${suffix}`;
  return seriesTable(['namespace', 'deployment'], {
    rescaled: counter(name('deployments_rescaled'), 'Total number of times it was rescaled'),
    distribution: histogram(name('random_distribution'), 'Replicas it was rescaled to', REPLICAS),
    lastScale: gauge(name('last_scale'), 'Replicas it was last rescaled to'),
  });
}

/**
 * `average_cpu` was the sum of what the killed pods used, by its help text too. It is the average now,
 * as its name says; the sum is in `killed_cpu_cores_total`.
 */
export function antiPressureWatcherTable() {
  const name = (suffix: string) => `chaos_monkey_antihpawatcher_${suffix}`;
  return seriesTable(['namespace', 'selector'], {
    runs: counter(name('runs'), 'Total number of runs'),
    killed: counter(name('pods_killed'), 'Total number of pods killed'),
    averageCpu: gauge(name('average_cpu'), 'Average CPU of all the killed pods, in cores'),
    killedCpu: counter(
      name('killed_cpu_cores_total'),
      'Total CPU of all the killed pods, in cores',
    ),
  });
}
