import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { ticksOf, useController } from '../support/controller-fixture.ts';
import { pathOf } from '../support/paths.ts';
import { describeSideBySide } from '../support/side-by-side.ts';
import { at, conditionOf, conditionReasonOf, textAt, uidOf } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the deployment of a configuration', function () {
  this.timeout(120_000);
  const controller = useController();
  const { cluster } = controller;

  const acted = (monkey: unknown) => at(monkey, 'status', 'lastOutcome', 'result') === 'Acted';

  describeSideBySide('of each of many', controller, [
    {
      it: 'is waited for, whether it comes late or comes back',
      run: async (running) => {
        const namespace = await controller.namespace();
        await controller.configure(namespace, 'web', { timeout: '2s' });
        const missing = (monkey: unknown) =>
          conditionReasonOf(monkey, 'TargetFound') === 'NotFound';
        await controller.untilMonkey(namespace, 'web', 'the target to be missed', missing);

        await controller.deploy(namespace, 'web', { replicas: 1 });
        await controller.untilMonkey(namespace, 'web', 'a kill', acted);

        await bodyOf(cluster.client.delete(pathOf('deployments', namespace, 'web')));
        const waiting = await controller.untilMonkey(
          namespace,
          'web',
          'the target to be missed again',
          missing,
        );
        expect(conditionOf(waiting, 'Active')).to.equal('False');
        await waitUntil(
          'the watcher to end',
          () => running.metrics(),
          (metrics) => metrics.sum('chaos_monkey_crdwatcher_pw_active', { namespace }) === 0,
        );

        await controller.deploy(namespace, 'web', { replicas: 1 });
        const further = (monkey: unknown) => ticksOf(monkey) > ticksOf(waiting) && acted(monkey);
        await controller.untilMonkey(namespace, 'web', 'a kill in its successor', further);
      },
    },
    {
      it: 'has one configuration, the older; the newer is told, and takes over when that goes',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 1 });
        const older = await controller.configure(namespace, 'z-older', {
          deployment: 'web',
          timeout: '2s',
        });
        // Of two that were made in the same second, nobody knows which one is older.
        const second = Date.parse(textAt(older, 'metadata', 'creationTimestamp')) + 1_500;
        await waitUntil(
          'the next second',
          () => Promise.resolve(Date.now()),
          (now) => now > second,
        );
        await controller.configure(namespace, 'a-newer', { deployment: 'web', timeout: '2s' });
        const told = await controller.untilMonkey(
          namespace,
          'a-newer',
          'being told',
          (one) => conditionReasonOf(one, 'Active') === 'DeploymentTaken',
        );
        expect(JSON.stringify(at(told, 'status', 'conditions'))).to.contain('z-older');
        await controller.untilMonkey(namespace, 'z-older', 'two ticks', (one) => ticksOf(one) >= 2);
        expect(ticksOf(await controller.monkey(namespace, 'a-newer'))).to.equal(0);

        await controller.unconfigure(namespace, 'z-older');
        await controller.untilMonkey(namespace, 'a-newer', 'taking over', acted);
      },
    },
    {
      it: 'is no longer disturbed when the configuration turns to another',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'one', { replicas: 1 });
        await controller.deploy(namespace, 'two', { replicas: 1 });
        await controller.configure(namespace, 'monkey', { deployment: 'one', timeout: '2s' });
        const killed = (name: string) => (monkey: unknown) =>
          textAt(monkey, 'status', 'lastVictims', 0, 'name').startsWith(`${name}-`);
        await controller.untilMonkey(namespace, 'monkey', 'a kill in one', killed('one'));
        await controller.reconfigure(namespace, 'monkey', { deployment: { name: 'two' } });
        const [spared] = await controller.readyPods(namespace, 'one', 1);
        await controller.untilMonkey(namespace, 'monkey', 'a kill in two', killed('two'));
        await controller.moreTicks(namespace, 'monkey', 1);
        expect(uidOf((await controller.readyPods(namespace, 'one', 1))[0])).to.equal(uidOf(spared));
      },
    },
    {
      it: 'is disturbed in another way when the mode changes',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 1 });
        await controller.configure(namespace, 'web', { timeout: '2s' });
        await controller.untilMonkey(namespace, 'web', 'a kill', acted);
        await controller.reconfigure(namespace, 'web', {
          scalingMode: 'randomScale',
          minReplicas: 2,
          maxReplicas: 2,
        });
        await controller.untilDeployment(
          namespace,
          'web',
          'a scale',
          (one) => at(one, 'spec', 'replicas') === 2,
        );
        await controller.reconfigure(namespace, 'web', { scalingMode: 'killPod' });
        await controller.untilDeployment(
          namespace,
          'web',
          'the replicas put back',
          (one) => at(one, 'spec', 'replicas') === 1,
        );
        const victim = (monkey: unknown) =>
          at(monkey, 'status', 'lastVictims', 0, 'kind') === 'Pod';
        await controller.untilMonkey(namespace, 'web', 'a kill again', victim);
      },
    },
  ]);
});
