import type { Json, JsonObject } from '../patch/json.ts';

/** A column as `columnDefinitions` of a meta.k8s.io/v1 Table has it. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** `name` marks the column that identifies a row. */
  readonly format: string;
  readonly description: string;
  /** 0: always shown; 1: with `-o wide`. */
  readonly priority: number;
}

/** A row's `conditions`: kubectl leaves out rows that are `Completed` where it is told to. */
export type TableRowCondition = JsonObject;

/** How the objects of one kind are shown in a table. */
export interface TableFormat {
  readonly columns: readonly TableColumn[];
  /**
   * The cells of a row, one per column.
   * @param now milliseconds since the epoch, for ages
   */
  cells(object: JsonObject, now: number): readonly Json[];
  /** Default: none. */
  conditions?(object: JsonObject): readonly TableRowCondition[];
}

/** Builds a column; unless told otherwise a text that is always shown. */
export function column(
  name: string,
  description: string,
  { type = 'string', priority = 0 }: Partial<Pick<TableColumn, 'type' | 'priority'>> = {},
): TableColumn {
  return { name, type, format: '', description, priority };
}

export const WIDE = { priority: 1 } as const;
export const INTEGER = { type: 'integer' } as const;

export const NAME: TableColumn = {
  ...column('Name', 'Name must be unique within a namespace.'),
  format: 'name',
};

export const AGE = column('Age', 'How long ago the object was created.');

/** What is shown for a text that is not there. */
export const NONE = '<none>';
