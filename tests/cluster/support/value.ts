/** What is at `path` in parsed JSON; undefined where there is nothing. A number is an index, negative from the end. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here) && typeof step === 'number') here = here.at(step);
    else if (isRecord(here)) here = Object.hasOwn(here, step) ? here[step] : undefined;
    else return undefined;
  }
  return here;
}

/** The text at `path`; empty where there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** The number at `path`; NaN where there is none. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : Number.NaN;
}

/** The list at `path`; empty where there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function nameOf(object: unknown): string {
  return textAt(object, 'metadata', 'name');
}

export function uidOf(object: unknown): string {
  return textAt(object, 'metadata', 'uid');
}

export function versionOf(object: unknown): string {
  return textAt(object, 'metadata', 'resourceVersion');
}

/** The status of the condition of this type: `True`, `False`, `Unknown`, or empty. */
export function conditionOf(object: unknown, type: string): string {
  return textAt(conditionsOf(object, type), 0, 'status');
}

/** The reason of the condition of this type, or empty. */
export function conditionReasonOf(object: unknown, type: string): string {
  return textAt(conditionsOf(object, type), 0, 'reason');
}

function conditionsOf(object: unknown, type: string): unknown[] {
  return listAt(object, 'status', 'conditions').filter((one) => at(one, 'type') === type);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
