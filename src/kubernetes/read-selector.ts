import { readRaw } from './resources/read-fields.ts';
import type { LabelSelector, SelectorExpression } from './selector.ts';

const NOTHING: LabelSelector = { matchLabels: new Map(), matchExpressions: [] };

/** Operators, and whether Kubernetes wants values with them. */
const OPERATORS: ReadonlyMap<unknown, boolean> = new Map([
  ['In', true],
  ['NotIn', true],
  ['Exists', false],
  ['DoesNotExist', false],
]);

/** Reads `spec.selector` of a workload. Never throws: what is no selector becomes one with a `problem`. */
export function readSelector(raw: unknown): LabelSelector {
  if (isAbsent(raw)) return NOTHING;
  const problems: string[] = [];
  const note = (field: string, expected: string, got: unknown) =>
    problems.push(`spec.selector${field}: expected ${expected}, got ${JSON.stringify(got)}`);
  if (!isObject(raw)) note('', 'an object', raw);
  const { matchLabels, matchExpressions } = readRaw(raw);
  const labels = readMatchLabels(matchLabels, note);
  const expressions = readMatchExpressions(matchExpressions, note);
  const [problem] = problems;
  if (problem !== undefined) return { ...NOTHING, problem };
  return { matchLabels: labels, matchExpressions: expressions };
}

type Note = (field: string, expected: string, got: unknown) => void;

function readMatchLabels(raw: unknown, note: Note): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  if (isAbsent(raw)) return labels;
  if (!isObject(raw)) note('.matchLabels', 'an object', raw);
  for (const [key, value] of Object.entries(readRaw(raw))) {
    if (typeof value === 'string') labels.set(key, value);
    else note(`.matchLabels[${key}]`, 'a text', value);
  }
  return labels;
}

function readMatchExpressions(raw: unknown, note: Note): readonly SelectorExpression[] {
  if (isAbsent(raw)) return [];
  if (Array.isArray(raw)) {
    return raw.flatMap((each, index) => readExpression(each, `.matchExpressions[${index}]`, note));
  }
  note('.matchExpressions', 'a list', raw);
  return [];
}

function readExpression(raw: unknown, field: string, note: Note): SelectorExpression[] {
  if (!isObject(raw)) note(field, 'an object', raw);
  const { key, operator, values } = readRaw(raw);
  const wantsValues = OPERATORS.get(operator);
  if (typeof key !== 'string') note(`${field}.key`, 'a text', key);
  else if (typeof operator !== 'string' || wantsValues === undefined) {
    note(`${field}.operator`, `one of ${[...OPERATORS.keys()].join(', ')}`, operator);
  } else {
    return [{ key, operator, values: readValues(values, wantsValues, `${field}.values`, note) }];
  }
  return [];
}

function readValues(raw: unknown, wanted: boolean, field: string, note: Note): readonly string[] {
  const values: unknown = raw ?? [];
  const isTexts =
    Array.isArray(values) && values.every((value): value is string => typeof value === 'string');
  if (isTexts && values.length > 0 === wanted) return values;
  note(field, wanted ? 'a list of at least one text' : 'none', raw);
  return [];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
