import { writeFile } from 'node:fs/promises';
import { crdTemplate } from './chart/crd-template.ts';
import { dashboard } from './chart/dashboard/dashboard.ts';
import { readmeWithTable } from './chart/readme.ts';
import { rulesTemplate } from './chart/rules-template.ts';
import { plainSchema } from './chart/values/values.ts';
import { valuesFile } from './chart/values/values-file.ts';

/** Where the chart is. */
export const CHART = new URL('../charts/chaos-monkey/', import.meta.url);

/** The generated files of the chart, by their paths in it, as they have to be. */
export async function chartFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['templates/crd.yaml', crdTemplate()],
    ['templates/_rules.tpl', rulesTemplate()],
    ['files/grafana-dashboard.json', json(dashboard())],
    ['values.yaml', valuesFile()],
    ['values.schema.json', json(plainSchema())],
    ['README.md', await readmeWithTable(new URL('README.md', CHART))],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (import.meta.main) {
  for (const [path, text] of await chartFiles()) await writeFile(new URL(path, CHART), text);
}
