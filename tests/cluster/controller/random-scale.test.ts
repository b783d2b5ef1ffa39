import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { type ControllerFixture, useController } from '../support/controller-fixture.ts';
import type { ConfigurationShape } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { describeSideBySide } from '../support/side-by-side.ts';
import { at, conditionOf, textAt, uidOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const RESTORE = 'cm.massix.github.io/restore';

const replicasOf = (found: unknown) => at(found, 'spec', 'replicas');
const noteOf = (found: unknown) => textAt(found, 'metadata', 'annotations', RESTORE);

describe('randomScale', function () {
  this.timeout(120_000);
  const controller = useController();
  const { cluster } = controller;

  /** A deployment of one replica that randomScale has set to three. */
  const scaled = async (shape: ConfigurationShape = {}) => {
    const namespace = await controller.namespace();
    await controller.deploy(namespace, 'web', { replicas: 1 });
    const three = { mode: 'randomScale', minReplicas: 3, maxReplicas: 3, timeout: '2s' } as const;
    const monkey = await controller.configure(namespace, 'monkey', {
      deployment: 'web',
      ...three,
      ...shape,
    });
    await untilReplicas(namespace, 3);
    return { namespace, uid: uidOf(monkey) };
  };
  const untilReplicas = (namespace: string, count: number) =>
    controller.untilDeployment(
      namespace,
      'web',
      `${count} replicas`,
      (one) => replicasOf(one) === count,
    );
  const untilPutBack = (namespace: string) =>
    controller.untilDeployment(
      namespace,
      'web',
      'the one replica put back and no note left',
      (one) => replicasOf(one) === 1 && noteOf(one) === '',
    );

  /** What ends the disturbance of a deployment. */
  const ends: readonly {
    readonly when: string;
    readonly how: (fixture: ControllerFixture, namespace: string) => Promise<unknown>;
  }[] = [
    {
      when: 'it is disabled',
      how: (c, namespace) => c.reconfigure(namespace, 'monkey', { enabled: false }),
    },
    { when: 'it is deleted', how: (c, namespace) => c.unconfigure(namespace, 'monkey') },
    { when: 'its namespace opts out', how: (c, namespace) => c.label(namespace, 'false') },
    {
      when: 'its mode changes',
      how: (c, namespace) => c.reconfigure(namespace, 'monkey', { scalingMode: 'antiPressure' }),
    },
    {
      when: 'its target changes',
      how: (c, namespace) => c.reconfigure(namespace, 'monkey', { deployment: { name: 'other' } }),
    },
    {
      when: 'it becomes invalid',
      how: (c, namespace) => c.reconfigure(namespace, 'monkey', { timeout: '0s' }),
    },
  ];

  describeSideBySide('in a namespace each', controller, [
    {
      it: 'scales to a number between its bounds and remembers what it found',
      run: async (running) => {
        const { namespace, uid } = await scaled();
        const web = await bodyOf(cluster.client.get(pathOf('deployments', namespace, 'web')));
        expect(JSON.parse(noteOf(web))).to.include({
          replicas: 1,
          lastWritten: 3,
          configuration: uid,
        });
        const monkey = await controller.untilMonkey(
          namespace,
          'monkey',
          'the next tick, which finds nothing to change',
          (one) => at(one, 'status', 'lastOutcome', 'reason') === 'NothingToChange',
        );
        expect(at(monkey, 'status', 'originalReplicas')).to.equal(1);
        const labels = { namespace, deployment: 'web' };
        const metrics = await running.metrics();
        expect(metrics.sum('chaos_monkey_deploymentwatcher_deployments_rescaled', labels)).to.equal(
          1,
        );
        expect(metrics.sum('chaos_monkey_deploymentwatcher_last_scale', labels)).to.equal(3);
        const said = (events: readonly unknown[]) =>
          events.some((one) => at(one, 'message') === 'Converted to 3 replicas');
        await waitFor(cluster.client, pathOf('events', namespace), 'the Event of it', said);
        await controller.readyPods(namespace, 'web', 3);
      },
    },
    {
      it: 'chooses other numbers in time, all within its bounds',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 0 });
        const from = textAt(
          await bodyOf(cluster.client.get(pathOf('deployments', namespace))),
          'metadata',
          'resourceVersion',
        );
        const shape = {
          mode: 'randomScale',
          minReplicas: 1,
          maxReplicas: 4,
          timeout: '1s',
          more: { seed: 'a' },
        } as const;
        await controller.configure(namespace, 'web', shape);
        await controller.untilMonkey(
          namespace,
          'web',
          'ten ticks',
          (one) => Number(at(one, 'status', 'ticks')) >= 10,
        );
        await controller.unconfigure(namespace, 'web');
        await controller.untilDeployment(
          namespace,
          'web',
          'none again',
          (one) => replicasOf(one) === 0 && noteOf(one) === '',
        );
        const query = { resourceVersion: from, timeoutSeconds: 1 };
        using watch = await cluster.client.watch(pathOf('deployments', namespace), query);
        const seen = new Set((await watch.toEnd()).map(({ object }) => replicasOf(object)));
        expect([...seen]).to.include(0);
        seen.delete(0);
        expect(seen.size).to.be.greaterThan(1);
        for (const replicas of seen) expect(replicas).to.be.within(1, 4);
      },
    },
    {
      it: 'takes what somebody else has scaled to as the new original',
      run: async () => {
        const { namespace } = await scaled();
        const scale = pathOf('deployments', namespace, 'web', 'scale');
        await bodyOf(cluster.client.patch(scale, 'merge', { spec: { replicas: 2 } }));
        const web = await controller.untilDeployment(
          namespace,
          'web',
          'three replicas again, with a new note',
          (one) => replicasOf(one) === 3 && JSON.parse(noteOf(one) || '{}').replicas === 2,
        );
        expect(JSON.parse(noteOf(web))).to.include({ replicas: 2, lastWritten: 3 });
        await controller.unconfigure(namespace, 'monkey');
        await untilReplicas(namespace, 2);
      },
    },
    {
      it: 'acts on a deployment with an autoscaler, and says that it is there',
      run: async () => {
        const namespace = await controller.namespace();
        await controller.deploy(namespace, 'web', { replicas: 1 });
        const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
        await bodyOf(
          cluster.client.post(pathOf('horizontalpodautoscalers', namespace), {
            apiVersion: 'autoscaling/v2',
            kind: 'HorizontalPodAutoscaler',
            metadata: { name: 'scaler' },
            spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 5 },
          }),
        );
        const shape = {
          mode: 'randomScale',
          minReplicas: 2,
          maxReplicas: 2,
          timeout: '2s',
        } as const;
        await controller.configure(namespace, 'web', shape);
        const monkey = await controller.untilMonkey(
          namespace,
          'web',
          'a scale all the same',
          (one) => at(one, 'status', 'lastOutcome', 'result') === 'Acted',
        );
        expect(conditionOf(monkey, 'Autoscaled')).to.equal('True');
        const warned = (events: readonly unknown[]) =>
          events.some((one) => at(one, 'type') === 'Warning' && at(one, 'reason') === 'Autoscaled');
        await waitFor(cluster.client, pathOf('events', namespace), 'the warning', warned);
      },
    },
    ...ends.map(({ when, how }) => ({
      it: `puts back the replicas that it found when ${when}`,
      run: async () => {
        const { namespace } = await scaled();
        await how(controller, namespace);
        await untilPutBack(namespace);
      },
    })),
    {
      it: 'does not put back what somebody else has scaled since',
      run: async () => {
        const { namespace } = await scaled({ timeout: '5s' });
        const scale = pathOf('deployments', namespace, 'web', 'scale');
        await bodyOf(cluster.client.patch(scale, 'merge', { spec: { replicas: 2 } }));
        await controller.unconfigure(namespace, 'monkey');
        const settled = (one: unknown) => noteOf(one) === '';
        const web = await controller.untilDeployment(namespace, 'web', 'the note to go', settled);
        expect(replicasOf(web)).to.equal(2);
      },
    },
    {
      it: 'does not put back anything where restoreReplicas is false',
      run: async () => {
        const { namespace } = await scaled({ more: { restoreReplicas: false } });
        const web = await bodyOf(cluster.client.get(pathOf('deployments', namespace, 'web')));
        expect(noteOf(web)).to.equal('');
        await controller.reconfigure(namespace, 'monkey', { enabled: false });
        await controller.untilMonkey(
          namespace,
          'monkey',
          'its end',
          (one) => conditionOf(one, 'Active') === 'False',
        );
        const left = await bodyOf(cluster.client.get(pathOf('deployments', namespace, 'web')));
        expect(replicasOf(left)).to.equal(3);
      },
    },
  ]);

  it('puts back the replicas that it found when it was deleted while no controller ran', async () => {
    const first = await controller.start();
    const { namespace } = await scaled();
    expect(await first.end()).to.equal(0);
    await controller.unconfigure(namespace, 'monkey');
    await controller.start();
    await untilPutBack(namespace);
  });

  it('does not put back anything at a restart of the controller, and remembers the first original through it', async () => {
    const first = await controller.start();
    const { namespace } = await scaled();
    expect(await first.end()).to.equal(0);
    const left = await bodyOf(cluster.client.get(pathOf('deployments', namespace, 'web')));
    expect(replicasOf(left)).to.equal(3);
    await controller.start();
    await controller.reconfigure(namespace, 'monkey', { minReplicas: 2, maxReplicas: 2 });
    const web = await untilReplicas(namespace, 2);
    expect(JSON.parse(noteOf(web))).to.include({ replicas: 1, lastWritten: 2 });
    await controller.unconfigure(namespace, 'monkey');
    await untilPutBack(namespace);
  });
});
