import { writeFile } from 'node:fs/promises';
import { crdTemplate } from './chart/crd-template.ts';
import { rulesTemplate } from './chart/rules-template.ts';
import { plainSchema } from './chart/values/values.ts';
import { valuesFile } from './chart/values/values-file.ts';

/** Where the chart is. */
export const CHART = new URL('../charts/chaos-monkey/', import.meta.url);

/** The generated files of the chart, by their paths in it. */
export function chartFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['templates/crd.yaml', crdTemplate()],
    ['templates/_rules.tpl', rulesTemplate()],
    ['values.yaml', valuesFile()],
    ['values.schema.json', `${JSON.stringify(plainSchema(), null, 2)}\n`],
  ]);
}

if (import.meta.main) {
  for (const [path, text] of chartFiles()) await writeFile(new URL(path, CHART), text);
}
