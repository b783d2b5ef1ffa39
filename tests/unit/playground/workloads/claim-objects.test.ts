import { expect } from 'chai';
import { deployment, WorkloadCluster } from '../../../fakes/workload-cluster.ts';

describe('ownership in the simulated cluster', () => {
  let cluster: WorkloadCluster;
  beforeEach(async () => {
    cluster = new WorkloadCluster();
    cluster.store.collection('deployments.apps').create(deployment('web'));
    await cluster.advance(300);
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  const label = (name: string, value: string) =>
    cluster.store.collection('pods').modify('default', name, (pod) => {
      const metadata = Object(pod.metadata);
      return { ...pod, metadata: { ...metadata, labels: { ...metadata.labels, app: value } } };
    });
  const owners = (name: string) => Object(cluster.get('pods', name).metadata).ownerReferences;

  it('ends for a pod whose labels no longer match, and another takes its place', async () => {
    const [pod = ''] = cluster.names('pods');
    label(pod, 'quarantine');
    await cluster.advance(300);
    expect(owners(pod)).to.equal(undefined);
    expect(cluster.names('pods')).to.have.length(4);
    expect(cluster.get('deployments.apps', 'web').status).to.include({
      replicas: 3,
      readyReplicas: 3,
    });
  });

  it('begins for a pod that matches again, and the youngest goes', async () => {
    await cluster.advance(1000);
    const [pod = ''] = cluster.names('pods');
    label(pod, 'quarantine');
    await cluster.advance(1300);
    label(pod, 'web');
    await cluster.advance(1000);
    expect(owners(pod)).to.have.length(1);
    expect(cluster.names('pods')).to.have.length(3).and.include(pod);
  });

  it('begins for what an earlier deployment left behind', async () => {
    const before = cluster.names('pods');
    cluster.store
      .collection('deployments.apps')
      .delete('default', 'web', { propagationPolicy: 'Orphan' });
    await cluster.advance(300);
    cluster.store.collection('deployments.apps').create(deployment('web'));
    await cluster.advance(2000);
    expect(cluster.names('pods')).to.have.members([...before]);
    expect(cluster.names('replicasets.apps')).to.have.length(1);
  });

  it('is not taken from others', async () => {
    cluster.store
      .collection('deployments.apps')
      .create(deployment('other', { selector: { matchLabels: {} } }));
    await cluster.advance(300);
    expect(cluster.names('pods')).to.have.length(6);
  });
});
