import type { ScalingMode } from '../configuration/schema/v1-spec.ts';
import type { NewCondition } from '../configuration/status.ts';
import type { Deployment } from '../kubernetes/resources/deployments.ts';
import { isEmptySelector } from '../kubernetes/selector.ts';
import type { ChildKind } from '../observability/metrics/controller-metrics.ts';
import { formatGoDuration } from '../runtime/go-duration.ts';
import { watchAntiPressure } from './anti-pressure-watcher.ts';
import { active, inactive } from './configuration-conditions.ts';
import { watchDeploymentScale } from './deployment-scale-watcher.ts';
import { watchPodKill } from './pod-kill-watcher.ts';
import type { TargetWatcherOptions } from './target-watcher.ts';

export interface DisturbOptions extends TargetWatcherOptions {
  readonly deployment: Deployment;
}

/** A watcher of one deployment, in one mode. */
export type DeploymentWatcher = (options: DisturbOptions, signal: AbortSignal) => Promise<void>;

const WATCHERS: Readonly<
  Record<ScalingMode, { readonly kind: ChildKind; readonly watch: DeploymentWatcher }>
> = {
  randomScale: { kind: 'dw', watch: watchDeploymentScale },
  killPod: { kind: 'pw', watch: watchPodKill },
  antiPressure: { kind: 'ah', watch: watchAntiPressure },
};

/** Runs the watcher of the configuration's mode on its deployment until `signal` aborts. */
export async function disturb(options: DisturbOptions, signal: AbortSignal): Promise<void> {
  const { context, metrics, record, spec, generation, deployment } = options;
  const refusal = refuse(deployment);
  if (refusal !== undefined) {
    record.rest(generation, refusal);
    return;
  }
  const { kind, watch } = WATCHERS[spec.mode];
  using _counted = context.census.child(kind, metrics);
  record.setConditions(
    generation,
    active(spec.mode, spec.deploymentName, formatGoDuration(spec.timeoutMs)),
  );
  await watch(options, signal);
}

/** A selector that cannot be trusted to mean this deployment's pods and no others is none to act on. */
function refuse({ metadata: { name }, selector }: Deployment): NewCondition | undefined {
  if (selector.problem !== undefined) {
    return inactive('UnreadableSelector', `deployment ${name}: ${selector.problem}`);
  }
  if (!isEmptySelector(selector)) return undefined;
  const message = `deployment ${name} has an empty selector, which would mean every pod: refused`;
  return inactive('EmptySelector', message);
}
