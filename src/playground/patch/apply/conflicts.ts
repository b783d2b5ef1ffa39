import { PatchError, type PatchErrorCause } from '../patch-error.ts';
import type { FieldSet } from './field-set.ts';
import type { OwnedFields } from './managed-fields.ts';

/** Fields that somebody else owns and that would change. */
export interface Conflict {
  readonly owner: OwnedFields;
  readonly fields: FieldSet;
}

/** 409, naming each manager and field as the API server does. */
export function conflictError(conflicts: readonly Conflict[]): PatchError {
  const found = conflicts
    .map(({ owner, fields }) => ({ who: describeOwner(owner), paths: [...fields.paths()] }))
    .sort((a, b) => (a.who < b.who ? -1 : 1));
  const causes = found.flatMap(({ who, paths }) =>
    paths.map(
      (field): PatchErrorCause => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${who}`,
        field,
      }),
    ),
  );
  const [only] = causes;
  const message =
    causes.length === 1 && only
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${found.map(({ who, paths }) => `conflicts with ${who}:\n${paths.map((path) => `- ${path}`).join('\n')}`).join('\n')}`;
  return new PatchError(409, message, { causes });
}

function describeOwner({ manager, operation, apiVersion, subresource }: OwnedFields): string {
  const within = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(manager)}${within}${using}`;
}
