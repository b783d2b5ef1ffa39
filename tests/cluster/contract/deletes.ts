import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configMap, deployment, pod } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, conditionOf, listAt, nameOf, textAt, uidOf, versionOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';

export function describeDeletes(cluster: ClusterFixture): void {
  describe('a delete', () => {
    let namespace: string;
    beforeEach(async () => {
      namespace = await cluster.namespace();
    });

    it('answers with a Status that names what went', async () => {
      const path = pathOf('configmaps', namespace);
      const created = await bodyOf(cluster.client.post(path, configMap('a')));
      const { code, body } = await cluster.client.delete(`${path}/a`);
      expect([code, at(body, 'kind'), at(body, 'status')]).to.deep.equal([
        200,
        'Status',
        'Success',
      ]);
      expect(at(body, 'details')).to.deep.equal({
        name: 'a',
        kind: 'configmaps',
        uid: uidOf(created),
      });
      expect((await cluster.client.get(`${path}/a`)).code).to.equal(404);
      expect((await cluster.client.delete(`${path}/a`)).code).to.equal(404);
    });

    it('with the uid or the resourceVersion of another object is a conflict and deletes nothing', async () => {
      const path = pathOf('configmaps', namespace);
      const created = await bodyOf(cluster.client.post(path, configMap('a')));
      const byUid = await cluster.client.delete(`${path}/a`, { preconditions: { uid: NOBODY } });
      const byVersion = await cluster.client.delete(`${path}/a`, {
        preconditions: { uid: uidOf(created), resourceVersion: '1' },
      });
      for (const { code, body } of [byUid, byVersion]) {
        expect([code, at(body, 'reason')]).to.deep.equal([409, 'Conflict']);
      }
      expect(textAt(byUid.body, 'message')).to.contain(
        `the UID in the precondition (${NOBODY}) does not match the UID in record (${uidOf(created)})`,
      );
      expect(textAt(byVersion.body, 'message')).to.contain(
        'the ResourceVersion in the precondition (1) does not match the ResourceVersion in record',
      );
      const preconditions = { uid: uidOf(created), resourceVersion: versionOf(created) };
      expect((await cluster.client.delete(`${path}/a`, { preconditions })).code).to.equal(200);
    });

    it('of a pod with another uid is a conflict', async () => {
      const path = pathOf('pods', namespace);
      await bodyOf(cluster.client.post(path, pod('a')));
      const body = { gracePeriodSeconds: 0, preconditions: { uid: NOBODY } };
      const { code, body: status } = await cluster.client.delete(`${path}/a`, body);
      expect([code, at(status, 'reason')]).to.deep.equal([409, 'Conflict']);
      expect(uidOf(await bodyOf(cluster.client.get(`${path}/a`)))).not.to.equal('');
    });

    it('of a pod without grace answers with the pod, which is gone at once', async function () {
      this.timeout(60_000);
      const path = pathOf('pods', namespace);
      await bodyOf(cluster.client.post(path, pod('a')));
      const running = (found: readonly unknown[]) =>
        found.some((one) => conditionOf(one, 'Ready') === 'True');
      const [before] = await waitFor(cluster.client, path, 'the pod to be ready', running);
      const body = { gracePeriodSeconds: 0, preconditions: { uid: uidOf(before) } };
      const answer = await cluster.client.delete(`${path}/a`, body);
      expect([answer.code, at(answer.body, 'kind'), uidOf(answer.body)]).to.deep.equal([
        200,
        'Pod',
        uidOf(before),
      ]);
      expect((await cluster.client.get(`${path}/a`)).code).to.equal(404);
    });

    it('of a pod with grace marks it, and it goes when its containers have ended', async function () {
      this.timeout(60_000);
      const path = pathOf('pods', namespace);
      await bodyOf(cluster.client.post(path, pod('a')));
      const running = (found: readonly unknown[]) =>
        found.some((one) => conditionOf(one, 'Ready') === 'True');
      await waitFor(cluster.client, path, 'the pod to be ready', running);
      const marked = await bodyOf(cluster.client.delete(`${path}/a`));
      expect(textAt(marked, 'metadata', 'deletionTimestamp')).not.to.equal('');
      expect(at(marked, 'metadata', 'deletionGracePeriodSeconds')).to.equal(1);
      await waitFor(cluster.client, path, 'the pod to go', (found) => found.length === 0);
    });

    it('waits for finalizers', async () => {
      const path = pathOf('configmaps', namespace);
      const metadata = { name: 'a', finalizers: ['example.com/wait'] };
      await bodyOf(cluster.client.post(path, { ...configMap('a'), metadata }));
      const marked = await bodyOf(cluster.client.delete(`${path}/a`));
      expect(textAt(marked, 'metadata', 'deletionTimestamp')).not.to.equal('');
      await bodyOf(cluster.client.patch(`${path}/a`, 'merge', { metadata: { finalizers: null } }));
      expect((await cluster.client.get(`${path}/a`)).code).to.equal(404);
    });

    it('of an owner takes what it owns with it', async function () {
      this.timeout(60_000);
      await bodyOf(
        cluster.client.post(pathOf('deployments', namespace), deployment('web', { replicas: 1 })),
      );
      const some = (found: readonly unknown[]) => found.length > 0;
      const none = (found: readonly unknown[]) => found.length === 0;
      await waitFor(cluster.client, pathOf('pods', namespace), 'a pod', some);
      await bodyOf(cluster.client.delete(pathOf('deployments', namespace, 'web')));
      await waitFor(cluster.client, pathOf('replicasets', namespace), 'no ReplicaSet', none);
      await waitFor(cluster.client, pathOf('pods', namespace), 'no pod', none);
    });

    it('that orphans leaves what it owned', async function () {
      this.timeout(60_000);
      const replicaSets = pathOf('replicasets', namespace);
      await bodyOf(cluster.client.post(pathOf('deployments', namespace), deployment('web')));
      await waitFor(cluster.client, replicaSets, 'a ReplicaSet', (found) => found.length > 0);
      const path = pathOf('deployments', namespace, 'web');
      await bodyOf(cluster.client.delete(path, { propagationPolicy: 'Orphan' }));
      const orphaned = (found: readonly unknown[]) =>
        listAt(found[0], 'metadata', 'ownerReferences').length === 0;
      await waitFor(cluster.client, replicaSets, 'the ReplicaSet to have no owner', orphaned);
      await waitFor(
        cluster.client,
        pathOf('deployments', namespace),
        'no deployment',
        (found) => found.length === 0,
      );
    });

    it('of a namespace marks it Terminating, lets nothing new in, and takes all that is in it', async function () {
      this.timeout(90_000);
      const path = pathOf('configmaps', namespace);
      const metadata = { name: 'held', finalizers: ['example.com/wait'] };
      await bodyOf(cluster.client.post(path, { ...configMap('held'), metadata }));
      const marked = await bodyOf(cluster.client.delete(pathOf('namespaces', '', namespace)));
      expect(at(marked, 'status', 'phase')).to.equal('Terminating');
      expect(at(marked, 'spec', 'finalizers')).to.deep.equal(['kubernetes']);
      const refused = await cluster.client.post(path, configMap('new'));
      expect([refused.code, at(refused.body, 'reason')]).to.deep.equal([403, 'Forbidden']);
      expect(textAt(refused.body, 'message')).to.equal(
        `configmaps "new" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      );
      expect(at(refused.body, 'details', 'causes', 0, 'reason')).to.equal('NamespaceTerminating');
      await waitFor(cluster.client, path, 'what is in it to be marked', (found) =>
        found.some(
          (one) => nameOf(one) === 'held' && textAt(one, 'metadata', 'deletionTimestamp') !== '',
        ),
      );
      await bodyOf(
        cluster.client.patch(`${path}/held`, 'merge', { metadata: { finalizers: null } }),
      );
      const fieldSelector = `metadata.name=${namespace}`;
      const gone = (found: readonly unknown[]) => found.length === 0;
      await waitFor(cluster.client, pathOf('namespaces'), 'the namespace to go', gone, {
        query: { fieldSelector },
      });
    });
  });
}
