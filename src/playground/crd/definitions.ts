import type { ApiRegistry } from '../api/api-registry.ts';
import { typedDecoder } from '../api/decode-typed.ts';
import { resolverOf } from '../api/openapi-documents.ts';
import type { JsonObject } from '../patch/json.ts';
import type { Change } from '../storage/change-log.ts';
import { deletionTimestampOf, nameOf, namespaceOf, timestamp } from '../storage/metadata.ts';
import { contentDiffers, specDiffers } from '../storage/resource-type.ts';
import type { ObjectStore } from '../store.ts';
import { customResource, OBJECT_META } from './custom-resource.ts';
import { establishedStatus } from './definition-status.ts';
import { customDocument, type DefinedResource } from './open-api.ts';
import { type Definition, readDefinition } from './read-definition.ts';
import { type ConvertObject, convertByName, versionCodec } from './version-codec.ts';

export interface DefinitionsOptions {
  readonly store: ObjectStore;
  readonly registry: ApiRegistry;
  /** OpenAPI documents of the built-in kinds. */
  readonly documents: ReadonlyMap<string, JsonObject>;
  /** In place of conversion webhooks, by the definition's name. */
  readonly conversions: Readonly<Record<string, ConvertObject>>;
}

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';

/** Serves what CustomResourceDefinitions define, as they come, change and go. */
export class CustomResources {
  readonly #options: DefinitionsOptions;
  readonly #served = new Map<string, Definition>();
  #documents: ReadonlyMap<string, JsonObject> | undefined;

  constructor(options: DefinitionsOptions) {
    this.#options = options;
  }

  /** Follows the definitions in the store until disposed of. */
  follow(): Disposable {
    return this.#options.store.collection(CRDS).subscribe((change) => this.#onChange(change));
  }

  /** OpenAPI documents of the groups and versions that are served, by their path. */
  get documents(): ReadonlyMap<string, JsonObject> {
    this.#documents ??= this.#describe();
    return this.#documents;
  }

  #onChange({ type, object }: Change): void {
    this.#documents = undefined;
    if (type === 'DELETED') this.#withdraw(nameOf(object));
    else if (deletionTimestampOf(object) !== '') this.#empty(nameOf(object));
    else this.#serve(object);
  }

  #serve(crd: JsonObject): void {
    const { store, registry, documents } = this.#options;
    const definition = readDefinition(crd);
    this.#unserve(this.#served.get(definition.name));
    this.#served.set(definition.name, definition);
    const storage = definition.versions.find((version) => version.storage);
    if (!storage) return;
    const apiVersion = (version: string) => `${definition.group}/${version}`;
    const collection = store.register({
      group: definition.group,
      resource: definition.plural,
      version: storage.name,
      kind: definition.kind,
      namespaced: definition.namespaced,
      bumpsGeneration: (before, after) => this.#bumpsGeneration(definition.name, before, after),
    });
    const resolve = resolverOf(documents.get('api/v1') ?? {});
    const decodeMetadata = typedDecoder(OBJECT_META, resolve);
    const convert = this.#options.conversions[definition.name] ?? convertByName;
    for (const version of definition.versions.filter(({ served }) => served)) {
      const codec = versionCodec(apiVersion(version.name), apiVersion(storage.name), convert);
      registry.set(
        customResource({ definition, version, collection, codec, decodeMetadata, resolve }),
      );
    }
    const time = timestamp(store.clock.now());
    store
      .collection(CRDS)
      .modify('', definition.name, (current) => establishedStatus(current, time));
  }

  #bumpsGeneration(name: string, before: JsonObject, after: JsonObject): boolean {
    const hasStatus = this.#served.get(name)?.versions.some((version) => version.hasStatus);
    return hasStatus ? specDiffers(before, after) : contentDiffers(before, after);
  }

  /** Deletes all objects of a definition that is being deleted; the last one takes it along. */
  #empty(name: string): void {
    const { store } = this.#options;
    const definitions = store.collection(CRDS);
    if (store.has(name)) {
      const objects = store.collection(name);
      for (const object of [...objects.list()]) {
        if (deletionTimestampOf(object) === '') objects.delete(namespaceOf(object), nameOf(object));
      }
      if (objects.size > 0) {
        const waiting = objects.subscribe(() => {
          if (objects.size > 0) return;
          waiting[Symbol.dispose]();
          if (definitions.get('', name)) definitions.delete('', name);
        });
        return;
      }
    }
    if (definitions.get('', name)) definitions.delete('', name);
  }

  #withdraw(name: string): void {
    const definition = this.#served.get(name);
    this.#served.delete(name);
    this.#unserve(definition);
    if (definition) {
      this.#options.store.unregister({ group: definition.group, resource: definition.plural });
    }
  }

  #unserve(definition: Definition | undefined): void {
    if (!definition) return;
    for (const { name } of definition.versions) {
      this.#options.registry.delete(definition.group, name, definition.plural);
    }
  }

  #describe(): ReadonlyMap<string, JsonObject> {
    const resources = new Map<string, DefinedResource[]>();
    for (const definition of this.#served.values()) {
      for (const version of definition.versions.filter(({ served }) => served)) {
        const path = `apis/${definition.group}/${version.name}`;
        resources.set(path, [...(resources.get(path) ?? []), { definition, version }]);
      }
    }
    return new Map(
      [...resources].map(([path, own]) => [path, customDocument(own, this.#options.documents)]),
    );
  }
}
