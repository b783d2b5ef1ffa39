import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, numberAt, textAt, uidOf, versionOf } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';

export function describeSubresources(cluster: ClusterFixture): void {
  let namespace: string;
  let web: string;
  let monkey: string;
  beforeEach(async () => {
    namespace = await cluster.namespace();
    web = pathOf('deployments', namespace, 'web');
    monkey = pathOf('chaosmonkeyconfigurations', namespace, 'monkey');
  });
  const createMonkey = (more: object = {}) =>
    bodyOf(
      cluster.client.post(pathOf('chaosmonkeyconfigurations', namespace), {
        ...configuration('monkey'),
        ...more,
      }),
    );
  const createWeb = () =>
    bodyOf(cluster.client.post(pathOf('deployments', namespace), deployment('web')));

  describe('the status of a configuration', () => {
    it('is written by its subresource alone, and the spec is not', async () => {
      const created = await createMonkey({ status: { ticks: 9 } });
      expect(at(created, 'status', 'ticks')).to.equal(undefined);
      const body = { spec: { maxReplicas: 8 }, status: { ticks: 1 } };
      const byStatus = await bodyOf(cluster.client.patch(`${monkey}/status`, 'merge', body));
      expect([at(byStatus, 'status', 'ticks'), at(byStatus, 'spec', 'maxReplicas')]).to.deep.equal([
        1, 3,
      ]);
      const bySpec = await bodyOf(
        cluster.client.patch(monkey, 'merge', { spec: { maxReplicas: 8 }, status: { ticks: 2 } }),
      );
      expect([at(bySpec, 'status', 'ticks'), at(bySpec, 'spec', 'maxReplicas')]).to.deep.equal([
        1, 8,
      ]);
    });

    it('moves the resourceVersion and not the generation', async () => {
      const created = await createMonkey();
      const after = await bodyOf(
        cluster.client.patch(`${monkey}/status`, 'merge', { status: { ticks: 1 } }),
      );
      expect(versionOf(after)).not.to.equal(versionOf(created));
      expect(numberAt(after, 'metadata', 'generation')).to.equal(1);
    });

    it('is written only by who knows the latest resourceVersion, when one is given', async () => {
      const created = await createMonkey();
      const claim = (ticks: number) =>
        cluster.client.patch(`${monkey}/status`, 'merge', {
          metadata: { resourceVersion: versionOf(created) },
          status: { ticks },
        });
      const [first, second] = [await claim(1), await claim(2)];
      expect([first.code, second.code, at(second.body, 'reason')]).to.deep.equal([
        200,
        409,
        'Conflict',
      ]);
      expect(at(await bodyOf(cluster.client.get(monkey)), 'status', 'ticks')).to.equal(1);
    });

    it('can be replaced and read by it', async () => {
      const created = await createMonkey();
      const put = { ...Object(created), status: { ticks: 4 } };
      const after = await bodyOf(cluster.client.put(`${monkey}/status`, put));
      const read = await bodyOf(cluster.client.get(`${monkey}/status`));
      expect([at(after, 'status', 'ticks'), at(read, 'status', 'ticks')]).to.deep.equal([4, 4]);
      expect(at(read, 'kind')).to.equal('ChaosMonkeyConfiguration');
    });
  });

  describe('the status of a deployment', () => {
    it('is not written with the rest', async () => {
      await createWeb();
      const body = { spec: { paused: true }, status: { replicas: 44 } };
      const after = await bodyOf(cluster.client.patch(web, 'merge', body));
      expect(numberAt(after, 'status', 'replicas')).not.to.equal(44);
      expect(at(after, 'spec', 'paused')).to.equal(true);
    });
  });

  describe('the scale of a deployment', () => {
    it('shows replicas and selector, with uid and resourceVersion of the deployment', async () => {
      await createWeb();
      const scale = await bodyOf(cluster.client.get(`${web}/scale`));
      const parent = await bodyOf(cluster.client.get(web));
      expect([at(scale, 'apiVersion'), at(scale, 'kind')]).to.deep.equal([
        'autoscaling/v1',
        'Scale',
      ]);
      expect(uidOf(scale)).to.equal(uidOf(parent));
      expect(versionOf(scale)).to.match(/^\d+$/);
      expect(textAt(scale, 'status', 'selector')).to.equal('app=web');
    });

    it('sets the replicas and bumps the generation', async () => {
      await createWeb();
      // The deployment controller may write its status between our read and our write.
      const { code, body } = await waitUntil(
        'the scale to be written',
        async () => {
          const scale = await bodyOf(cluster.client.get(`${web}/scale`));
          return cluster.client.put(`${web}/scale`, { ...Object(scale), spec: { replicas: 1 } });
        },
        (answer) => answer.code !== 409,
      );
      expect([code, at(body, 'kind'), at(body, 'spec', 'replicas')]).to.deep.equal([
        200,
        'Scale',
        1,
      ]);
      const after = await bodyOf(cluster.client.get(web));
      expect([at(after, 'spec', 'replicas'), at(after, 'metadata', 'generation')]).to.deep.equal([
        1, 2,
      ]);
    });

    it('with a stale resourceVersion is a conflict', async () => {
      await createWeb();
      const stale = await bodyOf(cluster.client.get(`${web}/scale`));
      await bodyOf(cluster.client.patch(web, 'merge', { metadata: { labels: { a: 'b' } } }));
      const put = { ...Object(stale), spec: { replicas: 1 } };
      const { code, body } = await cluster.client.put(`${web}/scale`, put);
      expect([code, at(body, 'reason')]).to.deep.equal([409, 'Conflict']);
      expect(textAt(body, 'message')).to.match(
        /^Operation cannot be fulfilled on deployments\.apps "web": the object has been modified/,
      );
    });

    it('of another uid is a conflict', async () => {
      await createWeb();
      const body = {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web', namespace, uid: '00000000-0000-0000-0000-000000000000' },
        spec: { replicas: 1 },
      };
      const { code } = await cluster.client.put(`${web}/scale`, body);
      expect(code).to.equal(409);
      expect(at(await bodyOf(cluster.client.get(web)), 'spec', 'replicas')).to.equal(0);
    });

    it('is patched too', async () => {
      await createWeb();
      const body = await bodyOf(
        cluster.client.patch(`${web}/scale`, 'merge', { spec: { replicas: 1 } }),
      );
      expect([at(body, 'kind'), at(body, 'spec', 'replicas')]).to.deep.equal(['Scale', 1]);
    });

    it('below zero is invalid', async () => {
      await createWeb();
      const { code, body } = await cluster.client.patch(`${web}/scale`, 'merge', {
        spec: { replicas: -1 },
      });
      expect([code, at(body, 'reason')]).to.deep.equal([422, 'Invalid']);
      expect(textAt(body, 'message')).to.contain(
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      );
    });

    it('of a deployment that is not there is not found', async () => {
      const { code, body } = await cluster.client.get(
        pathOf('deployments', namespace, 'ghost', 'scale'),
      );
      expect([code, at(body, 'message')]).to.deep.equal([
        404,
        'deployments.apps "ghost" not found',
      ]);
    });
  });
}
