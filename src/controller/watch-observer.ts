import type { RestartCause } from '../kubernetes/restart-cause.ts';
import type { WatchObserver } from '../kubernetes/watch-resource.ts';
import type { ControllerMetrics } from '../observability/metrics/controller-metrics.ts';
import { describeError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ControllerHealth } from './controller-health.ts';
import type { WatchRestarts } from './watch-restarts.ts';

export interface WatchObserverOptions {
  readonly resource: string;
  /** Of the watch; undefined: of all namespaces. The namespace itself where the resource is namespaces. */
  readonly namespace?: string | undefined;
  readonly health: ControllerHealth;
  readonly restarts: WatchRestarts;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
}

/** Tells health, metrics and log how a watch does; the log once for each cause, not at each attempt. */
export function watchObserver({
  resource,
  namespace,
  health,
  restarts,
  metrics,
  logger,
}: WatchObserverOptions): WatchObserver {
  const subject = describe(resource, namespace);
  const log = { resource, ...(namespace !== undefined && { namespace }) };
  const healthObserver = health.watch(subject);
  let complaint: RestartCause | undefined;
  return {
    restarted(cause) {
      metrics.watchRestarted(resource, cause);
      restarts.tell(resource, namespace);
    },
    reached() {
      healthObserver.reached?.();
      if (complaint === undefined) return;
      complaint = undefined;
      metrics.apiReconnected();
      logger.info(log, `watching ${subject} again`);
    },
    failed(error, cause) {
      healthObserver.failed?.(error, cause);
      if (complaint === cause) return;
      complaint = cause;
      logger.warn(
        { ...log, cause },
        `${hint(resource, namespace, cause)}, trying again: ${describeError(error)}`,
      );
    },
  };
}

/** `pods`, `pods in namespace shop`, `namespace shop`. */
function describe(resource: string, namespace: string | undefined): string {
  if (namespace === undefined) return resource;
  return resource === 'namespaces'
    ? `namespace ${namespace}`
    : `${resource} in namespace ${namespace}`;
}

function hint(resource: string, namespace: string | undefined, cause: RestartCause): string {
  const subject = describe(resource, namespace);
  const isPolled = resource === 'namespaces' && namespace !== undefined;
  if (cause === 'forbidden' && isPolled) {
    return `not allowed to get ${subject}: if it exists, grant the verb get of namespaces with this resource name in a Role there; it is left alone until then`;
  }
  if (cause === 'forbidden') {
    return `not allowed to list and watch ${subject}: grant both verbs to this program; what does not need them goes on`;
  }
  if (cause === 'not-found' && resource === 'chaosmonkeyconfigurations') {
    return 'the CustomResourceDefinition chaosmonkeyconfigurations.cm.massix.github.io is not installed: waiting for it';
  }
  if (cause === 'not-found' && isPolled) return `${subject} does not exist: waiting for it`;
  return `${subject} cannot be watched at present`;
}
