import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../patch/json.ts';
import type { ResolveRef, Schema } from '../patch/schema.ts';
import type { Decode } from './decode.ts';

/** What Go's JSON reader says of a value of the wrong type. */
export class UnmarshalError extends Error {
  override readonly name = 'UnmarshalError';
}

interface Place {
  readonly schema: Schema;
  /** `spec.containers[0].name`, for strict reading. */
  readonly path: string;
  /** `spec.containers.name`, as Go's reader counts. */
  readonly goPath: string;
  /** The type that declares the field: `Container`. */
  readonly declaredBy: string;
}

/**
 * Reads objects of a built-in kind: unknown fields and nulls are dropped, a value of the wrong type is
 * an {@link UnmarshalError} in the words of Go's reader.
 */
export function typedDecoder(ref: string, resolve: ResolveRef): Decode {
  return (object) => {
    const faults: string[] = [];
    const read = new TypedReader(resolve, faults);
    const value = read.value(object, {
      schema: { $ref: ref },
      path: '',
      goPath: '',
      declaredBy: '',
    });
    return { object: isJsonObject(value) ? value : object, faults };
  };
}

class TypedReader {
  readonly #resolve: ResolveRef;
  readonly #faults: string[];

  constructor(resolve: ResolveRef, faults: string[]) {
    this.#resolve = resolve;
    this.#faults = faults;
  }

  value(value: Json, place: Place): Json {
    const { schema, typeName } = this.#type(place.schema);
    if (schema['x-kubernetes-int-or-string'] || schema.oneOf || schema.type === undefined)
      return value;
    switch (schema.type) {
      case 'object':
        if (!isJsonObject(value)) throw mismatch(value, place, goType(schema, typeName ?? ''));
        return this.#object(value, schema, { ...place, declaredBy: typeName ?? place.declaredBy });
      case 'array':
        return this.#array(value, schema, place);
      default:
        if (typeof value === 'string') requireTime(value, typeName);
        return scalar(value, schema, place);
    }
  }

  #object(value: JsonObject, schema: Schema, place: Place): Json {
    const { properties, additionalProperties } = schema;
    if (!properties && additionalProperties === undefined) return value;
    const fields: [string, Json][] = [];
    for (const [name, child] of Object.entries(value)) {
      const own = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
      const path = place.path === '' ? name : `${place.path}.${name}`;
      if (own) {
        const goPath = place.goPath === '' ? name : `${place.goPath}.${name}`;
        if (child !== null)
          fields.push([name, this.value(child, { ...place, schema: own, path, goPath })]);
      } else if (typeof additionalProperties === 'object') {
        fields.push([
          name,
          this.value(child ?? '', { ...place, schema: additionalProperties, path }),
        ]);
      } else if (additionalProperties === true) {
        fields.push([name, child]);
      } else {
        this.#faults.push(`unknown field "${path}"`);
      }
    }
    return Object.fromEntries(fields);
  }

  #array(value: Json, schema: Schema, place: Place): Json {
    const { items } = schema;
    if (!isJsonArray(value)) {
      const item = this.#type(items ?? {});
      throw mismatch(value, place, `[]${goType(item.schema, item.typeName ?? '')}`);
    }
    if (!items) return value;
    return value.map((item, index) =>
      item === null && this.#type(items).schema.type !== 'object'
        ? item
        : this.value(item ?? {}, { ...place, schema: items, path: `${place.path}[${index}]` }),
    );
  }

  #type(schema: Schema): { readonly schema: Schema; readonly typeName: string | undefined } {
    let current = schema;
    let typeName: string | undefined;
    for (;;) {
      const [only, ...others] = current.allOf ?? [];
      const ref = current.$ref;
      if (ref !== undefined) {
        typeName = ref.slice(ref.lastIndexOf('.') + 1);
        current = this.#resolve(ref) ?? {};
      } else if (only && others.length === 0 && !current.properties) {
        current = only;
      } else {
        return { schema: current, typeName };
      }
    }
  }
}

/** Times are read by Go's layouts: with microseconds or without a need for fractions. */
function requireTime(text: string, typeName: string | undefined): void {
  if (typeName !== 'Time' && typeName !== 'MicroTime') return;
  const [layout, fraction] = typeName === 'Time' ? ['', /^(?:\.\d+)?/] : ['.000000', /^\.\d{6}/];
  const whole = `2006-01-02T15:04:05${layout}Z07:00`;
  const refuse = (rest: string, part: string) =>
    new UnmarshalError(
      `parsing time ${JSON.stringify(text)} as "${whole}": cannot parse "${rest}" as "${part}"`,
    );
  if (text === '' && typeName === 'Time') return;
  const seconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(text)?.[0];
  if (seconds === undefined) throw refuse(text, '2006');
  const rest = text.slice(seconds.length);
  const digits = fraction.exec(rest)?.[0];
  if (digits === undefined) throw refuse(rest, layout);
  const zone = rest.slice(digits.length);
  if (!/^(?:Z|[+-]\d\d:\d\d)$/.test(zone)) throw refuse(zone, 'Z07:00');
}

function scalar(value: Json, schema: Schema, place: Place): Json {
  const expected = schema.type;
  const { format } = schema as { readonly format?: string };
  if (expected === 'integer' && typeof value === 'number') {
    if (Number.isInteger(value)) return value;
    throw new UnmarshalError(
      `json: cannot unmarshal number ${value} into Go struct field ${place.declaredBy}.${place.goPath} of type ${goType(schema, '')}`,
    );
  }
  if (expected === 'number' && typeof value === 'number') return value;
  if (expected === typeof value) return value;
  if (
    format === undefined &&
    expected === 'string' &&
    isQuantity(schema) &&
    typeof value === 'number'
  ) {
    return String(value);
  }
  throw mismatch(value, place, goType(schema, ''));
}

/** Quantities are strings that may be written as numbers. */
function isQuantity(schema: Schema): boolean {
  const { description } = schema as { readonly description?: string };
  return description?.startsWith('Quantity is a fixed-point') === true;
}

function mismatch(value: Json, { declaredBy, goPath }: Place, type: string): UnmarshalError {
  const got = isJsonArray(value) ? 'array' : isJsonObject(value) ? 'object' : goKind(value);
  const where = goPath === '' ? 'Go value' : `Go struct field ${declaredBy}.${goPath}`;
  return new UnmarshalError(`json: cannot unmarshal ${got} into ${where} of type ${type}`);
}

function goKind(value: Json): string {
  return typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;
}

function goType(schema: Schema, typeName: string): string {
  const { format } = schema as { readonly format?: string };
  switch (schema.type) {
    case 'integer':
      return format ?? 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'array':
      return `[]${goType(schema.items ?? {}, typeName)}`;
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? `map[string]${goType(schema.additionalProperties, typeName)}`
        : `v1.${typeName}`;
    default:
      return 'string';
  }
}
