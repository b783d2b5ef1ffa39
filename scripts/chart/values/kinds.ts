import { type TProperties, type TSchema, Type } from 'typebox';
import type { Setting } from '../../../src/settings/setting.ts';

/** Nothing but what is declared. */
const CLOSED = { additionalProperties: false };

/** What `kubectl explain` describes better than this chart could: handed on as it is. */
export const ANYTHING = Type.Object({}, { additionalProperties: true });

const TEXTS = Type.Record(Type.String(), Type.String());

/** Values that belong together. None is mandatory: `--set name=null` takes one out. */
export function group(description: string, properties: TProperties): TSchema {
  const { required: _, ...schema } = Type.Object(properties, { ...CLOSED, description });
  return schema;
}

/** A value of the chart that is a setting of the program: its form and its default are the setting's. */
export function fromSetting(setting: Setting, description = setting.description): TSchema {
  const { written, defaultText } = setting;
  return { ...written, default: defaultOf(written, defaultText), description };
}

export function flag(value: boolean, description: string) {
  return Type.Boolean({ default: value, description });
}

export function text(value: string, description: string, pattern?: string) {
  return Type.String({ default: value, description, ...(pattern !== undefined && { pattern }) });
}

export function count(value: number, description: string) {
  return Type.Integer({ minimum: 0, default: value, description });
}

export function oneOf(values: readonly string[], value: string, description: string): TSchema {
  return Type.Unsafe({ enum: [...values], default: value, description });
}

export function listOf(items: TSchema, value: readonly unknown[], description: string) {
  return Type.Array(items, { default: [...value], description });
}

/** Texts by names of the user's choice. */
export function texts(value: Readonly<Record<string, string>>, description: string): TSchema {
  return { ...TEXTS, default: value, description };
}

/** A part of the Kubernetes API that the chart hands on. */
export function handedOn(value: object, description: string): TSchema {
  return { ...ANYTHING, default: value, description };
}

/** An object in a list, of which some fields are mandatory. */
export function item<P extends TProperties>(properties: P) {
  return Type.Object(properties, CLOSED);
}

function defaultOf({ type }: { readonly type?: unknown }, defaultText = ''): unknown {
  if (type === 'array') return defaultText === '' ? [] : defaultText.split(',');
  if (type === 'boolean') return defaultText === 'true';
  return defaultText;
}
