import { causeInvalid, causeRequired } from '../api/object-rules.ts';
import type { Strategy } from '../api/served-resource.ts';
import { isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import type { StatusCause } from '../status-error.ts';
import { nameOf } from '../storage/metadata.ts';
import { at, listAt, objectAt, textAt } from '../tables/read.ts';
import { expressionError } from './cel-rules.ts';
import { definitionName } from './custom-resource.ts';
import { pathTo, type StructuralSchema } from './structural-schema.ts';

/** What a CustomResourceDefinition is when it is written. */
export const definitionStrategy: Strategy = {
  withDefaults: (crd) => {
    const spec = objectAt(crd, 'spec');
    const names = objectAt(spec, 'names');
    const kind = textAt(names, 'kind');
    return {
      ...crd,
      spec: {
        ...spec,
        names: { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names },
        conversion: spec.conversion ?? { strategy: 'None' },
      },
    };
  },
  validate: (crd) => [
    ...nameCauses(crd),
    ...versionCauses(crd),
    ...listAt(crd, 'spec', 'versions').flatMap(schemaCauses),
  ],
  validateUpdate: (before, after) =>
    (['group', 'scope', 'names.plural', 'names.kind'] as const).flatMap((field) => {
      const path = ['spec', ...field.split('.')];
      const [old, now] = [textAt(before, ...path), textAt(after, ...path)];
      return old === now ? [] : [causeInvalid(`spec.${field}`, now, 'field is immutable')];
    }),
};

function nameCauses(crd: JsonObject): readonly StatusCause[] {
  const required = ['group', 'scope'].filter((field) => textAt(crd, 'spec', field) === '');
  const names = ['plural', 'kind'].filter((field) => textAt(crd, 'spec', 'names', field) === '');
  const missing = [
    ...required.map((field) => causeRequired(`spec.${field}`)),
    ...names.map((field) => causeRequired(`spec.names.${field}`)),
  ];
  return missing.length === 0 && nameOf(crd) !== definitionName(crd)
    ? [causeInvalid('metadata.name', nameOf(crd), 'must be spec.names.plural+"."+spec.group')]
    : missing;
}

function versionCauses(crd: JsonObject): readonly StatusCause[] {
  const versions = listAt(crd, 'spec', 'versions');
  const stored = versions.filter((version) => at(version, 'storage') === true);
  if (stored.length === 1) return [];
  const why = 'must have exactly one version marked as storage version';
  return [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(versions)}: ${why}`,
      field: 'spec.versions',
    },
  ];
}

function schemaCauses(version: Json, index: number): readonly StatusCause[] {
  const field = `spec.versions[${index}].schema.openAPIV3Schema`;
  const schema = at(version, 'schema', 'openAPIV3Schema');
  if (!isJsonObject(schema)) return [causeRequired(field, 'schemas are required')];
  const type = textAt(schema, 'type');
  const own =
    type === 'object' ? [] : [causeInvalid(`${field}.type`, type, 'must be object at the root')];
  return [...own, ...ruleCauses(schema as StructuralSchema, field)];
}

/** Rules that are no expressions, at any depth. */
function ruleCauses(schema: StructuralSchema, field: string): readonly StatusCause[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule }, index) => {
    const why = expressionError(rule);
    const where = `${field}.x-kubernetes-validations[${index}].rule`;
    return why === undefined
      ? []
      : [causeInvalid(where, rule, `compilation failed: ERROR: ${why}`)];
  });
  const fields = Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    ruleCauses(child, pathTo(`${field}.properties`, `[${key}]`)),
  );
  const { items, additionalProperties } = schema;
  return [
    ...own,
    ...fields,
    ...(items ? ruleCauses(items, `${field}.items`) : []),
    ...(typeof additionalProperties === 'object'
      ? ruleCauses(additionalProperties, `${field}.additionalProperties`)
      : []),
  ];
}
