import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { CRD_FILE, renderCrd } from '../../../scripts/generate-crds.ts';
import { configurationCrd, crdWithoutConversion } from '../../../src/configuration/crd.ts';
import { isJsonObject } from '../../../src/configuration/json.ts';

const crd = configurationCrd();

function version(name: string) {
  const found = crd.spec.versions.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no version ${name}`);
  return found;
}

/** Calls `visit` for each schema, with where it is. */
function walk(schema: unknown, path: string, visit: (path: string, schema: object) => void): void {
  if (!isJsonObject(schema)) throw new Error(`${path} is no schema`);
  visit(path, schema);
  const { properties, items } = schema;
  for (const [name, child] of Object.entries(properties ?? {}))
    walk(child, `${path}.${name}`, visit);
  if (items !== undefined) walk(items, `${path}[]`, visit);
}

describe('the CRD', () => {
  it('is generated: run `npm run generate` when this fails', async () => {
    expect(await readFile(CRD_FILE, 'utf8')).to.equal(renderCrd());
  });

  it('is the same object as the file that is applied', () => {
    expect(parse(renderCrd())).to.deep.equal(JSON.parse(JSON.stringify(crd)));
  });

  it('is named as manifests and scripts know it', () => {
    expect(crd.metadata.name).to.equal('chaosmonkeyconfigurations.cm.massix.github.io');
    expect(crd.spec.names).to.deep.equal({
      kind: 'ChaosMonkeyConfiguration',
      listKind: 'ChaosMonkeyConfigurationList',
      plural: 'chaosmonkeyconfigurations',
      singular: 'chaosmonkeyconfiguration',
      shortNames: ['cmc'],
    });
    expect(crd.spec).to.include({ scope: 'Namespaced', preserveUnknownFields: false });
  });

  it('is converted by the service of the program, without a certificate of its own', () => {
    expect(crd.spec.conversion).to.deep.equal({
      strategy: 'Webhook',
      webhook: {
        conversionReviewVersions: ['v1'],
        clientConfig: {
          service: {
            namespace: 'chaosmonkey',
            name: 'chaos-monkey',
            port: 443,
            path: '/convertcrd',
          },
        },
      },
    });
  });

  it('stores v1 and warns of v1alpha1', () => {
    expect(version('v1')).to.include({ served: true, storage: true });
    expect(version('v1')).to.not.have.property('deprecated');
    expect(version('v1alpha1')).to.include({
      served: true,
      storage: false,
      deprecated: true,
      deprecationWarning:
        'cm.massix.github.io/v1alpha1 is now deprecated, please migrate to cm.massix.github.io/v1',
    });
  });

  it('keeps the status of v1 apart from its spec', () => {
    expect(version('v1').subresources).to.deep.equal({ status: {} });
    expect(version('v1alpha1')).to.not.have.property('subresources');
  });

  it('keeps the columns in their order, and adds new ones after them', () => {
    const names = (of: string) =>
      version(of).additionalPrinterColumns.map(({ name, type, jsonPath }) => [
        name,
        type,
        jsonPath,
      ]);
    expect(names('v1')).to.deep.equal([
      ['Enabled', 'boolean', '.spec.enabled'],
      ['Scaling Mode', 'string', '.spec.scalingMode'],
      ['Target Deployment', 'string', '.spec.deployment.name'],
      ['Min Replicas', 'integer', '.spec.minReplicas'],
      ['Max Replicas', 'integer', '.spec.maxReplicas'],
      ['Target', 'string', '.status.conditions[?(@.type=="TargetFound")].status'],
      ['Next', 'string', '.status.nextExecution'],
      ['Last', 'string', '.status.lastOutcome.result'],
    ]);
    expect(names('v1alpha1')).to.deep.equal([
      ['Enabled', 'boolean', '.spec.enabled'],
      ['Deployment', 'string', '.spec.deploymentName'],
      ['Min Replicas', 'integer', '.spec.minReplicas'],
      ['Max Replicas', 'integer', '.spec.maxReplicas'],
      ['Disrupt Pods', 'boolean', '.spec.podMode'],
    ]);
  });

  const minUpToMax = {
    rule: 'self.minReplicas <= self.maxReplicas',
    message: 'minReplicas must be less than or equal to maxReplicas',
  };
  const rules: readonly (readonly [string, string, readonly object[]])[] = [
    ['v1', 'spec', [minUpToMax]],
    [
      'v1',
      'spec.minReplicas',
      [{ rule: 'self >= 0', message: 'minReplicas must be greater than or equal to 0' }],
    ],
    [
      'v1',
      'spec.deployment.name',
      [{ rule: "self != ''", message: 'deployment name must not be empty' }],
    ],
    [
      'v1alpha1',
      'spec',
      [
        minUpToMax,
        { rule: "self.deploymentName != ''", message: 'deploymentName must not be empty' },
      ],
    ],
  ];
  for (const [name, path, expected] of rules) {
    it(`keeps the rules and messages of ${path} in ${name}`, () => {
      const found: unknown[] = [];
      walk(version(name).schema.openAPIV3Schema, '', (where, schema) => {
        if (where === `.${path}` && 'x-kubernetes-validations' in schema) {
          found.push(schema['x-kubernetes-validations']);
        }
      });
      expect(found).to.deep.equal([expected]);
    });
  }

  it('has defaults in v1alpha1 only: those of v1 are applied by code', () => {
    const defaults = (name: string) => {
      const found: Record<string, unknown> = {};
      walk(version(name).schema.openAPIV3Schema, '', (path, schema) => {
        if ('default' in schema) found[path] = schema.default;
      });
      return found;
    };
    expect(defaults('v1')).to.deep.equal({});
    expect(defaults('v1alpha1')).to.deep.equal({
      '.spec.enabled': true,
      '.spec.minReplicas': 0,
      '.spec.maxReplicas': 5,
      '.spec.podMode': true,
      '.spec.timeout': '30s',
    });
  });

  for (const { name, schema } of crd.spec.versions) {
    it(`explains every field of ${name}, and gives each a type`, () => {
      walk(schema.openAPIV3Schema, '', (path, field) => {
        expect(field, path).to.have.property('type').that.is.a('string');
        if (path !== '.metadata') expect(field, path).to.have.property('description');
      });
    });
  }
});

describe('crdWithoutConversion', () => {
  it('serves the stored version alone and asks no webhook', () => {
    const { spec, ...rest } = crdWithoutConversion(crd);
    expect(spec.conversion).to.deep.equal({ strategy: 'None' });
    expect(spec.versions.map(({ name, served }) => [name, served])).to.deep.equal([
      ['v1alpha1', false],
      ['v1', true],
    ]);
    expect(rest.metadata).to.deep.equal(crd.metadata);
    expect(crd.spec.conversion.strategy).to.equal('Webhook');
  });
});
