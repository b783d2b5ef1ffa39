import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { caBundle, conversionService, definition } from '../support/definition.ts';
import { configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import type { Release } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { at, listAt, nameOf, numberAt, textAt, uidOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const OLD_DEFINITION = fileURLToPath(new URL('../manifests/old-definition.yaml', import.meta.url));
const TARGET = 'chaos-takeover';

/** What the old program and its users may have left, whole or not. */
const LEFT = [
  configuration('pods', { mode: 'killPod', timeout: '10s', deployment: 'web' }),
  configuration('scale', { mode: 'randomScale', timeout: '1h', maxReplicas: 15 }),
  configuration('pressure', { mode: 'antiPressure', timeout: '90s', enabled: false }),
  { ...configuration('bare'), spec: { minReplicas: 1, maxReplicas: 2 } },
  { ...configuration('hot'), spec: { ...configuration('hot').spec, timeout: '0s' } },
];

describe('a cluster that had chaos-monkey before', function () {
  this.timeout(120_000);
  const fixture = useReleases();
  const { cluster } = fixture;
  const configurations = pathOf('chaosmonkeyconfigurations', TARGET);
  let hardCoded = '';
  let found: readonly unknown[] = [];
  let first: Release;

  before(async () => {
    first = fixture.release({ values: { behavior: 'DenyAll' } });
    const { code, stderr } = await cluster.kubectl(['apply', '-f', OLD_DEFINITION]);
    expect(code, stderr).to.equal(0);
    await waitFor(
      cluster.client,
      pathOf('chaosmonkeyconfigurations'),
      'the first list',
      () => true,
    );
    await fixture.namespace(TARGET, { 'cm.massix.github.io/namespace': 'true' });
    const web = deployment('web', { replicas: 1 });
    await bodyOf(cluster.client.post(pathOf('deployments', TARGET), web));
    for (const one of LEFT) await bodyOf(cluster.client.post(configurations, one));
    hardCoded = await caBundle(cluster.client);
    found = await objects();
  });

  const objects = async () => listAt(await bodyOf(cluster.client.get(configurations)), 'items');
  const expectIntact = async () => {
    const now = await objects();
    expect(now.map(uidOf)).to.deep.equal(found.map(uidOf));
    for (const [index, one] of now.entries()) {
      const name = nameOf(one);
      const [spec, generation] = [at(one, 'spec'), at(one, 'metadata', 'generation')];
      expect(JSON.stringify(spec), name).to.equal(JSON.stringify(at(found[index], 'spec')));
      expect(generation, name).to.equal(at(found[index], 'metadata', 'generation'));
    }
  };
  const expectConversion = async (release: Release) => {
    await release.untilConverting();
    const path = `/apis/cm.massix.github.io/v1alpha1/namespaces/${TARGET}/chaosmonkeyconfigurations`;
    const old = listAt(await bodyOf(cluster.client.get(path)), 'items');
    expect(old.map((one) => [nameOf(one), at(one, 'spec', 'podMode')])).to.deep.equal([
      ['bare', false],
      ['hot', true],
      ['pods', true],
      ['pressure', false],
      ['scale', false],
    ]);
    expect(numberAt(old.at(-1), 'spec', 'maxReplicas')).to.equal(15);
    const service = `${release.namespace}/${release.fullName}`;
    expect(await conversionService(cluster.client)).to.equal(service);
  };
  const expectActs = async () => {
    const ticks = numberAt(
      await bodyOf(cluster.client.get(`${configurations}/pods`)),
      'status',
      'ticks',
    );
    const more = (all: readonly unknown[]) =>
      all.some(
        (one) =>
          nameOf(one) === 'pods' &&
          numberAt(one, 'status', 'ticks') > (ticks || 0) &&
          textAt(one, 'status', 'lastOutcome', 'result') === 'Acted',
      );
    await waitFor(cluster.client, configurations, 'a kill', more);
  };

  describe('with the definition of chaos-monkey 3, its hard-coded caBundle and objects', () => {
    it('has no v1alpha1, for nobody answers with that key', async () => {
      expect(await first.conversion()).to.contain('conversion webhook');
      expect(hardCoded).not.to.equal('');
    });

    it('is not taken over by a command that does not say so', async () => {
      await fixture.namespace(first.namespace);
      const { code, stderr } = await first.tryInstall();
      expect(code).not.to.equal(0);
      expect(stderr).to.contain('invalid ownership metadata');
      await expectIntact();
    });

    it('is taken over by helm upgrade --install --take-ownership, with its objects as they were', async () => {
      await first.install();
      await expectConversion(first);
      expect(await caBundle(cluster.client)).not.to.equal(hardCoded);
      await expectIntact();
      const v1 = listAt(await definition(cluster.client), 'spec', 'versions').at(-1);
      expect(at(v1, 'subresources', 'status')).to.deep.equal({});
    });

    it('is disturbed by the objects that were there', expectActs);
  });

  describe('with the definition and the objects of a release that was uninstalled', () => {
    let second: Release;

    it('is taken over by a release of another name in another namespace', async () => {
      await first.uninstall();
      await expectIntact();
      second = fixture.release({
        name: 'monkeys',
        namespace: 'chaos-elsewhere',
        values: { behavior: 'DenyAll' },
      });
      await fixture.namespace(second.namespace);
      const { stderr } = await second.tryInstall();
      expect(stderr).to.contain('invalid ownership metadata');
      await second.install();
      await expectConversion(second);
      await expectIntact();
    });

    it('is disturbed by the objects that were kept', expectActs);
  });
});
