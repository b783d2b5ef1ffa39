import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { useController } from '../support/controller-fixture.ts';
import { configuration, pod } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { describeSideBySide } from '../support/side-by-side.ts';
import { at, conditionOf, listAt, nameOf, numberAt, textAt, uidOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

describe('killPod on real pods', function () {
  this.timeout(120_000);
  const controller = useController();
  const { cluster } = controller;

  const deletedPods = async (namespace: string, resourceVersion: string) => {
    const query = { resourceVersion, timeoutSeconds: 1 };
    using watch = await cluster.client.watch(pathOf('pods', namespace), query);
    return (await watch.toEnd())
      .filter(({ type }) => type === 'DELETED')
      .map(({ object }) => object);
  };

  describeSideBySide('in a namespace each', controller, [
    {
      it: 'deletes one ready pod of the deployment at each tick, and never a stranger with its labels',
      run: async () => {
        const namespace = await controller.namespace();
        const stranger = await bodyOf(
          cluster.client.post(pathOf('pods', namespace), pod('stranger', { app: 'web' })),
        );
        await controller.deploy(namespace, 'web', { replicas: 2 });
        const from = textAt(
          await bodyOf(cluster.client.get(pathOf('pods', namespace))),
          'metadata',
          'resourceVersion',
        );
        await controller.configure(namespace, 'web', { timeout: '3s' });

        const victims: string[] = [];
        for (let tick = 1; tick <= 3; tick += 1) {
          const monkey = await controller.untilMonkey(
            namespace,
            'web',
            `the outcome of tick ${tick}`,
            (one) => at(one, 'status', 'lastOutcome', 'tick') === tick,
          );
          expect(at(monkey, 'status', 'lastOutcome', 'result')).to.equal('Acted');
          expect(at(monkey, 'status', 'lastVictims', 0, 'kind')).to.equal('Pod');
          victims.push(textAt(monkey, 'status', 'lastVictims', 0, 'uid'));
        }
        await controller.reconfigure(namespace, 'web', { enabled: false });
        const deleted = await deletedPods(namespace, from);
        expect(deleted.map(uidOf)).to.deep.equal(victims);
        for (const victim of deleted) {
          expect(textAt(victim, 'metadata', 'ownerReferences', 0, 'kind')).to.equal('ReplicaSet');
        }
        await controller.readyPods(namespace, 'web', 2);
        const left = await bodyOf(cluster.client.get(pathOf('pods', namespace, 'stranger')));
        expect(uidOf(left)).to.equal(uidOf(stranger));
      },
    },
    {
      it: 'waits one whole timeout before it acts first',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 1 });
        const made = await controller.configure(namespace, 'web', { timeout: '4s' });
        const monkey = await controller.moreTicks(namespace, 'web', 1);
        const waitedMs =
          Date.parse(textAt(monkey, 'status', 'lastExecution')) -
          Date.parse(textAt(made, 'metadata', 'creationTimestamp'));
        expect(waitedMs).to.be.at.least(4_000);
      },
    },
    {
      it: 'works with a selector of matchExpressions',
      run: async () => {
        const namespace = await controller.namespace();
        const selector = {
          matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'edge'] }],
        };
        await controller.deploy(namespace, 'web', {
          replicas: 1,
          labels: { tier: 'edge' },
          selector,
        });
        await controller.configure(namespace, 'web', { timeout: '2s' });
        const monkey = await controller.untilMonkey(
          namespace,
          'web',
          'a kill',
          (one) => at(one, 'status', 'lastOutcome', 'result') === 'Acted',
        );
        expect(textAt(monkey, 'status', 'lastVictims', 0, 'name')).to.match(/^web-/);
      },
    },
    {
      it: 'skips, with the reason, where no pod is ready',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 0 });
        await controller.configure(namespace, 'web', { timeout: '2s' });
        const monkey = await controller.moreTicks(namespace, 'web', 1);
        expect(Object(at(monkey, 'status', 'lastOutcome'))).to.include({
          result: 'Skipped',
          reason: 'NoReadyPods',
        });
        expect(conditionOf(monkey, 'Active')).to.equal('True');
      },
    },
    {
      it: 'refuses a timeout that would run hot, and says what it expects',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 1 });
        for (const timeout of ['0s', '-5s', '200ms']) {
          const name = `refused-${timeout.replace('-', 'minus-')}`;
          await bodyOf(
            cluster.client.post(
              pathOf('chaosmonkeyconfigurations', namespace),
              configuration(name, { deployment: 'web', timeout }),
            ),
          );
          const monkey = await controller.untilMonkey(
            namespace,
            name,
            'its refusal',
            (one) => conditionOf(one, 'Accepted') === 'False',
          );
          const [condition] = listAt(monkey, 'status', 'conditions').filter(
            (one) => at(one, 'type') === 'Accepted',
          );
          expect(textAt(condition, 'message')).to.contain('spec.timeout').and.to.contain(timeout);
          expect(conditionOf(monkey, 'Active')).to.equal('False');
          expect(nameOf(monkey)).to.equal(name);
        }
      },
    },
  ]);

  it('tells in the status, the columns, Events and metrics what it does', async () => {
    const running = await controller.start();
    const namespace = await controller.namespace();
    await controller.deploy(namespace, 'web', { replicas: 1 });
    await controller.configure(namespace, 'web', { timeout: '3s' });
    const accepted = await controller.untilMonkey(
      namespace,
      'web',
      'its acceptance',
      (one) => conditionOf(one, 'Active') === 'True',
    );
    expect(conditionOf(accepted, 'Accepted')).to.equal('True');
    expect(conditionOf(accepted, 'TargetFound')).to.equal('True');
    expect(numberAt(accepted, 'status', 'observedGeneration')).to.equal(1);
    const next = textAt(accepted, 'status', 'nextExecution');
    const { stdout } = await cluster.kubectl([
      'get',
      'cmc',
      'web',
      '-n',
      namespace,
      '--no-headers',
    ]);
    expect(stdout.trim().split(/\s+/).slice(0, 8)).to.deep.equal([
      'web',
      'true',
      'killPod',
      'web',
      '0',
      '3',
      'True',
      next,
    ]);

    const acted = (one: unknown) => at(one, 'status', 'lastOutcome', 'result') === 'Acted';
    await controller.untilMonkey(namespace, 'web', 'the outcome', acted);
    const metrics = await running.metrics();
    const killed = { namespace, label_selector: 'app=web' };
    expect(metrics.sum('chaos_monkey_crdwatcher_pw_active', { namespace })).to.equal(1);
    expect(metrics.sum('chaos_monkey_tick_outcomes_total', { mode: 'killPod' })).to.equal(1);
    expect(metrics.sum('chaos_monkey_podwatcher_pods_killed', killed)).to.equal(1);
    const messages = [
      'Watcher started for deployment web',
      'Pod may be targeted by next Chaos Monkey in 3s',
      'Pod got killed by Chaos Monkey',
    ];
    const said = (events: readonly unknown[]) =>
      messages.every((message) => events.some((event) => at(event, 'message') === message));
    await waitFor(
      cluster.client,
      pathOf('events', namespace),
      `the Events ${messages.join(', ')}`,
      said,
    );
    const described = await cluster.kubectl(['describe', 'cmc', 'web', '-n', namespace]);
    expect(described.stdout).to.match(
      /Normal\s+Started\s+.*chaos-monkey\s+Watcher started for deployment web/,
    );
  });
});
