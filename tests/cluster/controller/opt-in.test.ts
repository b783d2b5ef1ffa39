import { expect } from 'chai';
import { ticksOf, useController } from '../support/controller-fixture.ts';
import { pathOf } from '../support/paths.ts';
import { removeNamespace } from '../support/scratch-namespaces.ts';
import { describeSideBySide } from '../support/side-by-side.ts';
import { at, conditionOf, conditionReasonOf, uidOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

describe('the label of a namespace', function () {
  this.timeout(120_000);
  const controller = useController();
  const { cluster } = controller;

  /** Something to tell the time by: a configuration that ticks elsewhere. */
  const pendulum = async () => {
    const namespace = await controller.namespace();
    await controller.deploy(namespace, 'pendulum');
    await controller.configure(namespace, 'pendulum', { timeout: '1s' });
    return (ticks: number) => controller.moreTicks(namespace, 'pendulum', ticks);
  };
  const isActive = (monkey: unknown) => conditionOf(monkey, 'Active') === 'True';
  const isOptedOut = (monkey: unknown) =>
    conditionReasonOf(monkey, 'Active') === 'NamespaceOptedOut';

  describeSideBySide('of one of many', controller, [
    {
      it: 'starts and stops what happens in it, whenever it is changed',
      run: async (running) => {
        const swing = await pendulum();
        const namespace = await cluster.namespace();
        const [pod] = await controller.deploy(namespace, 'web', { replicas: 1 });
        await controller.configure(namespace, 'web', { timeout: '2s' });
        await controller.untilMonkey(
          namespace,
          'web',
          'being told that it is opted out',
          isOptedOut,
        );
        await swing(4);
        expect(uidOf((await controller.readyPods(namespace, 'web', 1))[0])).to.equal(uidOf(pod));

        await controller.label(namespace, 'true');
        await controller.untilMonkey(
          namespace,
          'web',
          'a kill',
          (one) => at(one, 'status', 'lastOutcome', 'result') === 'Acted',
        );

        await controller.label(namespace, 'false');
        const stopped = await controller.untilMonkey(namespace, 'web', 'the end of it', isOptedOut);
        expect(at(stopped, 'status', 'nextExecution')).to.equal(undefined);
        const [survivor] = await controller.readyPods(namespace, 'web', 1);
        await swing(4);
        expect(ticksOf(await controller.monkey(namespace, 'web'))).to.equal(ticksOf(stopped));
        expect(uidOf((await controller.readyPods(namespace, 'web', 1))[0])).to.equal(
          uidOf(survivor),
        );
        expect(
          (await running.metrics()).sum('chaos_monkey_crdwatcher_pw_active', { namespace }),
        ).to.equal(0);

        await controller.label(namespace, 'true');
        await controller.untilMonkey(
          namespace,
          'web',
          'going on',
          (one) => ticksOf(one) > ticksOf(stopped),
        );
      },
    },
    {
      it: 'counts with its exact value alone',
      run: async () => {
        const namespace = await cluster.namespace();
        await controller.deploy(namespace, 'web');
        await controller.configure(namespace, 'web');
        for (const value of ['True', 'yes', '1']) {
          await controller.label(namespace, value);
          await controller.untilMonkey(namespace, 'web', `"${value}" to be no opt-in`, isOptedOut);
        }
        await controller.label(namespace, 'true');
        await controller.untilMonkey(namespace, 'web', 'the opt-in', isActive);
      },
    },
    {
      it: 'goes with the namespace, whose end nothing of ours delays',
      run: async (running) => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 1 });
        await controller.configure(namespace, 'web', {
          mode: 'randomScale',
          minReplicas: 2,
          maxReplicas: 2,
          timeout: '1s',
        });
        await controller.untilMonkey(
          namespace,
          'web',
          'a scale',
          (one) => at(one, 'status', 'originalReplicas') === 1,
        );
        await removeNamespace(cluster.client, namespace);
        const query = { fieldSelector: `metadata.name=${namespace}` };
        const gone = (found: readonly unknown[]) => found.length === 0;
        await waitFor(cluster.client, pathOf('namespaces'), 'the namespace to go', gone, { query });
        const metrics = await running.metrics();
        expect(metrics.sum('chaos_monkey_crdwatcher_dw_active', { namespace })).to.equal(0);
      },
    },
  ]);

  it('does not help where the namespace is protected', async () => {
    const namespace = await controller.namespace();
    await controller.start(['--protected-namespaces', `@own,kube-system,${namespace}`]);
    await controller.deploy(namespace, 'web');
    await controller.configure(namespace, 'web');
    await controller.untilMonkey(
      namespace,
      'web',
      'being told that it is protected',
      (one) => conditionReasonOf(one, 'Active') === 'NamespaceProtected',
    );
  });
});
