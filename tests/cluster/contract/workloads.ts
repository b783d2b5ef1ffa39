import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { deployment, disruptionBudget } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, conditionOf, listAt, nameOf, numberAt, textAt, uidOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

/** Deployments that make pods, and evictions of these. */
export function describeWorkloads(cluster: ClusterFixture): void {
  let namespace: string;
  let pods: string;
  let deployments: string;
  beforeEach(async () => {
    namespace = await cluster.namespace();
    pods = pathOf('pods', namespace);
    deployments = pathOf('deployments', namespace);
  });

  const create = (replicas: number) =>
    bodyOf(cluster.client.post(deployments, deployment('web', { replicas })));
  const ready = (count: number) =>
    waitFor(
      cluster.client,
      pods,
      `${count} ready pods`,
      (found) =>
        found.length === count && found.every((one) => conditionOf(one, 'Ready') === 'True'),
    );

  describe('a deployment', function () {
    this.timeout(90_000);

    it('owns a ReplicaSet that owns pods, which become ready', async () => {
      const parent = await create(2);
      const made = await ready(2);
      const [replicaSet] = listAt(
        await bodyOf(cluster.client.get(pathOf('replicasets', namespace))),
        'items',
      );
      const ownerOf = (object: unknown) => Object(at(object, 'metadata', 'ownerReferences', 0));
      expect(ownerOf(replicaSet)).to.include({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'web',
        uid: uidOf(parent),
        controller: true,
      });
      const hash = textAt(replicaSet, 'metadata', 'labels', 'pod-template-hash');
      for (const one of made) {
        expect(ownerOf(one)).to.include({
          kind: 'ReplicaSet',
          uid: uidOf(replicaSet),
          controller: true,
        });
        expect(nameOf(one)).to.match(new RegExp(`^web-${hash}-[a-z0-9]{5}$`));
        expect(at(one, 'metadata', 'labels')).to.deep.equal({
          app: 'web',
          'pod-template-hash': hash,
        });
        expect(at(one, 'status', 'phase')).to.equal('Running');
        expect(textAt(one, 'spec', 'nodeName')).not.to.equal('');
        expect(textAt(one, 'status', 'podIP')).to.match(/^[\d.:a-f]+$/);
        expect(textAt(one, 'status', 'containerStatuses', 0, 'containerID')).to.match(
          /^\w+:\/\/\w+$/,
        );
      }
    });

    it('replaces a pod that is deleted by another of another name', async () => {
      await create(1);
      const [first] = await ready(1);
      await bodyOf(cluster.client.delete(`${pods}/${nameOf(first)}`, { gracePeriodSeconds: 0 }));
      const [second] = await waitFor(
        cluster.client,
        pods,
        'a successor',
        (found) =>
          found.length === 1 &&
          uidOf(found[0]) !== uidOf(first) &&
          conditionOf(found[0], 'Ready') === 'True',
      );
      expect(nameOf(second)).not.to.equal(nameOf(first));
    });

    it('follows its scale up and down, and says so in its status', async () => {
      await create(1);
      await ready(1);
      for (const replicas of [3, 1]) {
        await bodyOf(
          cluster.client.patch(`${deployments}/web/scale`, 'merge', { spec: { replicas } }),
        );
        const [seen] = await waitFor(
          cluster.client,
          deployments,
          `${replicas} available`,
          ([one]) => {
            const generation = numberAt(one, 'metadata', 'generation');
            const {
              observedGeneration,
              readyReplicas,
              availableReplicas,
              replicas: count,
            } = Object(at(one, 'status'));
            return (
              observedGeneration === generation &&
              [readyReplicas, availableReplicas, count].every((n) => n === replicas)
            );
          },
        );
        expect(conditionOf(seen, 'Available')).to.equal('True');
        await ready(replicas);
      }
    });

    it('rolls out a changed template by a new ReplicaSet', async () => {
      await create(1);
      const [before] = await ready(1);
      const template = { metadata: { labels: { version: '2' } } };
      await bodyOf(cluster.client.patch(`${deployments}/web`, 'merge', { spec: { template } }));
      const [after] = await waitFor(
        cluster.client,
        pods,
        'a new pod alone',
        (found) =>
          found.length === 1 &&
          uidOf(found[0]) !== uidOf(before) &&
          conditionOf(found[0], 'Ready') === 'True',
      );
      expect(textAt(after, 'metadata', 'labels', 'version')).to.equal('2');
      const sets = listAt(
        await bodyOf(cluster.client.get(pathOf('replicasets', namespace))),
        'items',
      );
      expect(sets.map((one) => numberAt(one, 'spec', 'replicas'))).to.have.members([0, 1]);
    });
  });

  describe('an eviction', function () {
    this.timeout(90_000);
    const evict = (name: string, deleteOptions: object = {}) =>
      cluster.client.post(`${pods}/${name}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace },
        deleteOptions,
      });
    const budget = async (
      spec: Readonly<Record<string, unknown>>,
      allowed: number,
      healthy: number,
    ) => {
      const path = pathOf('poddisruptionbudgets', namespace);
      await bodyOf(cluster.client.post(path, disruptionBudget('guard', 'web', spec)));
      await waitFor(
        cluster.client,
        path,
        `${allowed} of ${healthy} allowed disruptions`,
        ([one]) => {
          const { disruptionsAllowed, currentHealthy } = Object(at(one, 'status'));
          return disruptionsAllowed === allowed && currentHealthy === healthy;
        },
      );
    };

    it('without a budget deletes the pod and answers 201', async () => {
      await create(1);
      const [victim] = await ready(1);
      const { code, body } = await evict(nameOf(victim));
      expect([code, at(body, 'kind'), at(body, 'status')]).to.deep.equal([
        201,
        'Status',
        'Success',
      ]);
      await waitFor(
        cluster.client,
        pods,
        'the pod to go',
        (found) => !found.some((one) => uidOf(one) === uidOf(victim)),
      );
    });

    it('that a budget forbids is refused as too many requests, with the cause', async () => {
      await create(2);
      const [victim] = await ready(2);
      await budget({ minAvailable: 2 }, 0, 2);
      const { code, body } = await evict(nameOf(victim));
      expect([code, at(body, 'reason')]).to.deep.equal([429, 'TooManyRequests']);
      expect(textAt(body, 'message')).to.equal(
        "Cannot evict pod as it would violate the pod's disruption budget.",
      );
      expect(at(body, 'details', 'causes')).to.deep.equal([
        {
          reason: 'DisruptionBudget',
          message: 'The disruption budget guard needs 2 healthy pods and has 2 currently',
        },
      ]);
      expect((await cluster.client.get(`${pods}/${nameOf(victim)}`)).code).to.equal(200);
    });

    it('that a budget allows is counted against it', async () => {
      await create(2);
      const made = await ready(2);
      await budget({ maxUnavailable: 1 }, 1, 2);
      const answers = [];
      for (const one of made)
        answers.push((await evict(nameOf(one), { gracePeriodSeconds: 0 })).code);
      expect(answers).to.deep.equal([201, 429]);
    });

    it('by a dry run asks the budget and evicts nobody', async () => {
      await create(1);
      const [one] = await ready(1);
      expect((await evict(nameOf(one), { dryRun: ['All'] })).code).to.equal(201);
      expect(uidOf((await ready(1))[0])).to.equal(uidOf(one));
      await budget({ maxUnavailable: 0 }, 0, 1);
      expect((await evict(nameOf(one), { dryRun: ['All'] })).code).to.equal(429);
    });

    it('with the uid of another pod is a conflict', async () => {
      await create(1);
      const [one] = await ready(1);
      const { code } = await evict(nameOf(one), {
        preconditions: { uid: '00000000-0000-0000-0000-000000000000' },
      });
      expect(code).to.equal(409);
    });

    it('of a pod that is not there is not found', async () => {
      const { code, body } = await evict('ghost');
      expect([code, at(body, 'message')]).to.deep.equal([404, 'pods "ghost" not found']);
    });
  });
}
