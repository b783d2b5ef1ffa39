import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { configurationCrd } from '../src/configuration/crd.ts';

/** Where the generated definition is kept. */
export const CRD_FILE = new URL('../crds/chaosmonkey-configuration.yaml', import.meta.url);

/** The definition of ChaosMonkeyConfiguration as a file to apply. */
export function renderCrd(): string {
  const plain: unknown = JSON.parse(JSON.stringify(configurationCrd()));
  const header = '# Generated from src/configuration/schema by `npm run generate`: do not edit.\n';
  return header + stringify(plain, { lineWidth: 100, aliasDuplicateObjects: false });
}

if (import.meta.main) await writeFile(CRD_FILE, renderCrd());
