/** One condition of `matchExpressions`. */
export interface SelectorExpression {
  readonly key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`; any other matches nothing. */
  readonly operator: string;
  readonly values: readonly string[];
}

/** A label selector as workloads have it: all of it must hold. */
export interface LabelSelector {
  readonly matchLabels: ReadonlyMap<string, string>;
  readonly matchExpressions: readonly SelectorExpression[];
  /**
   * What of it cannot be understood: field, expected, got. Such a selector matches nothing: without that
   * part it would match more than its author meant.
   */
  readonly problem?: string;
}

/** Whether it would select everything. */
export function isEmptySelector({
  matchLabels,
  matchExpressions,
  problem,
}: LabelSelector): boolean {
  return matchLabels.size === 0 && matchExpressions.length === 0 && problem === undefined;
}

/**
 * Whether labels match, by the rules of k8s.io/apimachinery (labels.Requirement.Matches): `NotIn` and
 * `DoesNotExist` match where the key is absent. The empty selector matches nothing here.
 */
export function matchesSelector(
  selector: LabelSelector,
  labels: ReadonlyMap<string, string>,
): boolean {
  if (isEmptySelector(selector) || selector.problem !== undefined) return false;
  for (const [key, value] of selector.matchLabels) {
    if (labels.get(key) !== value) return false;
  }
  return selector.matchExpressions.every((expression) => matchesExpression(expression, labels));
}

function matchesExpression(
  { key, operator, values }: SelectorExpression,
  labels: ReadonlyMap<string, string>,
): boolean {
  const value = labels.get(key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** As `kubectl -l` takes it, always in the same order: `a=b,c=d,e in (f,g),!h`. */
export function formatSelector({ matchLabels, matchExpressions }: LabelSelector): string {
  const equalities = [...matchLabels].map(([key, value]) => `${key}=${value}`).sort();
  return [...equalities, ...matchExpressions.map(formatExpression).sort()].join(',');
}

function formatExpression({ key, operator, values }: SelectorExpression): string {
  const set = `(${[...values].sort().join(',')})`;
  switch (operator) {
    case 'In':
      return `${key} in ${set}`;
    case 'NotIn':
      return `${key} notin ${set}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
