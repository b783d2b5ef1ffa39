import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { escapeTemplate } from '../../../scripts/chart/crd-template.ts';
import { CHART, chartFiles } from '../../../scripts/generate-chart.ts';
import { configurationCrd } from '../../../src/configuration/crd.ts';
import { version } from '../../../src/version.ts';
import { at } from '../../cluster/support/value.ts';

const read = (path: string) => readFile(new URL(path, CHART), 'utf8');

/** What Helm makes of a text in which only braces are actions. */
function rendered(text: string): string {
  return text.replaceAll('{{ "{{" }}', '{{');
}

describe('the chart', () => {
  it('is generated where it can be: run `npm run generate` when this fails', async () => {
    for (const [path, text] of await chartFiles()) expect(await read(path), path).to.equal(text);
  });

  it('has the version of the program, and installs that', async () => {
    const chart: unknown = parse(await read('Chart.yaml'));
    expect(at(chart, 'version')).to.equal(version);
    expect(at(chart, 'appVersion')).to.equal(version);
  });
});

describe('the definition in the chart', () => {
  it('has the versions of the code, text for text', async () => {
    const template = await read('templates/crd.yaml');
    const [, versions = ''] = template.split(/^ {2}(?=versions:)/m);
    const served = '{{ eq (include "chaos-monkey.conversion" .) "true" }}';
    const text = rendered(versions.replace(/{{- end }}\n$/, '').replaceAll(served, 'true'));
    expect(parse(text)).to.deep.equal({
      versions: JSON.parse(JSON.stringify(configurationCrd().spec.versions)),
    });
  });

  it('is kept by an uninstall and has no caBundle for an upgrade to overwrite', async () => {
    const template = await read('templates/crd.yaml');
    expect(template).to.contain('helm.sh/resource-policy: keep');
    expect(template).to.not.match(/^\s*caBundle:/m);
  });

  for (const text of ['{{', 'a {{ b }} c', '{{{', '{{ "{{" }}', '{%raw%}']) {
    it(`keeps ${text} as it is`, () => {
      expect(rendered(escapeTemplate(text))).to.equal(text);
      expect(escapeTemplate(text).replaceAll('{{ "{{" }}', '')).to.not.contain('{{');
    });
  }
});
