import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { readRequests } from '../support/audit-log.ts';
import { DEFINITION, definition } from '../support/definition.ts';
import { configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { controlPlane } from '../support/real-cluster.ts';
import type { Release } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { at, conditionOf, listAt, nameOf, numberAt, textAt } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const LABEL = 'cm.massix.github.io/namespace';
const [A, B, OUTSIDE] = ['chaos-roles-a', 'chaos-roles-b', 'chaos-roles-outside'];
const OWN = 'chaos-roles-own';

/** A namespace is read every 2 s, and the answer acted upon at once. */
const FLIP_MS = 3_000;

describe('a release with Roles only', function () {
  this.timeout(90_000);
  const fixture = useReleases();
  const { cluster } = fixture;
  let release: Release;
  let began = 0;

  before(async function () {
    this.timeout(120_000);
    began = Date.now();
    const values = { behavior: 'DenyAll', watchNamespaces: [A, B] };
    release = fixture.release({ namespace: OWN, values });
    for (const [namespace, value] of [
      [A, 'true'],
      [B, 'false'],
      [OUTSIDE, 'true'],
    ] as const)
      await fixture.namespace(namespace, { [LABEL]: value });
    await release.install();
    for (const namespace of [A, B, OUTSIDE]) {
      const made = deployment('web', { replicas: 1 });
      await bodyOf(cluster.client.post(pathOf('deployments', namespace), made));
      const path = pathOf('chaosmonkeyconfigurations', namespace);
      await bodyOf(cluster.client.post(path, configuration('web', { timeout: '2s' })));
    }
  });

  const label = (namespace: string, value: string) => {
    const body = { metadata: { labels: { [LABEL]: value } } };
    return bodyOf(cluster.client.patch(pathOf('namespaces', '', namespace), 'merge', body));
  };
  const until = async (namespace: string, what: string, reached: (one: unknown) => boolean) => {
    const path = pathOf('chaosmonkeyconfigurations', namespace);
    const all = (found: readonly unknown[]) => found.length === 1 && found.every(reached);
    await waitFor(cluster.client, path, what, all);
  };
  const clusterRoles = async () => {
    const roles = listAt(await bodyOf(cluster.client.get(pathOf('clusterroles'))), 'items');
    return roles.filter(
      (role) =>
        textAt(role, 'metadata', 'labels', 'app.kubernetes.io/instance') === release.name ||
        nameOf(role).includes('chaos-monkey'),
    );
  };

  it('has no ClusterRole', async () => {
    expect((await clusterRoles()).map(nameOf)).to.deep.equal([]);
    const bindings = listAt(
      await bodyOf(cluster.client.get(pathOf('clusterrolebindings'))),
      'items',
    );
    expect(JSON.stringify(bindings)).not.to.contain(OWN);
  });

  it('acts in its namespaces that opt in', async () => {
    const acted = (one: unknown) => at(one, 'status', 'lastOutcome', 'result') === 'Acted';
    await until(A, 'a kill', acted);
  });

  it('begins and ends within 3 s of a flip of the label', async () => {
    const path = pathOf('chaosmonkeyconfigurations', B, 'web');
    expect(conditionOf(await bodyOf(cluster.client.get(path)), 'Active')).not.to.equal('True');
    for (const [value, status] of [
      ['true', 'True'],
      ['false', 'False'],
      ['true', 'True'],
    ] as const) {
      await label(B, value);
      const flipped = performance.now();
      await until(B, `Active to be ${status}`, (one) => conditionOf(one, 'Active') === status);
      const tookMs = performance.now() - flipped;
      console.info(`      label ${value}: ${(tookMs / 1_000).toFixed(1)} s`);
      expect(tookMs).to.be.below(FLIP_MS);
    }
  });

  it('tells about a namespace in that namespace', async () => {
    const said = (events: readonly unknown[]) =>
      events.some(
        (event) =>
          textAt(event, 'involvedObject', 'kind') === 'Namespace' &&
          textAt(event, 'message') === `CRD Watcher added for ${B}`,
      );
    await waitFor(cluster.client, pathOf('events', B), 'the Event about the namespace', said);
  });

  it('converts nothing, and says so', async () => {
    const found = await definition(cluster.client);
    expect(at(found, 'spec', 'conversion', 'strategy')).to.equal('None');
    const served = listAt(found, 'spec', 'versions').filter((one) => at(one, 'served') === true);
    expect(served.map((version) => textAt(version, 'name'))).to.deep.equal(['v1']);
  });

  it('never asked for anything outside of its namespaces', async () => {
    const untouched = await bodyOf(
      cluster.client.get(pathOf('chaosmonkeyconfigurations', OUTSIDE, 'web')),
    );
    expect(at(untouched, 'status')).to.equal(undefined);
    const plane = controlPlane();
    if (plane === undefined) {
      console.warn(
        '      LEFT OUT: what the audit log says, for which CLUSTER_DIR has to say where it is',
      );
      return;
    }
    const user = `system:serviceaccount:${OWN}:${release.fullName}`;
    const requests = [...(await readRequests(plane.auditLogPath, user, began))].sort();
    const mine = [A, B, OWN].map((namespace) => ` in ${namespace}`);
    const named = [A, B].map((namespace) => `get namespaces/${namespace}`);
    const outside = requests.filter(
      (request) => !named.includes(request) && !mine.some((end) => request.endsWith(end)),
    );
    expect(requests).to.include.members([...named, `list pods in ${A}`, `watch pods in ${B}`]);
    expect(outside).to.deep.equal([]);
  });

  it('is ready, and its replicas too, when nobody has an opted-in namespace', async () => {
    for (const namespace of [A, B]) await label(namespace, 'false');
    for (const namespace of [A, B]) {
      await until(
        namespace,
        'nothing to be active',
        (one) => conditionOf(one, 'Active') === 'False',
      );
    }
    for (const pod of await release.podNames())
      expect((await release.ask(pod, '/readyz')).code, pod).to.equal(200);
    expect(Object.values(await release.restartCounts())).to.deep.equal([0, 0]);
  });

  it('converts with one ClusterRole more, for our kind alone, where conversion.manageCRD is set', async () => {
    await release.upgrade({ conversion: { manageCRD: true } });
    await release.untilConverting();
    const rules = (await clusterRoles()).flatMap((role) => listAt(role, 'rules'));
    expect(await clusterRoles()).to.have.length(1);
    for (const rule of rules) expect(listAt(rule, 'resourceNames')).to.deep.equal([DEFINITION]);
    const path = `/apis/cm.massix.github.io/v1alpha1/namespaces/${A}/chaosmonkeyconfigurations/web`;
    const old = await bodyOf(cluster.client.get(path));
    expect(at(old, 'spec', 'podMode')).to.equal(true);
    expect(numberAt(old, 'spec', 'maxReplicas')).to.equal(3);
  });
});
