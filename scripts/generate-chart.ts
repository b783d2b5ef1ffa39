import { writeFile } from 'node:fs/promises';
import { crdTemplate } from './chart/crd-template.ts';
import { rulesTemplate } from './chart/rules-template.ts';

/** Where the chart is. */
export const CHART = new URL('../charts/chaos-monkey/', import.meta.url);

/** The generated files of the chart, by their paths in it. */
export function chartFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['templates/crd.yaml', crdTemplate()],
    ['templates/_rules.tpl', rulesTemplate()],
  ]);
}

if (import.meta.main) {
  for (const [path, text] of chartFiles()) await writeFile(new URL(path, CHART), text);
}
