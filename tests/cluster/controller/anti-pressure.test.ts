import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { useController } from '../support/controller-fixture.ts';
import { pathOf } from '../support/paths.ts';
import { describeSideBySide } from '../support/side-by-side.ts';
import { at, listAt, nameOf, textAt, uidOf } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';

const BUSY = '(while :; do :; done) >/dev/null 2>&1 &';

/** A tenth of a core: far more than a sleeping pod uses, and less than a busy one gets on a full machine. */
const BUSY_NANOCORES = 100_000_000;

describe('antiPressure by real metrics', function () {
  this.timeout(240_000);
  const controller = useController();
  const { cluster } = controller;

  /** A deployment of which one pod is measured as busy, and all are measured. */
  const deployBusy = async (namespace: string, replicas: number) => {
    const pods = await controller.deploy(namespace, 'web', { replicas });
    const busy = nameOf(pods[0]);
    const exec = ['exec', '-n', namespace, busy, '--', 'sh', '-c', BUSY];
    const { code, stderr } = await cluster.kubectl(exec);
    if (code !== 0) throw new Error(`the pod cannot be kept busy: ${stderr}`);
    await waitUntil(
      'all pods to be measured and one to be busy (is metrics-server installed?)',
      () => bodyOf(cluster.client.get(pathOf('podmetrics', namespace))),
      (list) =>
        listAt(list, 'items').length === replicas &&
        listAt(list, 'items').some(
          (one) => nameOf(one) === busy && nanocores(one) > BUSY_NANOCORES,
        ),
      { timeoutMs: 120_000, everyMs: 500 },
    );
    return { busy, uid: uidOf(pods[0]) };
  };

  describeSideBySide('in a namespace each', controller, [
    {
      it: 'deletes the pod that uses most CPU',
      run: async (running) => {
        const namespace = await controller.namespace();
        const { busy, uid } = await deployBusy(namespace, 3);
        await controller.configure(namespace, 'web', { mode: 'antiPressure', timeout: '2s' });
        const monkey = await controller.untilMonkey(
          namespace,
          'web',
          'its first outcome',
          (one) => at(one, 'status', 'lastOutcome', 'tick') === 1,
        );
        expect(at(monkey, 'status', 'lastOutcome', 'result')).to.equal('Acted');
        expect(at(monkey, 'status', 'lastVictims')).to.deep.equal([
          { kind: 'Pod', name: busy, uid },
        ]);
        const labels = { namespace, selector: 'app=web' };
        const metrics = await running.metrics();
        expect(metrics.sum('chaos_monkey_antihpawatcher_pods_killed', labels)).to.equal(1);
        expect(metrics.sum('chaos_monkey_antihpawatcher_average_cpu', labels)).to.be.greaterThan(
          0.05,
        );
      },
    },
    {
      it: 'leaves minReplicas ready pods alone',
      run: async () => {
        const namespace = await controller.namespace();
        const { uid } = await deployBusy(namespace, 1);
        await controller.configure(namespace, 'web', {
          mode: 'antiPressure',
          minReplicas: 1,
          timeout: '1s',
        });
        const monkey = await controller.moreTicks(namespace, 'web', 2);
        expect(Object(at(monkey, 'status', 'lastOutcome'))).to.include({
          result: 'Skipped',
          reason: 'BelowMinReplicas',
        });
        expect(uidOf((await controller.readyPods(namespace, 'web', 1))[0])).to.equal(uid);
      },
    },
    {
      it: 'skips while nothing is measured yet',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 2 });
        await controller.configure(namespace, 'web', { mode: 'antiPressure', timeout: '1s' });
        const monkey = await controller.moreTicks(namespace, 'web', 1);
        expect(at(monkey, 'status', 'lastOutcome', 'result')).to.equal('Skipped');
        expect(at(monkey, 'status', 'lastOutcome', 'reason')).to.be.oneOf([
          'MetricsUnavailable',
          'MetricsStale',
        ]);
      },
    },
  ]);
});

/** metrics-server answers in nanocores, or in cores where there is nothing to say. */
function nanocores(measured: unknown): number {
  const [, digits = '0', unit = ''] =
    /^(\d+)([num]?)$/.exec(textAt(measured, 'containers', 0, 'usage', 'cpu')) ?? [];
  const factors: Readonly<Record<string, number>> = { n: 1, u: 1e3, m: 1e6, '': 1e9 };
  return Number(digits) * (factors[unit] ?? Number.NaN);
}
