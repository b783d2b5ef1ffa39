import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { Demo, TARGET, TIMEOUT_MS } from '../support/demo.ts';
import { DEMO_METRICS } from '../support/demo-metrics.ts';
import { pathOf } from '../support/paths.ts';
import type { Release } from '../support/release.ts';
import type { ReleaseFixture } from '../support/release-fixture.ts';
import { SCRATCH } from '../support/scratch-namespaces.ts';
import { listAt, nameOf, numberAt, textAt } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const TIMEOUT = `${TIMEOUT_MS / 1_000}s`;
const LABEL = 'cm.massix.github.io/namespace';

/** The 21 cases of the test script of chaos-monkey 3, in its order: each goes on where the one before ended. */
export function describeDemo(fixture: ReleaseFixture, replicas: number): void {
  describe(`the demo of chaos-monkey 3 with ${replicas} replicas`, function () {
    this.timeout(120_000);
    this.bail(true);
    const { cluster } = fixture;
    const demo = new Demo(cluster);
    let began = 0;
    let release: Release;

    before(async function () {
      this.timeout(180_000);
      began = performance.now();
      release = fixture.release({ values: { replicas, logLevel: 'debug' } });
      await release.install();
      await fixture.namespace(TARGET);
      await demo.apply();
    });
    after(async function () {
      this.timeout(180_000);
      await fixture.clear();
      console.info(`      all of it took ${Math.round((performance.now() - began) / 1_000)} s`);
    });

    const expectNoKills = async (selector = '') => {
      const gone = (await demo.changes('pods', selector)).filter(({ type }) => type === 'DELETED');
      expect(gone.map(({ object }) => nameOf(object))).to.deep.equal([]);
    };
    const expectNoScales = async (name: string) => {
      const before = await demo.replicas('nginx-disrupt-scale');
      const changes = await demo.changes('deployments');
      const replicas = changes
        .filter(({ object }) => nameOf(object) === name)
        .map(({ object }) => numberAt(object, 'spec', 'replicas'));
      expect(replicas.filter((count) => count !== before)).to.deep.equal([]);
    };
    const untilSettled = async () => {
      for (const app of ['nginx-disrupt-scale', 'nginx-disrupt-pods', 'nginx-antihpa'] as const) {
        await demo.untilReady(app, await demo.replicas(app));
      }
    };
    const expectNoRestarts = async () => {
      const counts = await release.restartCounts();
      expect(Object.values(counts)).to.deep.equal(Array.from({ length: replicas }, () => 0));
    };

    it('1: the cluster is there', async () => {
      expect((await cluster.client.get('/readyz')).code).to.equal(200);
    });

    it('2: its namespaces exist', async () => {
      const namespaces = (await demo.kubectl(['get', 'namespaces', '-o', 'name'])).split('\n');
      expect(namespaces).to.include.members(['namespace/target', 'namespace/chaosmonkey']);
    });

    it('3: pods run in both', async () => {
      for (const namespace of [TARGET, 'chaosmonkey']) {
        const running = (pods: readonly unknown[]) =>
          pods.some((pod) => textAt(pod, 'status', 'phase') === 'Running');
        await waitFor(cluster.client, pathOf('pods', namespace), 'a pod to run', running);
      }
    });

    it('4: chaosmonkey has exactly one Deployment and one Service', async () => {
      expect(await demo.names('deployments', 'chaosmonkey')).to.deep.equal([
        'deployment.apps/chaos-monkey',
      ]);
      expect(await demo.names('services', 'chaosmonkey')).to.deep.equal(['service/chaos-monkey']);
    });

    it('5: target has exactly three Deployments and three configurations', async () => {
      expect(await demo.names('deployments', TARGET)).to.have.length(3);
      expect(await demo.names('cmc', TARGET)).to.have.length(3);
    });

    it('6: JSON patches reset the configurations', async () => {
      const common = { enabled: true, timeout: TIMEOUT };
      const scale = { scalingMode: 'randomScale', minReplicas: 2, maxReplicas: 5 };
      await demo.patch('nginx-disrupt-scale', { ...common, ...scale });
      const pods = { scalingMode: 'killPod', minReplicas: 6, maxReplicas: 8 };
      await demo.patch('nginx-disrupt-pods', { ...common, ...pods });
      await demo.patch('nginx-antihpa', { ...common, scalingMode: 'antiPressure' });
      await demo.scale('nginx-disrupt-pods', 2);
      await demo.scale('nginx-antihpa', 6);
    });

    it('7: Events tell of it', async () => {
      const events = await demo.kubectl(['get', 'events', '-n', TARGET]);
      if (!events.includes('ChaosMonkey')) console.warn('      there are no Events yet');
    });

    it('8: randomScale changes the replicas', () => demo.untilRescaled('nginx-disrupt-scale'));

    it('9: killPod changes the pods', () => demo.untilKilled('nginx-disrupt-pods'));

    it('10: antiPressure changes the pods', async () => {
      await demo.measured('nginx-antihpa', 1);
      await demo.untilKilled('nginx-antihpa');
    });

    it('11: and there are as many pods as before', async () => {
      expect(await demo.replicas('nginx-disrupt-pods')).to.equal(2);
      expect(await demo.replicas('nginx-antihpa')).to.equal(6);
      await demo.untilReady('nginx-disrupt-pods', 2);
      await demo.untilReady('nginx-antihpa', 6);
    });

    it('12: what is disabled is left alone', async () => {
      await demo.disable('nginx-disrupt-scale');
      await demo.disable('nginx-antihpa');
      await demo.untilReady('nginx-antihpa', 6);
      await Promise.all([
        expectNoScales('nginx-disrupt-scale'),
        expectNoKills('app=nginx-antihpa'),
      ]);
    });

    it('13: killPod may become randomScale', async () => {
      await demo.patch('nginx-disrupt-pods', { scalingMode: 'randomScale' });
      await demo.untilRescaled('nginx-disrupt-pods');
    });

    it('14: randomScale may become killPod', async () => {
      await demo.patch('nginx-disrupt-scale', { enabled: true, scalingMode: 'killPod' });
      await demo.scale('nginx-disrupt-scale', 2);
      await demo.untilReady('nginx-disrupt-scale', 2);
      await demo.untilKilled('nginx-disrupt-scale');
      expect(await demo.replicas('nginx-disrupt-scale')).to.equal(2);
      await demo.untilReady('nginx-disrupt-scale', 2);
    });

    it('15: the program has not restarted', expectNoRestarts);

    it('16: all metrics are there, at the Service and at each replica', async () => {
      const pods = await release.podNames();
      expect(pods).to.have.length(replicas);
      const scrapes = [release.askService('/metrics')];
      for (const pod of pods) scrapes.push(release.ask(pod, '/metrics'));
      for (const [index, scrape] of (await Promise.all(scrapes.map(bodyOf))).entries()) {
        const missing = DEMO_METRICS.filter((name) => !String(scrape).includes(name));
        expect(missing, pods[index - 1] ?? 'Service').to.deep.equal([]);
      }
    });

    it('17: /health says that it is up', async () => {
      for (const pod of await release.podNames())
        expect(textAt(await release.health(pod), 'status'), pod).to.equal('up');
      expect(textAt(await bodyOf(release.askService('/health')), 'status')).to.equal('up');
    });

    it('18: a namespace that is labelled false is left alone', async () => {
      const labels = { [LABEL]: 'false', [SCRATCH]: 'true' };
      const patch = JSON.stringify([{ op: 'replace', path: '/metadata/labels', value: labels }]);
      await demo.kubectl(['patch', 'namespace', TARGET, '--type', 'json', '-p', patch]);
      await demo.untilOptedOut();
      await untilSettled();
      await expectNoKills();
    });

    it('19: and so it is when env/1 of the Deployment becomes DenyAll', async () => {
      const deployment = await release.deployment();
      const env = listAt(deployment, 'spec', 'template', 'spec', 'containers', 0, 'env');
      expect(env.slice(0, 2).map((entry) => textAt(entry, 'name'))).to.deep.equal([
        'CHAOSMONKEY_LOGLEVEL',
        'CHAOSMONKEY_BEHAVIOR',
      ]);
      const path = '/spec/template/spec/containers/0/env/1/value';
      const patch = JSON.stringify([{ op: 'replace', path, value: 'DenyAll' }]);
      const target = ['deployment', 'chaos-monkey', '-n', 'chaosmonkey'];
      await demo.kubectl(['patch', ...target, '--type', 'json', '-p', patch]);
      await demo.kubectl(['rollout', 'status', ...target, '--timeout', '50s']);
      await expectNoKills();
      for (const pod of await release.podNames())
        expect(textAt(await release.health(pod), 'behavior'), pod).to.equal('DENYALL');
    });

    it('20: configurations that are reset act again once the namespace is labelled true', async () => {
      const scale = { scalingMode: 'randomScale', minReplicas: 2, maxReplicas: 4 };
      await demo.patch('nginx-disrupt-scale', scale);
      const pods = { scalingMode: 'killPod', minReplicas: 0, maxReplicas: 1 };
      await demo.patch('nginx-disrupt-pods', pods);
      await demo.kubectl(['label', '--overwrite', 'namespace', TARGET, `${LABEL}=true`]);
      await demo.untilKilled('nginx-disrupt-pods');
      await demo.untilRescaled('nginx-disrupt-scale');
    });

    it('21: a configuration may be applied as v1alpha1', async () => {
      const name = 'chaosmonkey-nginx-disrupt-pods';
      await demo.kubectl(['delete', 'cmc', name, '-n', TARGET]);
      const old = {
        apiVersion: 'cm.massix.github.io/v1alpha1',
        kind: 'ChaosMonkeyConfiguration',
        metadata: { name, namespace: TARGET },
        spec: {
          ...{ enabled: true, minReplicas: 0, maxReplicas: 9, podMode: true, timeout: '10s' },
          deploymentName: 'nginx-disrupt-pods',
        },
      };
      await demo.kubectl(['apply', '-f', '-'], JSON.stringify(old));
      const field = ['-o', 'jsonpath={.spec.deployment.name}'];
      const stored = await demo.kubectl(['get', 'cmc', name, '-n', TARGET, ...field]);
      expect(stored).to.equal('nginx-disrupt-pods');
      await expectNoRestarts();
    });
  });
}
