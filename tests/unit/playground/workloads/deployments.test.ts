import { expect } from 'chai';
import type { JsonObject } from '../../../../src/playground/patch/json.ts';
import { deployment, WorkloadCluster, withImage } from '../../../fakes/workload-cluster.ts';

const status = (object: JsonObject) => Object(object.status);
const spec = (object: JsonObject) => Object(object.spec);
const meta = (object: JsonObject) => Object(object.metadata);
const condition = (object: JsonObject, type: string) =>
  status(object).conditions?.find((each: JsonObject) => each.type === type);
const images = (cluster: WorkloadCluster) =>
  cluster.list('pods').map((pod) => spec(pod).containers[0].image);

describe('deployments of the simulated cluster', () => {
  let cluster: WorkloadCluster;
  beforeEach(() => {
    cluster = new WorkloadCluster();
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  const create = (name = 'web', fields: JsonObject = {}) =>
    cluster.store.collection('deployments.apps').create(deployment(name, fields));
  const change = (to: (now: JsonObject) => JsonObject, name = 'web') =>
    cluster.store.collection('deployments.apps').modify('default', name, to);

  it('become pods with names, owners, a node, an address and containers', async () => {
    create();
    await cluster.advance(300);
    const [set] = cluster.list('replicasets.apps');
    const pods = cluster.list('pods');
    expect(pods).to.have.length(3);
    expect(meta(set ?? {}).name).to.match(/^web-[bcdfghjklmnpqrstvwxz2456789]+$/);
    for (const pod of pods) {
      expect(meta(pod).name).to.match(
        new RegExp(`^${meta(set ?? {}).name}-[bcdfghjklmnpqrstvwxz2456789]{5}$`),
      );
      expect(meta(pod).ownerReferences).to.deep.equal([
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: meta(set ?? {}).name,
          uid: meta(set ?? {}).uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
      expect(status(pod)).to.include({ phase: 'Running' });
      expect(status(pod).podIP).to.match(/^10\./);
      expect(status(pod).containerStatuses[0].containerID).to.match(
        /^containerd:\/\/[0-9a-f]{64}$/,
      );
      expect(condition(pod, 'Ready').status).to.equal('True');
    }
    expect(new Set(pods.map((pod) => spec(pod).nodeName))).to.deep.equal(
      new Set(['node-0', 'node-1']),
    );
    expect(new Set(pods.map((pod) => status(pod).podIP)).size).to.equal(3);
  });

  it('say how far they are, as kubectl rollout status reads it', async () => {
    create();
    await cluster.settle();
    expect(status(cluster.get('deployments.apps', 'web'))).to.include({
      replicas: 3,
      updatedReplicas: 3,
      unavailableReplicas: 3,
    });
    expect(condition(cluster.get('deployments.apps', 'web'), 'Available')).to.include({
      status: 'False',
      reason: 'MinimumReplicasUnavailable',
    });
    expect(condition(cluster.get('deployments.apps', 'web'), 'Progressing')).to.include({
      status: 'True',
      reason: 'ReplicaSetUpdated',
    });
    await cluster.advance(100);
    expect(status(cluster.list('pods')[0] ?? {}).phase).to.equal('Running');
    expect(status(cluster.get('deployments.apps', 'web'))).to.not.have.property('readyReplicas');
    await cluster.advance(200);
    const done = cluster.get('deployments.apps', 'web');
    expect(status(done)).to.include({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: meta(done).generation,
    });
    expect(status(done)).to.not.have.property('unavailableReplicas');
    expect(condition(done, 'Available')).to.include({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
    });
    expect(condition(done, 'Progressing')).to.include({ reason: 'NewReplicaSetAvailable' });
    expect(meta(done).annotations).to.deep.equal({ 'deployment.kubernetes.io/revision': '1' });
  });

  it('replace a pod that is deleted, at once when it has no grace', async () => {
    create();
    await cluster.advance(300);
    const [victim = ''] = cluster.names('pods');
    cluster.store.collection('pods').delete('default', victim, { gracePeriodSeconds: 0 });
    expect(cluster.names('pods')).to.have.length(2);
    await cluster.settle();
    expect(cluster.names('pods')).to.have.length(3).and.not.include(victim);
    expect(status(cluster.get('deployments.apps', 'web')).readyReplicas).to.equal(2);
    await cluster.advance(300);
    expect(status(cluster.get('deployments.apps', 'web')).readyReplicas).to.equal(3);
  });

  it('keep a pod with grace Terminating for a while, and have its replacement by then', async () => {
    create();
    await cluster.advance(300);
    const [victim = ''] = cluster.names('pods');
    cluster.store.collection('pods').delete('default', victim);
    await cluster.advance(900);
    expect(cluster.names('pods')).to.have.length(4).and.include(victim);
    expect(meta(cluster.get('pods', victim))).to.include({ deletionGracePeriodSeconds: 30 });
    expect(status(cluster.get('deployments.apps', 'web'))).to.include({
      replicas: 3,
      readyReplicas: 3,
    });
    await cluster.advance(100);
    expect(cluster.names('pods')).to.have.length(3).and.not.include(victim);
  });

  it('grow and shrink, losing first the pods that are not ready, then the youngest', async () => {
    create();
    await cluster.advance(1300);
    const first = cluster.names('pods');
    change((now) => ({ ...now, spec: { ...spec(now), replicas: 5 } }));
    await cluster.advance(300);
    expect(cluster.names('pods'))
      .to.have.length(5)
      .and.include.members([...first]);
    change((now) => ({ ...now, spec: { ...spec(now), replicas: 3 } }));
    await cluster.advance(1000);
    expect(cluster.names('pods')).to.have.members([...first]);
    change((now) => ({ ...now, spec: { ...spec(now), replicas: 0 } }));
    await cluster.advance(1000);
    expect(cluster.names('pods')).to.deep.equal([]);
    expect(status(cluster.get('deployments.apps', 'web'))).to.not.have.property('replicas');
  });

  it('roll out a new template without having too few ready pods, or too many', async () => {
    create('web', { replicas: 4 });
    await cluster.advance(300);
    change((now) => withImage(now, 'busybox:2'));
    let [fewest, most] = [99, 0];
    for (let step = 0; step < 60; step++) {
      await cluster.advance(100);
      const running = cluster.list('pods').filter((pod) => !meta(pod).deletionTimestamp);
      fewest = Math.min(
        fewest,
        running.filter((pod) => condition(pod, 'Ready')?.status === 'True').length,
      );
      most = Math.max(most, running.length);
    }
    expect([fewest, most]).to.deep.equal([3, 5]);
    expect(images(cluster)).to.deep.equal(Array(4).fill('busybox:2'));
    expect(cluster.list('replicasets.apps').map((set) => spec(set).replicas)).to.have.members([
      0, 4,
    ]);
    expect(
      meta(cluster.get('deployments.apps', 'web')).annotations['deployment.kubernetes.io/revision'],
    ).to.equal('2');
  });

  it('go back to an earlier template with its ReplicaSet, under a new revision', async () => {
    create();
    await cluster.advance(300);
    change((now) => withImage(now, 'busybox:2'));
    await cluster.advance(3000);
    change((now) => withImage(now, 'busybox:1'));
    await cluster.advance(3000);
    expect(images(cluster)).to.deep.equal(Array(3).fill('busybox:1'));
    expect(cluster.list('replicasets.apps')).to.have.length(2);
    expect(
      meta(cluster.get('deployments.apps', 'web')).annotations['deployment.kubernetes.io/revision'],
    ).to.equal('3');
  });

  it('end all old pods before the first new one, when they are to be recreated', async () => {
    create('web', { strategy: { type: 'Recreate' } });
    await cluster.advance(300);
    change((now) => withImage(now, 'busybox:2'));
    for (let step = 0; step < 20; step++) {
      await cluster.advance(100);
      const active = cluster.list('pods').filter((pod) => !meta(pod).deletionTimestamp);
      expect(new Set(active.map((pod) => spec(pod).containers[0].image)).size).to.be.at.most(1);
    }
    expect(images(cluster)).to.deep.equal(Array(3).fill('busybox:2'));
  });

  it('do not roll out while they are paused, but are scaled', async () => {
    create();
    await cluster.advance(300);
    change((now) => withImage(now, 'busybox:2', { paused: true, replicas: 4 }));
    await cluster.advance(3000);
    expect(images(cluster)).to.deep.equal(Array(4).fill('busybox:1'));
  });

  it('keep as many old ReplicaSets as they are told to', async () => {
    create('web', { revisionHistoryLimit: 1 });
    await cluster.advance(300);
    for (const image of ['busybox:2', 'busybox:3', 'busybox:4']) {
      change((now) => withImage(now, image));
      await cluster.advance(4000);
    }
    expect(cluster.list('replicasets.apps')).to.have.length(2);
  });

  it('select by expressions as well as by labels', async () => {
    create('web', {
      selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] },
    });
    await cluster.advance(300);
    expect(status(cluster.get('deployments.apps', 'web')).readyReplicas).to.equal(3);
  });

  it('wait for a node', async () => {
    await cluster[Symbol.asyncDispose]();
    cluster = new WorkloadCluster({}, 0);
    create();
    await cluster.advance(300);
    expect(cluster.list('pods').map((pod) => status(pod).phase)).to.deep.equal(
      Array(3).fill('Pending'),
    );
    cluster.store.collection('nodes').create({ metadata: { name: 'late' } });
    await cluster.advance(300);
    expect(cluster.list('pods').map((pod) => spec(pod).nodeName)).to.deep.equal(
      Array(3).fill('late'),
    );
  });

  it('leave Events as the real controllers do', async () => {
    create('web', { replicas: 1 });
    await cluster.advance(300);
    const [pod = ''] = cluster.names('pods');
    const [set = ''] = cluster.names('replicasets.apps');
    expect(
      cluster
        .list('events')
        .map((event) => [Object(event.involvedObject).name, event.reason, event.message]),
    ).to.have.deep.members([
      ['web', 'ScalingReplicaSet', `Scaled up replica set ${set} from 0 to 1`],
      [set, 'SuccessfulCreate', `Created pod: ${pod}`],
      [pod, 'Scheduled', `Successfully assigned default/${pod} to node-0`],
      [pod, 'Started', 'Started container web'],
    ]);
  });

  it('give the same names for the same seed', async () => {
    create();
    await cluster.settle();
    const names = cluster.names('pods');
    await cluster[Symbol.asyncDispose]();
    cluster = new WorkloadCluster();
    create();
    await cluster.settle();
    expect(cluster.names('pods')).to.deep.equal(names);
  });

  it('cost nothing at rest, and are not in the way of one another', async () => {
    await cluster[Symbol.asyncDispose]();
    cluster = new WorkloadCluster({ events: false });
    for (let index = 0; index < 100; index++) create(`d${index}`, { replicas: 10 });
    await cluster.advance(1000);
    expect(
      cluster.list('pods').filter((pod) => condition(pod, 'Ready')?.status === 'True'),
    ).to.have.length(1000);
    const { revision } = cluster.store;
    const sleeping = cluster.clock.sleeping;
    await cluster.advance(10_000);
    expect([cluster.store.revision, cluster.clock.sleeping, sleeping]).to.deep.equal([
      revision,
      0,
      0,
    ]);
  });
});
