import type { ServedResource } from '../api/served-resource.ts';
import { groupVersion } from '../api/served-resource.ts';
import type { JsonObject } from '../patch/json.ts';

/** The JSON of objects without kind and apiVersion; objects are never changed, so it is made once. */
const texts = new WeakMap<JsonObject, string>();

function textWithoutKind(view: JsonObject): string {
  const known = texts.get(view);
  if (known !== undefined) return known;
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = view;
  const text = JSON.stringify(rest);
  texts.set(view, text);
  return text;
}

/** The object as JSON, kind and apiVersion first. */
export function objectText(served: ServedResource, view: JsonObject): string {
  const kind = `"kind":"${served.kind}","apiVersion":"${groupVersion(served)}"`;
  return `{${kind},${textWithoutKind(view).slice(1)}`;
}

/** The object as an item of a list: built-in kinds do not repeat what the list says. */
export function itemText(served: ServedResource, view: JsonObject): string {
  return served.isCustom ? objectText(served, view) : textWithoutKind(view);
}
