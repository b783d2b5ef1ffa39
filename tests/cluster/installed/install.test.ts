import { expect } from 'chai';
import { definition } from '../support/definition.ts';
import type { Release } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { remains } from '../support/remove-release.ts';
import { at, nameOf, textAt } from '../support/value.ts';

/** From helm's start until both pods are ready; the pods themselves need about a second. */
const MOST_SECONDS = 60;

describe('helm install', function () {
  this.timeout(120_000);
  const fixture = useReleases();
  const { cluster } = fixture;
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  let release: Release;

  describe('on a cluster that never had it', () => {
    after(() => fixture.clear());

    it('makes two pods ready, on two nodes, where only restricted pods may run', async () => {
      release = fixture.release({ labels });
      const seconds = await release.install({ plain: true });
      console.info(`      ready after ${seconds.toFixed(1)} s`);
      expect(seconds).to.be.below(MOST_SECONDS);
      const pods = await release.pods();
      expect(pods).to.have.length(2);
      expect(new Set(pods.map((pod) => textAt(pod, 'spec', 'nodeName'))).size).to.equal(2);
      expect(await release.restartCounts()).to.deep.equal(
        Object.fromEntries(pods.map((pod) => [nameOf(pod), 0])),
      );
    });

    it('has one of them lead, and both say who they are', async () => {
      const leader = await release.untilLeader();
      const leads = (await release.podNames()).map(async (pod) => {
        const metrics = await release.metrics(pod);
        return [pod, metrics.sum('chaos_monkey_leader')] as const;
      });
      const wanted = (await release.podNames()).map((pod) => [pod, pod === leader ? 1 : 0]);
      expect(await Promise.all(leads)).to.deep.equal(wanted);
    });

    it('asks helm to keep the kind, and so its objects, when it is uninstalled', async () => {
      const annotations = at(await definition(cluster.client), 'metadata', 'annotations');
      expect(at(annotations, 'helm.sh/resource-policy')).to.equal('keep');
    });

    it('says in its notes what was installed and what is in danger', async () => {
      const notes = await release.helm(['get', 'notes', release.name]);
      for (const word of ['chaosmonkey', 'cm.massix.github.io/namespace', 'kubectl'])
        expect(notes).to.contain(word);
    });

    it('can be tested: helm test is green', async () => {
      const began = performance.now();
      const said = await release.test();
      expect(said).to.match(/Phase:\s+Succeeded/);
      console.info(`      helm test: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    });
  });

  describe('once it is removed with its kind', () => {
    it('has left nothing', async () => {
      expect(await remains(release)).to.deep.equal([]);
    });
  });
});
