import type { JsonObject } from '../../../../src/playground/patch/json.ts';
import type { Collection } from '../../../../src/playground/storage/collection.ts';
import { specDiffers } from '../../../../src/playground/storage/resource-type.ts';
import { ObjectStore } from '../../../../src/playground/store.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

/** A store with one kind, whose objects are granted as many seconds as their `spec.grace` says. */
export function thingStore(historyLimit = 10_000): { store: ObjectStore; things: Collection } {
  const store = new ObjectStore({ clock: new FakeClock(), historyLimit });
  const things = store.register({
    group: 'example.com',
    resource: 'things',
    version: 'v1',
    kind: 'Thing',
    namespaced: true,
    bumpsGeneration: specDiffers,
    gracePeriodSeconds: (object, asked) => asked ?? graceOf(object),
  });
  return { store, things };
}

function graceOf({ spec = null }: JsonObject): number {
  const grace = typeof spec === 'object' && spec && 'grace' in spec ? spec.grace : 0;
  return typeof grace === 'number' ? grace : 0;
}

export function thing(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    kind: 'Thing',
    apiVersion: 'example.com/v1',
    metadata: { name, namespace: 'a', ...metadata },
    spec,
  };
}
