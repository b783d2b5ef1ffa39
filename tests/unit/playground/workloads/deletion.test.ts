import { expect } from 'chai';
import { deployment, WorkloadCluster } from '../../../fakes/workload-cluster.ts';

describe('deletion in the simulated cluster', () => {
  let cluster: WorkloadCluster;
  beforeEach(async () => {
    cluster = new WorkloadCluster();
    cluster.store.collection('deployments.apps').create(deployment('web'));
    await cluster.advance(300);
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  const deployments = () => cluster.store.collection('deployments.apps');
  const owners = (resource: string) =>
    cluster.list(resource).map((object) => Object(object.metadata).ownerReferences);
  const counts = () =>
    ['deployments.apps', 'replicasets.apps', 'pods'].map(
      (resource) => cluster.list(resource).length,
    );

  it('takes what belongs to a deployment along, in the background', async () => {
    deployments().delete('default', 'web');
    expect(counts()).to.deep.equal([0, 1, 3]);
    await cluster.settle();
    expect(counts()).to.deep.equal([0, 0, 3]);
    await cluster.advance(1000);
    expect(counts()).to.deep.equal([0, 0, 0]);
  });

  it('takes it first, in the foreground', async () => {
    deployments().delete('default', 'web', { propagationPolicy: 'Foreground' });
    await cluster.advance(900);
    expect(counts()).to.deep.equal([1, 1, 3]);
    await cluster.advance(100);
    expect(counts()).to.deep.equal([0, 0, 0]);
  });

  it('lets it go, as orphans', async () => {
    deployments().delete('default', 'web', { propagationPolicy: 'Orphan' });
    await cluster.advance(2000);
    expect(counts()).to.deep.equal([0, 1, 3]);
    expect(owners('replicasets.apps')).to.deep.equal([undefined]);
  });

  it('keeps what has another owner that lives', async () => {
    const maps = cluster.store.collection('configmaps');
    const reference = (owner: object) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: Object(owner).name,
      uid: Object(owner).uid,
    });
    const [one, two] = ['one', 'two'].map((name) =>
      Object(maps.create({ metadata: { name, namespace: 'default' } }).metadata),
    );
    maps.create({
      metadata: {
        name: 'both',
        namespace: 'default',
        ownerReferences: [reference(one), reference(two)],
      },
    });
    maps.delete('default', 'one');
    await cluster.settle();
    expect(owners('configmaps')[0]).to.deep.equal([reference(two)]);
    maps.delete('default', 'two');
    await cluster.settle();
    expect(cluster.names('configmaps')).to.deep.equal([]);
  });

  it('removes an object whose owner has never been', async () => {
    const nobody = { apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: 'none' };
    cluster.store
      .collection('configmaps')
      .create({ metadata: { name: 'alone', namespace: 'default', ownerReferences: [nobody] } });
    await cluster.settle();
    expect(cluster.names('configmaps')).to.deep.equal([]);
  });

  it('empties a namespace before it goes', async () => {
    cluster.createNamespace('team');
    deployments().create(deployment('api', {}, 'team'));
    cluster.store
      .collection('configmaps')
      .create({ metadata: { name: 'settings', namespace: 'team' } });
    await cluster.advance(300);
    cluster.store.collection('namespaces').delete('', 'team');
    await cluster.advance(900);
    expect(cluster.get('namespaces', 'team', '').status).to.include({ phase: 'Terminating' });
    expect(cluster.names('configmaps', 'team')).to.deep.equal([]);
    expect(cluster.names('pods', 'team')).to.have.length(3);
    await cluster.advance(100);
    expect(cluster.names('namespaces')).to.deep.equal(['default']);
    expect(cluster.names('pods', 'team')).to.deep.equal([]);
    expect(cluster.names('events', 'team')).to.deep.equal([]);
    expect(counts()).to.deep.equal([1, 1, 3]);
  });

  it('waits for a finalizer in a namespace', async () => {
    cluster.createNamespace('team');
    const maps = cluster.store.collection('configmaps');
    maps.create({
      metadata: { name: 'held', namespace: 'team', finalizers: ['example.com/hold'] },
    });
    cluster.store.collection('namespaces').delete('', 'team');
    await cluster.advance(1000);
    expect(cluster.names('namespaces')).to.include('team');
    maps.modify('team', 'held', (map) => ({
      ...map,
      metadata: { ...Object(map.metadata), finalizers: [] },
    }));
    await cluster.settle();
    expect(cluster.names('namespaces')).to.deep.equal(['default']);
  });

  it('of a pod that never got a node is immediate', async () => {
    await cluster[Symbol.asyncDispose]();
    cluster = new WorkloadCluster({}, 0);
    cluster.store
      .collection('pods')
      .create({ metadata: { name: 'lone', namespace: 'default' }, spec: { containers: [] } });
    await cluster.settle();
    cluster.store.collection('pods').delete('default', 'lone');
    expect(cluster.names('pods')).to.deep.equal([]);
  });
});
