import type { AcceptedSpec } from '../configuration/read-spec.ts';
import type { Deployment } from '../kubernetes/resources/deployments.ts';
import type { CrdWatcherMetrics } from '../observability/metrics/controller-metrics.ts';
import { ChildSet } from '../runtime/child-set.ts';
import { broken, inactive, targetFound, targetMissing } from './configuration-conditions.ts';
import type { ConfigurationRecord } from './configuration-record.ts';
import type { ControllerContext } from './controller-context.ts';
import { disturb } from './disturb.ts';

export interface TargetWatcherOptions {
  readonly context: ControllerContext;
  readonly metrics: CrdWatcherMetrics;
  readonly record: ConfigurationRecord;
  readonly spec: AcceptedSpec;
  /** Of the spec. */
  readonly generation: number;
}

/**
 * Disturbs the deployment of a configuration for as long as there is one, until `signal` aborts: waits for
 * one that is not there yet, stops when it goes, and begins anew with its successor.
 */
export async function watchTarget(
  options: TargetWatcherOptions,
  signal: AbortSignal,
): Promise<void> {
  const { context, record, spec, generation } = options;
  const { namespace } = record;
  const name = spec.deploymentName;
  let disturbed: string | undefined;
  let synced = false;
  await using child = new ChildSet(signal, {
    onFailure: (_name, error) => {
      context.logger.error({ namespace, configuration: record.name, error }, 'a watcher broke');
      record.rest(generation, broken(error));
    },
  });
  for await (const event of context.deployments.events({ namespace, name }, signal)) {
    synced ||= event.type === 'SYNCED';
    const deployment = context.deployments.get(namespace, name);
    if (deployment !== undefined && !deployment.terminating) {
      if (deployment.metadata.uid === disturbed) continue;
      disturbed = deployment.metadata.uid;
      record.setConditions(generation, targetFound(name));
      child.start(name, (childSignal) => disturb({ ...options, deployment }, childSignal));
    } else if (disturbed !== undefined || synced) {
      disturbed = undefined;
      await child.stop(name);
      sayMissing(options, deployment);
    }
  }
}

function sayMissing(
  { record, spec, generation }: TargetWatcherOptions,
  deployment: Deployment | undefined,
): void {
  const why = deployment === undefined ? 'NotFound' : 'Terminating';
  record.rest(
    generation,
    targetMissing(spec.deploymentName, why),
    inactive('TargetMissing', `waiting for deployment ${spec.deploymentName}`),
  );
}
