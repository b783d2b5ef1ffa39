import type { TSchema } from 'typebox';
import { controllerValues } from './controller-values.ts';
import { group } from './kinds.ts';
import { monitoringValues } from './monitoring-values.ts';
import { installationValues, podValues } from './pod-values.ts';

/** Every value of the chart, with its default and what it is for. */
export const chartValues: TSchema = group('Values of the chart chaos-monkey', {
  ...installationValues,
  ...controllerValues,
  ...podValues,
  ...monitoringValues,
});

/** A value, or values that belong together. */
export interface ChartValue {
  /** `image`, then `repository`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly schema: TSchema;
  /** Absent: the values within have defaults. */
  readonly defaultValue?: unknown;
  readonly parts: readonly ChartValue[];
}

/** The values with their paths, in the order of declaration; `global` is Helm's. */
export function valueTree(
  schema: TSchema = chartValues,
  path: readonly string[] = [],
): readonly ChartValue[] {
  return Object.entries(propertiesOf(schema))
    .filter(([name]) => path.length > 0 || name !== 'global')
    .map(([name, part]) => valueAt(part, [...path, name]));
}

/** As JSON, in which a pattern is a text. */
export function plainSchema(): unknown {
  const text = JSON.stringify(
    { $schema: 'http://json-schema.org/draft-07/schema#', ...chartValues },
    (_, value: unknown) => (value instanceof RegExp ? value.source : value),
  );
  return JSON.parse(text);
}

function valueAt(schema: TSchema, path: readonly string[]): ChartValue {
  const { default: defaultValue, description } = Object(schema);
  if (typeof description !== 'string') throw new Error(`${path.join('.')}: no description`);
  const isLeaf = defaultValue !== undefined;
  const parts = isLeaf ? [] : valueTree(schema, path);
  return { path, description, schema, parts, ...(isLeaf && { defaultValue }) };
}

function propertiesOf(schema: TSchema): Readonly<Record<string, TSchema>> {
  return Object(schema).properties ?? {};
}
