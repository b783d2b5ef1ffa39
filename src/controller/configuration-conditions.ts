import type { NewCondition } from '../configuration/status.ts';
import { describeError } from '../runtime/errors.ts';

/** The conditions of a configuration, in the words that people read in `kubectl describe`. */

export function accepted(warnings: readonly string[]): NewCondition {
  const message = warnings.length === 0 ? 'the spec is valid' : warnings.join('; ');
  return {
    type: 'Accepted',
    status: 'True',
    reason: warnings.length === 0 ? 'Valid' : 'ValidWithWarnings',
    message,
  };
}

/** @param message names each field with what was expected and what was got */
export function rejected(message: string): NewCondition {
  return { type: 'Accepted', status: 'False', reason: 'Invalid', message };
}

export function targetFound(deployment: string): NewCondition {
  return {
    type: 'TargetFound',
    status: 'True',
    reason: 'Found',
    message: `deployment ${deployment} is there`,
  };
}

export function targetMissing(deployment: string, why: 'NotFound' | 'Terminating'): NewCondition {
  const message =
    why === 'NotFound'
      ? `there is no deployment ${deployment} in this namespace; waiting for it`
      : `deployment ${deployment} is being deleted; waiting for its successor`;
  return { type: 'TargetFound', status: 'False', reason: why, message };
}

export function targetUnknown(message: string): NewCondition {
  return { type: 'TargetFound', status: 'Unknown', reason: 'NotSynced', message };
}

/** @param every the timeout, as a Go duration */
export function active(mode: string, deployment: string, every: string): NewCondition {
  const message = `${mode} on deployment ${deployment} every ${every}`;
  return { type: 'Active', status: 'True', reason: 'Running', message };
}

export function inactive(reason: InactiveReason, message: string): NewCondition {
  return { type: 'Active', status: 'False', reason, message };
}

export function disabled(): NewCondition {
  return inactive('Disabled', 'spec.enabled is not true');
}

/** Something that must not happen has happened: a bug of ours. */
export function broken(error: unknown): NewCondition {
  return inactive(
    'InternalError',
    `the watcher broke and needs a restart: ${describeError(error)}`,
  );
}

export function superseded(deployment: string, winner: string): NewCondition {
  return inactive(
    'DeploymentTaken',
    `deployment ${deployment} is already disturbed by the older configuration ${winner}; taking over when that goes`,
  );
}

export function autoscaled(names: readonly string[]): NewCondition {
  const message = `HorizontalPodAutoscaler ${names.join(', ')} scales this deployment too: it will work against randomScale`;
  return { type: 'Autoscaled', status: 'True', reason: 'HorizontalPodAutoscalerFound', message };
}

export function notAutoscaled(): NewCondition {
  return {
    type: 'Autoscaled',
    status: 'False',
    reason: 'NoHorizontalPodAutoscaler',
    message: 'no HorizontalPodAutoscaler scales this deployment',
  };
}

/** Why a configuration has no watcher. */
export type InactiveReason =
  | 'NotAccepted'
  | 'Disabled'
  | 'DeploymentTaken'
  | 'TargetMissing'
  | 'EmptySelector'
  | 'UnreadableSelector'
  | 'NamespaceOptedOut'
  | 'NamespaceProtected'
  | 'InternalError';
