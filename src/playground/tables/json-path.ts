import { equalJson, fieldOf, isJsonArray, isJsonObject, type Json } from '../patch/json.ts';

type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'every' }
  | {
      readonly type: 'filter';
      readonly path: readonly Step[];
      readonly equal: boolean;
      readonly value: Json;
    };

/** Finds the values at a place of an object, in order. */
export type JsonPath = (value: Json) => readonly Json[];

/**
 * The simple JSONPath that printer columns may use: `.a.b`, `['a']['b']`, `.a\.b`, `[0]`, `[-1]`, `[*]` and
 * filters that compare with a constant, `[?(@.type=="Ready")]`.
 * @returns undefined for a text that is no such path
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps = parseSteps(
    text
      .trim()
      .replace(/^\{(.*)\}$/, '$1')
      .replace(/^[$@]/, ''),
  );
  return steps && ((value) => follow([value], steps));
}

const FIELD = /^\.((?:\\.|[^.[\]\\])+)/;
const QUOTED = /^\[(?:'([^']*)'|"([^"]*)")\]/;
const INDEX = /^\[(-?\d+)\]/;
const EVERY = /^(?:\[\*\]|\.\*)/;
const FILTER = /^\[\?\(\s*@([^=!]*?)\s*(==|!=)\s*("[^"]*"|'[^']*'|[\w.-]+)\s*\)\]/;

function parseSteps(text: string): Step[] | undefined {
  const steps: Step[] = [];
  for (let rest = text; rest !== ''; ) {
    const quoted = QUOTED.exec(rest);
    if (quoted) {
      // As in client-go, a dot within the quotes is a step too, unless it is escaped.
      rest = `.${quoted[1] ?? quoted[2] ?? ''}${rest.slice(quoted[0].length)}`;
    }
    const [step, length] = parseStep(rest) ?? [];
    if (!step || length === undefined) return undefined;
    steps.push(step);
    rest = rest.slice(length);
  }
  return steps;
}

function parseStep(text: string): readonly [Step, number] | undefined {
  const every = EVERY.exec(text);
  if (every) return [{ type: 'every' }, every[0].length];
  const index = INDEX.exec(text);
  if (index) return [{ type: 'index', index: Number(index[1]) }, index[0].length];
  const filter = FILTER.exec(text);
  if (filter) {
    const path = parseSteps(filter[1] ?? '');
    return (
      path && [
        { type: 'filter', path, equal: filter[2] === '==', value: constant(filter[3] ?? '') },
        filter[0].length,
      ]
    );
  }
  const field = FIELD.exec(text);
  return field
    ? [{ type: 'field', name: (field[1] ?? '').replaceAll(/\\(.)/g, '$1') }, field[0].length]
    : undefined;
}

function constant(text: string): Json {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function follow(values: readonly Json[], steps: readonly Step[]): readonly Json[] {
  return steps.reduce<readonly Json[]>(
    (found, step) => found.flatMap((value) => take(value, step)),
    values,
  );
}

function take(value: Json, step: Step): readonly Json[] {
  switch (step.type) {
    case 'field':
      return isJsonObject(value) ? defined(fieldOf(value, step.name)) : [];
    case 'index':
      return isJsonArray(value) ? defined(value.at(step.index)) : [];
    case 'every':
      if (isJsonArray(value)) return value;
      return isJsonObject(value) ? Object.values(value) : [];
    case 'filter':
      return isJsonArray(value) ? value.filter((item) => matches(item, step)) : [];
  }
}

function matches(item: Json, { path, equal, value }: Extract<Step, { type: 'filter' }>): boolean {
  const found = follow([item], path);
  return found.length > 0 && found.some((candidate) => equalJson(candidate, value) === equal);
}

function defined(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value];
}
