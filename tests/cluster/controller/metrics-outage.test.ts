import { expect } from 'chai';
import { useController } from '../support/controller-fixture.ts';
import { controlPlane } from '../support/real-cluster.ts';
import { at, uidOf } from '../support/value.ts';

const plane = controlPlane();
if (plane === undefined) {
  console.warn('LEFT OUT: metrics-outage.test.ts, which kills metrics-server by CLUSTER_TOOL.');
} else {
  describe('an outage of metrics-server', function () {
    this.timeout(180_000);
    const controller = useController();

    it('makes antiPressure skip and say why, until it is over', async () => {
      await controller.start();
      const namespace = await controller.namespace();
      const pods = await controller.deploy(namespace, 'web', { replicas: 2 });
      await plane.fail('metrics-server');
      try {
        await controller.configure(namespace, 'web', { mode: 'antiPressure', timeout: '2s' });
        const skipped = (one: unknown) => at(one, 'status', 'lastOutcome', 'tick') === 2;
        const monkey = await controller.untilMonkey(namespace, 'web', 'two outcomes', skipped);
        expect(Object(at(monkey, 'status', 'lastOutcome'))).to.include({
          result: 'Skipped',
          reason: 'MetricsUnavailable',
        });
        const alive = await controller.readyPods(namespace, 'web', 2);
        expect(alive.map(uidOf)).to.have.members(pods.map(uidOf));
      } finally {
        await plane.restart('metrics-server');
      }
      const acted = (one: unknown) => at(one, 'status', 'lastOutcome', 'result') === 'Acted';
      await controller.untilMonkey(namespace, 'web', 'a kill', acted, { timeoutMs: 120_000 });
    });
  });
}
