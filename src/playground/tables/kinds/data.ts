import type { JsonObject } from '../../patch/json.ts';
import { ageCell, listAt, nameOf, objectAt, textAt } from '../read.ts';
import { AGE, column, NAME, type TableFormat } from '../table.ts';

function sizeOf(object: JsonObject, ...fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + Object.keys(objectAt(object, field)).length, 0);
}

export const configMapFormat: TableFormat = {
  columns: [NAME, column('Data', 'How many keys there are.'), AGE],
  cells: (map, now) => [nameOf(map), sizeOf(map, 'data', 'binaryData'), ageCell(map, now)],
};

export const secretFormat: TableFormat = {
  columns: [
    NAME,
    column('Type', 'What kind of secret it is.'),
    column('Data', 'How many keys there are.'),
    AGE,
  ],
  cells: (secret, now) => [
    nameOf(secret),
    textAt(secret, 'type'),
    sizeOf(secret, 'data'),
    ageCell(secret, now),
  ],
};

export const serviceAccountFormat: TableFormat = {
  columns: [NAME, column('Secrets', 'How many secrets it refers to.'), AGE],
  cells: (account, now) => [
    nameOf(account),
    listAt(account, 'secrets').length,
    ageCell(account, now),
  ],
};
