import type { ObjectMetadata } from '../resource.ts';
import { internLabels, internText } from './intern.ts';

/**
 * Readers for objects as the API server sent them: what has another type than expected reads as missing,
 * so that odd content, stored before a schema was tightened, never throws.
 */
export type Raw = Readonly<Record<string, unknown>>;

export function readRaw(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

export function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Milliseconds since the epoch; 0 when missing or unreadable. */
export function readInstant(value: unknown): number {
  const instant = Date.parse(readText(value) ?? '');
  return Number.isNaN(instant) ? 0 : instant;
}

/** A map, because a label may be called `__proto__`. */
export function readLabels(value: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(readRaw(value));
  return internLabels(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function readMetadata(metadata: Raw): ObjectMetadata {
  return {
    name: readText(metadata.name) ?? '',
    namespace: internText(readText(metadata.namespace) ?? ''),
    uid: readText(metadata.uid) ?? '',
    resourceVersion: readText(metadata.resourceVersion) ?? '',
  };
}

/** Whether somebody has asked for the object to be deleted. */
export function readTerminating(metadata: Raw): boolean {
  return readText(metadata.deletionTimestamp) !== undefined;
}

/** The UID of the controlling owner of this kind. */
export function readControllerUid(metadata: Raw, kind: string): string | undefined {
  const owner = readList(metadata.ownerReferences)
    .map(readRaw)
    .find((reference) => reference.controller === true && reference.kind === kind);
  const uid = readText(owner?.uid);
  return uid === undefined ? undefined : internText(uid);
}
