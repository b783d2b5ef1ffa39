/** The metrics that the test script of chaos-monkey 3 looks for, without their common start. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  nswatcher: ['events', 'event_duration_bucket', 'cmc_spawned', 'cmc_active', 'restarts'],
  crdwatcher: [
    ...['events', 'pw_spawned', 'pw_active', 'dw_spawned', 'dw_active', 'ah_spawned', 'ah_active'],
    ...['event_duration_bucket', 'restarts'],
  ],
  podwatcher: ['pods_added', 'pods_removed', 'pods_killed', 'pods_active', 'restarts'],
  deploymentwatcher: ['deployments_rescaled', 'random_distribution', 'last_scale'],
  antihpawatcher: ['runs', 'pods_killed', 'average_cpu'],
};

/** All 25 of them, in full. */
export const DEMO_METRICS: readonly string[] = Object.entries(NAMES).flatMap(([watcher, names]) =>
  names.map((name) => `chaos_monkey_${watcher}_${name}`),
);
