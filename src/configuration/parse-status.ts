import { Value } from 'typebox/value';
import { objectOrEmpty, property } from './json.ts';
import { wellTyped } from './schema/schema-errors.ts';
import { conditionSchema, v1StatusSchema, victimSchema } from './schema/v1-status.ts';
import type { ConfigurationStatus } from './status.ts';

/**
 * Reads a stored `status`, whatever it is: a field of a wrong type counts as absent, an odd entry of a list
 * is left out, what the schema does not know is dropped. Never throws.
 */
export function parseStatus(raw: unknown): ConfigurationStatus {
  const object = objectOrEmpty(raw);
  const conditions = list(property(object, 'conditions')).filter((entry) =>
    Value.Check(conditionSchema, entry),
  );
  const victims = property(object, 'lastVictims');
  const repaired = wellTyped(v1StatusSchema, {
    ...pick(object),
    conditions,
    ...(Array.isArray(victims) && {
      lastVictims: victims.filter((entry) => Value.Check(victimSchema, entry)),
    }),
  });
  if (!Value.Check(v1StatusSchema, repaired)) return { conditions: [], ticks: 0 };
  return { ...repaired, conditions, ticks: repaired.ticks ?? 0 };
}

function pick(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = Object.keys(v1StatusSchema.properties).filter((key) => Object.hasOwn(object, key));
  return Object.fromEntries(known.map((key) => [key, object[key]]));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
