/** As much of an OpenAPI v3 schema as patches need. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

/** Finds what a `$ref` such as `#/components/schemas/io.k8s.api.core.v1.Pod` points to. */
export type ResolveRef = (ref: string) => Schema | undefined;

const NOTHING: Schema = {};

/**
 * A place in a schema. References are followed when a place is entered, so that schemas may refer to
 * themselves; the `x-kubernetes-*` marks of a field and of the type it refers to are seen as one.
 * Places are remembered: walking the same schema again allocates nothing.
 */
export class SchemaNode {
  /** A place of which nothing is known: maps are merged by key, lists are replaced whole. */
  static readonly unknown = new SchemaNode(NOTHING, () => undefined);

  readonly #own: Schema;
  readonly #resolve: ResolveRef;
  readonly #fields = new Map<string, SchemaNode>();
  #target: Schema | undefined;
  #element: SchemaNode | undefined;

  constructor(schema: Schema, resolve: ResolveRef) {
    this.#own = schema;
    this.#resolve = resolve;
  }

  /** Whether `name` is a field of its own, and not one of the keys of a map. */
  hasField(name: string): boolean {
    const { properties } = this.#type();
    return properties !== undefined && Object.hasOwn(properties, name);
  }

  /** The place of a field, or of the values of a map. */
  field(name: string): SchemaNode {
    const known = this.#fields.get(name);
    if (known) return known;
    const { properties, additionalProperties } = this.#type();
    const own = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!own) {
      return typeof additionalProperties === 'object'
        ? this.#elementOf(additionalProperties)
        : SchemaNode.unknown;
    }
    const node = new SchemaNode(own, this.#resolve);
    this.#fields.set(name, node);
    return node;
  }

  /** The place of a list's items. */
  element(): SchemaNode {
    const { items } = this.#type();
    return items ? this.#elementOf(items) : SchemaNode.unknown;
  }

  /** Names of the declared fields. */
  fieldNames(): readonly string[] {
    return Object.keys(this.#type().properties ?? NOTHING);
  }

  /** The type's own fields that must be there. */
  get required(): readonly string[] {
    return this.#type().required ?? [];
  }

  /** Whether the field is there, empty, even when nobody has set it: a struct of the server's types. */
  get alwaysThere(): boolean {
    const value = this.#own.default;
    return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  }

  /** `object`, `array`, `string` …; undefined where several are allowed. */
  get type(): string | undefined {
    const schema = this.#type();
    return schema['x-kubernetes-int-or-string'] || schema.oneOf ? undefined : schema.type;
  }

  /** Whether `name` may stand here: as a field, as a key of a map, or because anything may. */
  declares(name: string): boolean {
    const schema = this.#type();
    return (
      this.hasField(name) ||
      schema.properties === undefined ||
      schema.additionalProperties !== undefined ||
      schema['x-kubernetes-preserve-unknown-fields'] === true
    );
  }

  get patchMergeKey(): string | undefined {
    return this.#mark('x-kubernetes-patch-merge-key');
  }

  /** `merge`, `replace`, `retainKeys`; more than one is possible. */
  get patchStrategies(): readonly string[] {
    return this.#mark('x-kubernetes-patch-strategy')?.split(',') ?? [];
  }

  /** How server-side apply sees a list here: as one value, or as items of their own. */
  get listType(): 'atomic' | 'set' | 'map' {
    const type = this.#mark('x-kubernetes-list-type');
    return type === 'set' || type === 'map' ? type : 'atomic';
  }

  get listMapKeys(): readonly string[] {
    return this.#mark('x-kubernetes-list-map-keys') ?? [];
  }

  /** What a key of a list's items is when an item does not say it (`protocol: TCP`). */
  defaultOf(field: string): unknown {
    return this.field(field).#own.default;
  }

  get isAtomicMap(): boolean {
    return this.#mark('x-kubernetes-map-type') === 'atomic';
  }

  #elementOf(schema: Schema): SchemaNode {
    this.#element ??= new SchemaNode(schema, this.#resolve);
    return this.#element;
  }

  #mark<K extends keyof Schema>(key: K): Schema[K] {
    return this.#own[key] ?? this.#type()[key];
  }

  /** The schema that declares the fields: this one, or what it refers to. */
  #type(): Schema {
    this.#target ??= this.#follow(this.#own);
    return this.#target;
  }

  #follow(schema: Schema): Schema {
    if (schema.$ref !== undefined) return this.#follow(this.#resolve(schema.$ref) ?? NOTHING);
    const [only, ...others] = schema.allOf ?? [];
    return only && others.length === 0 && !schema.properties ? this.#follow(only) : schema;
  }
}
