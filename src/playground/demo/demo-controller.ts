import type { OptInRule } from '../../controller/opt-in.ts';
import { createController } from '../../controller/run-controller.ts';
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { MetricsRegistry } from '../../observability/metrics/metrics-registry.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';

/** Watches of the demo are renewed so often that it is seen to be of no consequence. */
const WATCH_TIMEOUT_MS = 60_000;

export interface DemoControllerOptions {
  readonly client: KubernetesClient;
  readonly rule: OptInRule;
  readonly seed: string;
  readonly version: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Runs the controller, the same that runs on a real cluster, until `signal` aborts. */
export function runDemoController(
  options: DemoControllerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { client, rule, seed, version, logger, clock } = options;
  const controller = createController({
    client,
    rule,
    seed,
    watchTimeoutsMs: {
      namespaces: WATCH_TIMEOUT_MS,
      configurations: WATCH_TIMEOUT_MS,
      workloads: WATCH_TIMEOUT_MS,
    },
    metrics: new MetricsRegistry({
      rootNamespace: 'chaosmonkey',
      behavior: rule.behavior,
      version,
    }),
    logger,
    clock,
    random: Math.random,
  });
  return controller.run(signal);
}
