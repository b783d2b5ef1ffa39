import { type JsonObject, objectOrEmpty, property } from './json.ts';
import { wellTyped } from './schema/schema-errors.ts';
import { v1StatusSchema } from './schema/v1-status.ts';
import { conditionValidator, v1StatusValidator, victimValidator } from './schema/validators.ts';
import type { ConfigurationStatus } from './status.ts';

const FIELDS = Object.keys(v1StatusSchema.properties);

/**
 * Reads a stored `status`, whatever it is: a field of a wrong type counts as absent, an odd entry of a list
 * is left out, what the schema does not know is dropped. Never throws.
 */
export function parseStatus(raw: unknown): ConfigurationStatus {
  const known = knownFields(objectOrEmpty(raw));
  const status = v1StatusValidator.Check(known) ? known : repair(known);
  return v1StatusValidator.Check(status)
    ? { ...status, conditions: status.conditions ?? [], ticks: status.ticks ?? 0 }
    : { conditions: [], ticks: 0 };
}

function knownFields(object: JsonObject): JsonObject {
  const present = FIELDS.filter((key) => Object.hasOwn(object, key));
  return Object.fromEntries(present.map((key) => [key, object[key]]));
}

function repair(status: JsonObject): JsonObject {
  const conditions = list(property(status, 'conditions'));
  const victims = list(property(status, 'lastVictims'));
  return wellTyped(v1StatusSchema, {
    ...status,
    conditions: conditions.filter((entry) => conditionValidator.Check(entry)),
    ...(victims.length > 0 && {
      lastVictims: victims.filter((entry) => victimValidator.Check(entry)),
    }),
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
