import type { RestartCause } from '../kubernetes/restart-cause.ts';
import type { WatchObserver } from '../kubernetes/watch-resource.ts';
import type { ControllerMetrics } from '../observability/metrics/controller-metrics.ts';
import { describeError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ControllerHealth } from './controller-health.ts';
import type { WatchRestarts } from './watch-restarts.ts';

export interface WatchObserverOptions {
  readonly resource: string;
  readonly health: ControllerHealth;
  readonly restarts: WatchRestarts;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
}

/** Tells health, metrics and log how a watch does; the log once for each cause, not at each attempt. */
export function watchObserver({
  resource,
  health,
  restarts,
  metrics,
  logger,
}: WatchObserverOptions): WatchObserver {
  const healthObserver = health.watch(resource);
  let complaint: RestartCause | undefined;
  return {
    restarted(cause) {
      metrics.watchRestarted(resource, cause);
      restarts.tell(resource);
    },
    reached() {
      healthObserver.reached?.();
      if (complaint === undefined) return;
      complaint = undefined;
      metrics.apiReconnected();
      logger.info({ resource }, `watching ${resource} again`);
    },
    failed(error, cause) {
      healthObserver.failed?.(error, cause);
      if (complaint === cause) return;
      complaint = cause;
      logger.warn(
        { resource, cause },
        `${hint(resource, cause)}, trying again: ${describeError(error)}`,
      );
    },
  };
}

function hint(resource: string, cause: RestartCause): string {
  if (cause === 'forbidden') {
    return `not allowed to list and watch ${resource}: grant both verbs to this program; what does not need them goes on`;
  }
  if (cause === 'not-found' && resource === 'chaosmonkeyconfigurations') {
    return 'the CustomResourceDefinition chaosmonkeyconfigurations.cm.massix.github.io is not installed: waiting for it';
  }
  return `${resource} cannot be watched at present`;
}
