import { expect } from 'chai';
import { useCluster } from '../support/cluster-fixture.ts';
import { CHART, helm } from '../support/helm.ts';
import { openRealCluster } from '../support/real-cluster.ts';
import type { Values } from './rendered.ts';

const LABEL = 'cm.massix.github.io/namespace';

describe('what is said after an installation', function () {
  this.timeout(60_000);
  const cluster = useCluster(openRealCluster);

  /** Asks the API server, and changes nothing. */
  const notes = async (values: Values, namespace = 'default') => {
    const command = ['upgrade', '--install', '--take-ownership', '--dry-run=server'];
    const args = [...command, 'chaos-monkey', CHART, '--namespace', namespace];
    const [, said = ''] = (await helm(cluster.kubeconfigPath, args, values)).split('\nNOTES:\n');
    return said;
  };
  const danger = async (values: Values, namespace?: string) => {
    const [, names = ''] = /^In danger now: (.*)$/m.exec(await notes(values, namespace)) ?? [];
    return names.split(', ');
  };

  it('names the namespaces that are in danger now, by their labels', async () => {
    const neutral = await cluster.namespace();
    const chosen = await cluster.namespace({ [LABEL]: 'true' });
    const spared = await cluster.namespace({ [LABEL]: 'false' });
    const allowed = await danger({});
    expect(allowed).to.include.members([neutral, chosen]);
    expect(allowed).to.not.include.members([spared]);
    expect(allowed).to.not.include.oneOf(['default', 'kube-system', 'kube-public']);
    expect(await danger({ behavior: 'DenyAll' })).to.deep.equal([chosen]);
    const listed = { watchNamespaces: [neutral, spared] };
    expect(await danger(listed)).to.deep.equal([neutral]);
    expect(await danger({ ...listed, behavior: 'DenyAll' })).to.deep.equal(['none']);
    expect(await danger({ protectedNamespaces: [neutral] })).to.include('default');
    expect(await danger({}, chosen))
      .to.include('default')
      .and.not.include(chosen);
  });

  it('says what is there, what comes next, and what becomes of v1alpha1', async () => {
    const said = await notes({});
    for (const part of [
      'Deployment chaos-monkey, 2 replicas',
      'kubectl -n default rollout status deployment/chaos-monkey',
      'helm -n default test chaos-monkey',
      'helm upgrade --install --take-ownership chaos-monkey',
      'v1alpha1 is answered with an error until the next install',
      `kubectl patch crd chaosmonkeyconfigurations.cm.massix.github.io --type merge`,
      '{"spec":{"conversion":{"strategy":"None","webhook":null}}}',
    ]) {
      expect(said).to.contain(part);
    }
  });

  it('says so where v1alpha1 is not served at all', async () => {
    const namespace = await cluster.namespace();
    const said = await notes({ watchNamespaces: [namespace] });
    expect(said).to.contain('conversion.manageCRD=true').and.contain('no ClusterRole');
    expect(said).to.not.contain('kubectl patch crd');
  });
});
