import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import Schema from 'typebox/schema';
import { parse } from 'yaml';
import { type ChartValue, plainSchema, valueTree } from '../../../scripts/chart/values/values.ts';
import { CHART } from '../../../scripts/generate-chart.ts';
import { controllerSettings } from '../../../src/settings/controller-settings.ts';
import { environmentName } from '../../../src/settings/names.ts';
import { at } from '../../cluster/support/value.ts';

const read = (path: string) => readFile(new URL(path, CHART), 'utf8');

const schema = Object(plainSchema());

function leaves(value: ChartValue): readonly ChartValue[] {
  return value.parts.length === 0 ? [value] : value.parts.flatMap(leaves);
}

const all = valueTree().flatMap(leaves);

/** All templates as one text. */
async function templates(): Promise<string> {
  const entries = await readdir(new URL('templates/', CHART), {
    recursive: true,
    withFileTypes: true,
  });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(`${parentPath}/${name}`, 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

describe('the values of the chart', () => {
  it('fit their own schema', async () => {
    expect(Schema.Errors(schema, parse(await read('values.yaml')))).to.deep.equal([true, []]);
  });

  it('are the defaults that the schema tells of', async () => {
    const values: unknown = parse(await read('values.yaml'));
    for (const { path, defaultValue } of all) {
      expect(at(values, ...path), path.join('.')).to.deep.equal(defaultValue);
    }
  });

  it('are all used by a template, and no others are', async () => {
    const text = await templates();
    const used = new Set(
      [...text.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path = '']) => path.slice(1)),
    );
    const known = new Set(valueTree().flatMap(pathsOf));
    expect([...used].filter((path) => !known.has(path))).to.be.empty;
    const unused = valueTree().filter((value) => !pathsOf(value).some((path) => used.has(path)));
    expect(unused.map(({ path }) => path.join('.'))).to.be.empty;
  });

  it('are each told what they are for', () => {
    for (const { path, description } of all) {
      expect(description, path.join('.')).to.match(/^[\dA-Z@].*[.)]$/s);
    }
  });
});

function pathsOf({ path, parts }: ChartValue): readonly string[] {
  return [path.join('.'), ...parts.flatMap(pathsOf)];
}

describe('the schema of the values', () => {
  const good: readonly [string, unknown][] = [
    ['nothing at all', {}],
    ['a part of another chart', { global: { anything: 1 } }],
    ['affinity as Kubernetes has it', { affinity: { nodeAffinity: { any: ['thing'] } } }],
    ['environment from a Secret', { extraEnv: [{ name: 'A', valueFrom: { secretKeyRef: {} } }] }],
    ['quantities as numbers', { resources: { limits: { cpu: 1 } } }],
    ['durations', { leaderElection: { leaseDuration: '1m30s', retryPeriod: '1.5s' } }],
    ['a digest', { image: { digest: `sha256:${'0'.repeat(64)}` } }],
    ['the own namespace as protected', { protectedNamespaces: ['@own', 'kube-system'] }],
  ];
  for (const [name, values] of good) {
    it(`accepts ${name}`, () => {
      expect(Schema.Errors(schema, values)).to.deep.equal([true, []]);
    });
  }

  const bad: readonly [unknown, string][] = [
    [{ replica: 1 }, ''],
    [{ replicas: '2' }, '/replicas'],
    [{ replicas: -1 }, '/replicas'],
    [{ behavior: 'Some' }, '/behavior'],
    [{ logLevel: 'loud' }, '/logLevel'],
    [{ image: { tga: 'x' } }, '/image'],
    [{ image: { tag: 4 } }, '/image/tag'],
    [{ image: { digest: 'latest' } }, '/image/digest'],
    [{ watchNamespaces: 'shop' }, '/watchNamespaces'],
    [{ watchNamespaces: ['Shop'] }, '/watchNamespaces/0'],
    [{ watchNamespaces: ['@own'] }, '/watchNamespaces/0'],
    [{ leaderElection: { leaseDuration: 15 } }, '/leaderElection/leaseDuration'],
    [{ leaderElection: { leaseDuration: '15' } }, '/leaderElection/leaseDuration'],
    [{ conversion: { enabled: 'yes' } }, '/conversion/enabled'],
    [{ extraEnv: [{ value: 'x' }] }, '/extraEnv/0'],
    [{ extraEnv: [{ name: 'A', value: 1 }] }, '/extraEnv/0/value'],
    [{ networkPolicy: { apiServerPorts: [0] } }, '/networkPolicy/apiServerPorts/0'],
    [{ fullnameOverride: 'No_Name' }, '/fullnameOverride'],
  ];
  for (const [values, path] of bad) {
    it(`refuses ${JSON.stringify(values)} with its path`, () => {
      const [fits, errors] = Schema.Errors(schema, values);
      expect(fits).to.equal(false);
      expect(errors.map(({ instancePath }) => instancePath)).to.include(path);
    });
  }
});

describe("the container's environment", () => {
  it('begins with the two that manifests patch by their place', async () => {
    const text = await read('templates/deployment.yaml');
    const names = [...text.matchAll(/- name: (CHAOSMONKEY_\w+)/g)].map(([, name]) => name);
    expect(names.slice(0, 2)).to.deep.equal(['CHAOSMONKEY_LOGLEVEL', 'CHAOSMONKEY_BEHAVIOR']);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('has only names that are settings of the controller', async () => {
    const text = await read('templates/deployment.yaml');
    const known = Object.entries(controllerSettings).map(([key, setting]) =>
      environmentName(key, setting),
    );
    for (const [, name] of text.matchAll(/- name: (CHAOSMONKEY_\w+)/g)) {
      expect(known).to.include(name);
    }
  });
});
