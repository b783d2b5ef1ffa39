import { expect } from 'chai';
import { parseAllDocuments, stringify } from 'yaml';
import { bodyOf } from '../support/api-client.ts';
import { untilComplains } from '../support/complaints.ts';
import { caBundle, DEFINITION } from '../support/definition.ts';
import { configMap, configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import type { Release } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { at, listAt, textAt, uidOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const TARGET = 'chaos-odd';

describe('a release in odd surroundings', function () {
  this.timeout(120_000);
  const fixture = useReleases();
  const { cluster } = fixture;

  beforeEach(async () => {
    await fixture.namespace(TARGET, { 'cm.massix.github.io/namespace': 'true' });
    const web = deployment('web', { replicas: 1 });
    await bodyOf(cluster.client.post(pathOf('deployments', TARGET), web));
  });
  afterEach(async function () {
    this.timeout(150_000);
    await fixture.clear();
  });

  /** v1 works: a configuration is acted upon. */
  const expectActs = async () => {
    const path = pathOf('chaosmonkeyconfigurations', TARGET);
    await waitFor(cluster.client, path, 'the kind to be served', () => true);
    await bodyOf(cluster.client.post(path, configuration('web', { timeout: '2s' })));
    const acted = (all: readonly unknown[]) =>
      all.some((one) => at(one, 'status', 'lastOutcome', 'result') === 'Acted');
    await waitFor(cluster.client, path, 'a kill', acted);
  };

  it("leaves a Secret alone that is somebody else's, says so, and goes on with v1", async () => {
    const release = fixture.release({ values: { behavior: 'DenyAll' } });
    const path = pathOf('secrets', release.namespace);
    const name = `${release.fullName}-webhook-tls`;
    await fixture.namespace(release.namespace);
    const owner = await bodyOf(
      cluster.client.post(pathOf('configmaps', release.namespace), configMap('somebody')),
    );
    const ownerReferences = [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: 'somebody',
        uid: uidOf(owner),
        controller: true,
      },
    ];
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, ownerReferences } };
    const stringData = { password: 'mine' };
    const made = await bodyOf(cluster.client.post(path, { ...secret, stringData }));

    const { code, stderr } = await release.tryInstall();
    expect(code, stderr).to.equal(0);
    await untilComplains(release, ['log', 'readiness', 'Event'], new RegExp(`${name}.*somebody`));
    await expectActs();
    const now = await bodyOf(cluster.client.get(`${path}/${name}`));
    expect(now).to.deep.equal(made);
    expect(await caBundle(cluster.client)).to.equal('');

    await bodyOf(cluster.client.delete(`${path}/${name}`));
    await release.untilConverting();
    await release.ready();
  });

  it('without the right to patch the kind says which rule is missing, and goes on with v1', async () => {
    const release = fixture.release({ values: { behavior: 'DenyAll', rbac: { create: false } } });
    await fixture.namespace(release.namespace);
    await using rights = await Rights.make(release);
    await rights.grant(withoutPatchOfDefinition);
    const { code, stderr } = await release.tryInstall();
    expect(code, stderr).to.equal(0);
    const missing = `(?=.*patch)(?=.*customresourcedefinitions)(?=.*apiextensions\\.k8s\\.io)(?=.*${DEFINITION})`;
    await untilComplains(release, ['log', 'readiness', 'Event'], new RegExp(missing));
    await expectActs();
    expect(await release.conversion()).to.contain('conversion webhook');

    await rights.grant((rule) => rule);
    await release.untilConverting();
    await release.ready();
  });

  /** Roles that an administrator has made by hand, from what the chart would have made. */
  class Rights implements AsyncDisposable {
    readonly #objects: readonly unknown[];

    private constructor(objects: readonly unknown[]) {
      this.#objects = objects;
    }

    static async make(release: Release): Promise<Rights> {
      const text = await release.template({ rbac: { create: true } });
      const objects = parseAllDocuments(text).map((document): unknown => document.toJS());
      const isRight = (object: unknown) => /^(Cluster)?Role/.test(textAt(object, 'kind'));
      return new Rights(objects.filter(isRight));
    }

    /** Grants what is left of each rule. */
    async grant(left: (rule: unknown) => unknown): Promise<void> {
      const objects = this.#objects.map((object) => {
        const rules = at(object, 'rules');
        return Array.isArray(rules) ? { ...Object(object), rules: rules.map(left) } : object;
      });
      await this.#kubectl(['apply', '-f', '-'], objects);
    }

    async [Symbol.asyncDispose](): Promise<void> {
      await this.#kubectl(['delete', '--ignore-not-found', '-f', '-'], this.#objects);
    }

    async #kubectl(args: readonly string[], objects: readonly unknown[]): Promise<void> {
      const manifest = objects.map((object) => stringify(object)).join('---\n');
      const { code, stderr } = await cluster.kubectl(args, manifest);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    }
  }
});

function withoutPatchOfDefinition(rule: unknown): unknown {
  if (!listAt(rule, 'resources').includes('customresourcedefinitions')) return rule;
  return { ...Object(rule), verbs: listAt(rule, 'verbs').filter((verb) => verb !== 'patch') };
}
