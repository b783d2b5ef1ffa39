import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { SchemaNode } from '../schema.ts';
import { describeElement, fieldElement, fieldName, type PathElement } from './path-element.ts';

/**
 * A set of field paths, as a tree: a node is in the set when it is a member. `fieldsV1` is the same
 * tree as JSON. Sets are filled while they are made and then not changed any more.
 */
export class FieldSet {
  member: boolean;
  readonly children = new Map<PathElement, FieldSet>();

  constructor(member = false) {
    this.member = member;
  }

  /** The child, made when it is not there. */
  child(element: PathElement): FieldSet {
    let child = this.children.get(element);
    if (!child) {
      child = new FieldSet();
      this.children.set(element, child);
    }
    return child;
  }

  /** Whether no path is in the set. */
  get isEmpty(): boolean {
    return !this.member && this.children.values().every((child) => child.isEmpty);
  }

  union(other: FieldSet): FieldSet {
    return combine(this, other, (left, right) => left || right);
  }

  intersection(other: FieldSet): FieldSet {
    return combine(this, other, (left, right) => left && right);
  }

  difference(other: FieldSet): FieldSet {
    return combine(this, other, (left, right) => left && !right);
  }

  equals(other: FieldSet): boolean {
    return combine(this, other, (left, right) => left !== right).isEmpty;
  }

  /** The set with every declared field on the way to a member as a member too. */
  withNamedFields(schema: SchemaNode): FieldSet {
    const result = new FieldSet(this.member);
    for (const [element, child] of this.children) {
      const name = fieldName(element);
      const copy = child.withNamedFields(
        name === undefined ? schema.element() : schema.field(name),
      );
      if (name !== undefined && schema.hasField(name) && !copy.isEmpty) copy.member = true;
      result.children.set(element, copy);
    }
    return result;
  }

  /** The set without a field and all below it. */
  without(names: readonly string[]): FieldSet {
    const [name, ...rest] = names;
    const result = new FieldSet(this.member);
    for (const [element, child] of this.children) {
      if (name === undefined || element !== fieldElement(name)) result.children.set(element, child);
      else if (rest.length > 0) result.children.set(element, child.without(rest));
    }
    return result;
  }

  /** Paths as messages show them: `.spec.replicas`, `.spec.containers[name="web"].image`. */
  *paths(prefix = ''): Iterable<string> {
    for (const element of [...this.children.keys()].sort()) {
      const child = this.children.get(element);
      const path = prefix + describeElement(element);
      if (child?.member) yield path;
      if (child) yield* child.paths(path);
    }
  }

  /** As `fieldsV1` has it. */
  toFieldsV1(): JsonObject {
    const fields: [string, Json][] = this.member && this.children.size > 0 ? [['.', {}]] : [];
    for (const element of [...this.children.keys()].sort()) {
      const child = this.children.get(element);
      if (child && !child.isEmpty) fields.push([element, child.toFieldsV1()]);
    }
    return Object.fromEntries(fields);
  }

  /** Reads `fieldsV1`; what is not an object there is taken for a member without children. */
  static fromFieldsV1(fields: Json | undefined): FieldSet {
    const root = parseNode(isJsonObject(fields) ? fields : {});
    root.member = false;
    return root;
  }
}

function parseNode(fields: JsonObject): FieldSet {
  const entries = Object.entries(fields);
  const node = new FieldSet(entries.length === 0);
  for (const [element, content] of entries) {
    if (element === '.') node.member = true;
    else node.children.set(element, parseNode(isJsonObject(content) ? content : {}));
  }
  return node;
}

function combine(
  left: FieldSet | undefined,
  right: FieldSet | undefined,
  isMember: (left: boolean, right: boolean) => boolean,
): FieldSet {
  const result = new FieldSet(isMember(left?.member ?? false, right?.member ?? false));
  const elements = new Set([...(left?.children.keys() ?? []), ...(right?.children.keys() ?? [])]);
  for (const element of elements) {
    const child = combine(left?.children.get(element), right?.children.get(element), isMember);
    if (child.member || child.children.size > 0) result.children.set(element, child);
  }
  return result;
}
