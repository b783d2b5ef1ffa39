import { expect } from 'chai';
import { isReady } from '../../../../src/playground/workloads/pod-state.ts';
import { createSettledDeployment } from '../../../../src/playground/workloads/settled-deployment.ts';
import { randomStream } from '../../../../src/runtime/random.ts';
import { deployment, WorkloadCluster } from '../../../fakes/workload-cluster.ts';

describe('a deployment that is stored settled', () => {
  it('leaves the controllers nothing to do', async () => {
    await using cluster = new WorkloadCluster();
    createSettledDeployment(
      cluster.store,
      deployment('web', { replicas: 5 }),
      ['node-0', 'node-1'],
      randomStream('s'),
    );
    const { revision } = cluster.store;
    await cluster.advance(2000);
    expect(cluster.store.revision).to.equal(revision);
    expect(cluster.get('deployments.apps', 'web').status).to.include({
      readyReplicas: 5,
      updatedReplicas: 5,
      availableReplicas: 5,
    });
    expect(cluster.list('pods').map(isReady)).to.deep.equal(Array(5).fill(true));
  });

  it('is looked after like any other', async () => {
    await using cluster = new WorkloadCluster();
    createSettledDeployment(cluster.store, deployment('web'), ['node-0'], randomStream('s'));
    await cluster.settle();
    const [victim = ''] = cluster.names('pods');
    cluster.store.collection('pods').delete('default', victim, { gracePeriodSeconds: 0 });
    await cluster.advance(300);
    expect(cluster.names('pods')).to.have.length(3).and.not.include(victim);
  });
});
