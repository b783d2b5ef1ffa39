import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { readAudit } from '../support/audit-log.ts';
import { caBundle, DEFINITION, definition, untilTrusted } from '../support/definition.ts';
import { CHART } from '../support/helm.ts';
import { configuration, deployment } from '../support/objects.ts';
import { expectOwnClaims } from '../support/own-claims.ts';
import { pathOf } from '../support/paths.ts';
import { controlPlane } from '../support/real-cluster.ts';
import type { Release } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { remains } from '../support/remove-release.ts';
import { TickHistory } from '../support/tick-history.ts';
import { conditionOf, listAt, nameOf, numberAt, textAt } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const TARGET = 'chaos-upgrade';
const TIMEOUT_MS = 3_000;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

const BEFORE = 'Whether the deployment is disturbed';
const AFTER = 'Whether it is disturbed';

describe('an installed release', function () {
  this.timeout(180_000);
  const fixture = useReleases();
  const { cluster } = fixture;
  const configurations = pathOf('chaosmonkeyconfigurations', TARGET);
  let release: Release;
  let changedChart = '';
  let installedMs = 0;

  before(async function () {
    this.timeout(120_000);
    changedChart = await chartWithChangedKind();
    installedMs = Date.now();
    release = fixture.release({ values: { behavior: 'DenyAll' } });
    await release.install();
    await fixture.namespace(TARGET, { 'cm.massix.github.io/namespace': 'true' });
    for (const name of NAMES) {
      const shape = { replicas: 1 };
      await bodyOf(cluster.client.post(pathOf('deployments', TARGET), deployment(name, shape)));
      const mode = name < 'd' ? 'killPod' : 'randomScale';
      const monkey = { mode, minReplicas: 1, maxReplicas: 3, timeout: '3s' } as const;
      await bodyOf(cluster.client.post(configurations, configuration(name, monkey)));
    }
    await release.untilConverting();
  });
  after(() => rm(changedChart, { recursive: true, force: true }));

  /** Waits until every configuration has ticked that often again. */
  const allTick = async (count: number) => {
    const before = ticks(listAt(await bodyOf(cluster.client.get(configurations)), 'items'));
    const reached = (all: readonly unknown[]) =>
      [...ticks(all)].every(([name, now]) => now >= (before.get(name) ?? 0) + count);
    await waitFor(cluster.client, configurations, `${count} more ticks`, reached);
  };
  const disable = async () => {
    for (const name of NAMES) {
      const path = `${configurations}/${name}`;
      await bodyOf(cluster.client.patch(path, 'merge', { spec: { enabled: false } }));
    }
  };
  const columnHelp = async () => {
    const [, v1] = listAt(await definition(cluster.client), 'spec', 'versions');
    return textAt(v1, 'additionalPrinterColumns', 0, 'description');
  };

  it('is upgraded with other values and another kind, and loses or doubles no act', async () => {
    const history = new TickHistory();
    const followed = history.follow(cluster.client, TARGET, 150_000);
    // Whoever fails before it is awaited has a better reason to tell.
    followed.catch(() => undefined);
    await allTick(2);
    const trusted = await caBundle(cluster.client);
    const before = await release.podNames();
    expect(await columnHelp()).to.equal(BEFORE);

    const began = performance.now();
    const values = { logLevel: 'debug', podAnnotations: { changed: 'yes' } };
    await release.upgrade(values, changedChart);
    console.info(`      helm upgrade: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    expect(before).not.to.include.members(await release.podNames());
    expect(await columnHelp()).to.equal(AFTER);
    expect(await caBundle(cluster.client)).to.equal(trusted);
    expect(await release.conversion()).to.equal('');
    await allTick(2);
    await disable();
    await followed;
    for (const name of NAMES) {
      history.expectApart(name, TIMEOUT_MS);
      history.expectAllTold(name);
    }

    const plane = controlPlane();
    if (plane === undefined) {
      console.warn(
        '      LEFT OUT: what the audit log says, for which CLUSTER_DIR has to say where it is',
      );
      return;
    }
    const user = `system:serviceaccount:${release.namespace}:${release.fullName}`;
    const everything = await readAudit(plane.auditLogPath, user, TARGET);
    const audit = everything.filter(({ receivedAt }) => receivedAt >= installedMs);
    for (const name of NAMES) expectOwnClaims(audit, name, history.ticks(name), TIMEOUT_MS);
  });

  it('keeps its certificate when it is rolled back', async () => {
    const trusted = await untilTrusted(cluster.client);
    await release.rollback();
    expect(await caBundle(cluster.client)).to.equal(trusted);
    expect(await columnHelp()).to.equal(BEFORE);
    expect(await release.conversion()).to.equal('');
    for (const pod of await release.podNames())
      expect(textAt(await release.health(pod), 'loglevel'), pod).to.equal('info');
  });

  it('leaves nothing but the kind and its objects when it is uninstalled', async () => {
    await release.uninstall();
    const gone = (found: readonly unknown[]) =>
      found.every((one) => !nameOf(one).startsWith(release.fullName));
    for (const collection of ['secrets', 'leases'] as const)
      await waitFor(cluster.client, pathOf(collection, release.namespace), collection, gone);
    expect(await remains(release)).to.deep.equal([]);
    expect(nameOf(await definition(cluster.client))).to.equal(DEFINITION);
    const left = listAt(await bodyOf(cluster.client.get(configurations)), 'items');
    expect(left.map(nameOf)).to.deep.equal(NAMES);
  });

  it('v1 goes on without it', async () => {
    const { code } = await cluster.kubectl(['get', 'cmc', '-n', TARGET]);
    expect(code).to.equal(0);
    await bodyOf(cluster.client.post(configurations, configuration('later')));
    const spec = { timeout: '7s' };
    const path = `${configurations}/later`;
    const patched = await bodyOf(cluster.client.patch(path, 'merge', { spec }));
    expect(textAt(patched, 'spec', 'timeout')).to.equal('7s');
    await bodyOf(cluster.client.delete(path));
  });

  it('v1alpha1 answers with an error, until conversion is set to None', async () => {
    expect(await release.conversion()).to.contain('conversion webhook');
    const patch = JSON.stringify({ spec: { conversion: { strategy: 'None', webhook: null } } });
    const { code, stderr } = await cluster.kubectl([
      'patch',
      'crd',
      DEFINITION,
      '--type',
      'merge',
      '-p',
      patch,
    ]);
    expect(code, stderr).to.equal(0);
    await release.untilConverting();
    for (const one of listAt(await bodyOf(cluster.client.get(configurations)), 'items'))
      expect(conditionOf(one, 'Accepted'), nameOf(one)).to.equal('True');
  });
});

function ticks(configurations: readonly unknown[]): ReadonlyMap<string, number> {
  return new Map(configurations.map((one) => [nameOf(one), numberAt(one, 'status', 'ticks') || 0]));
}

/** A copy of the chart as a later version may look, with another text in the kind. */
async function chartWithChangedKind(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-monkey-chart-'));
  await cp(CHART, folder, { recursive: true });
  const file = join(folder, 'templates', 'crd.yaml');
  const text = await readFile(file, 'utf8');
  if (!text.includes(BEFORE)) throw new Error(`${file} does not contain ${BEFORE}`);
  await writeFile(file, text.replaceAll(BEFORE, AFTER));
  return folder;
}
