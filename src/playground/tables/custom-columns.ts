import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import { ageOf } from './age.ts';
import { type JsonPath, parseJsonPath } from './json-path.ts';
import { listAt, nameOf, numberAt, textAt } from './read.ts';
import { column, NAME, type TableColumn, type TableFormat } from './table.ts';

const TYPES = ['string', 'integer', 'number', 'boolean', 'date'] as const;

interface CustomColumn {
  readonly definition: TableColumn;
  readonly find: JsonPath;
}

/** What a resource without columns of its own shows besides its name. */
const AGE_COLUMN: CustomColumn = {
  definition: column('Age', 'How long ago the object was created.', { type: 'date' }),
  find: parseJsonPath('.metadata.creationTimestamp') ?? (() => []),
};

/**
 * The table of a custom resource by the `additionalPrinterColumns` of its version; Name and Age without
 * any. A cell whose path leads nowhere, or to a value of another type, is null.
 */
export function customResourceFormat(printerColumns: Json | undefined): TableFormat {
  const given = listAt({ columns: printerColumns ?? [] }, 'columns').map(readColumn);
  const columns = given.length === 0 ? [AGE_COLUMN] : given;
  return {
    columns: [NAME, ...columns.map(({ definition }) => definition)],
    cells: (object, now) => [nameOf(object), ...columns.map((custom) => cell(custom, object, now))],
  };
}

function readColumn(raw: Json): CustomColumn {
  const type = TYPES.find((name) => name === textAt(raw, 'type')) ?? 'string';
  const name = textAt(raw, 'name');
  const fallback = `Custom resource definition column (in JSONPath format): ${textAt(raw, 'jsonPath')}`;
  return {
    definition: {
      ...column(name, textAt(raw, 'description') || fallback, {
        type,
        priority: numberAt(raw, 'priority'),
      }),
      format: textAt(raw, 'format'),
    },
    find: parseJsonPath(textAt(raw, 'jsonPath')) ?? (() => []),
  };
}

function cell({ definition, find }: CustomColumn, object: JsonObject, now: number): Json {
  const [value] = find(object);
  if (value === undefined || value === null) return null;
  switch (definition.type) {
    case 'string':
      return isJsonArray(value) || isJsonObject(value) ? JSON.stringify(value) : String(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? ageOf(value, now) : null;
  }
}
