import type { NamespaceState } from '../observability/metrics/controller-metrics.ts';
import type { Behavior } from '../settings/controller-settings.ts';

/** The label by which a namespace opts in or out; only the exact values `true` and `false` count. */
export const NAMESPACE_LABEL = 'cm.massix.github.io/namespace';

export interface OptInRule {
  /** `ALLOWALL`: all but `"false"`. `DENYALL`: only `"true"`. */
  readonly behavior: Behavior;
  /** Never disturbed, whatever their labels. */
  readonly protectedNamespaces: ReadonlySet<string>;
}

export interface JudgedNamespace {
  readonly name: string;
  /** The value of {@link NAMESPACE_LABEL}. */
  readonly optIn: string | undefined;
  readonly terminating: boolean;
}

/** Decides about one namespace. Protection comes before the label, and an end that has begun before both. */
export function judgeNamespace(
  { name, optIn, terminating }: JudgedNamespace,
  { behavior, protectedNamespaces }: OptInRule,
): NamespaceState {
  if (terminating) return 'terminating';
  if (protectedNamespaces.has(name)) return 'protected';
  const allowed = behavior === 'ALLOWALL' ? optIn !== 'false' : optIn === 'true';
  return allowed ? 'watched' : 'opted_out';
}
