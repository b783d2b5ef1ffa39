import { expect } from 'chai';
import { readAudit } from '../support/audit-log.ts';
import { useController } from '../support/controller-fixture.ts';
import type { ControllerProcess, Metrics } from '../support/controller-process.ts';
import { expectOwnClaims } from '../support/own-claims.ts';
import { type ControlPlane, type ControlPlanePart, controlPlane } from '../support/real-cluster.ts';
import { CONTROLLER_USER } from '../support/service-account.ts';
import { TickHistory } from '../support/tick-history.ts';
import { at } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';

const TIMEOUT_MS = 3_000;

const found = controlPlane();
if (found === undefined) {
  console.warn(
    'LEFT OUT: control-plane.test.ts and the forgotten history of the contract. They kill parts of the ' +
      'control plane, for which CLUSTER_TOOL and CLUSTER_DIR have to say how.',
  );
} else {
  describeOutages(found);
}

function describeOutages(plane: ControlPlane): void {
  describe('an outage of the control plane in the middle of ticks', () => {
    const controller = useController();
    describe('loses nothing and doubles no tick', function () {
      this.timeout(300_000);
      afterEach(async function () {
        this.timeout(60_000);
        for (const part of broken) await plane.restart(part);
        broken.clear();
      });

      const broken = new Set<ControlPlanePart>();
      const fail = async (part: ControlPlanePart) => {
        broken.add(part);
        await plane.fail(part);
      };
      const mend = async (part: ControlPlanePart) => {
        await plane.restart(part);
        broken.delete(part);
      };

      /** Six configurations, so that at any moment one is about to act. */
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      const allTick = async (namespace: string, count: number) => {
        await Promise.all(names.map((name) => controller.moreTicks(namespace, name, count)));
      };
      const begin = async () => {
        const namespace = await controller.namespace();
        await Promise.all(names.map((name) => controller.deploy(namespace, name, { replicas: 1 })));
        for (const name of names) {
          const mode = name < 'd' ? 'killPod' : 'randomScale';
          const bounds = { minReplicas: 1, maxReplicas: 4 };
          await controller.configure(namespace, name, { mode, ...bounds, timeout: '3s' });
        }
        const history = new TickHistory();
        const followed = history.follow(controller.cluster.client, namespace, 280_000);
        // Whoever fails before it is awaited has a better reason to tell.
        followed.catch(() => undefined);
        await allTick(namespace, 2);
        return { namespace, history, followed };
      };

      /** Resolves when more calls of the controller have failed than before. */
      const feeling = async (running: ControllerProcess) => {
        const before = failures(await running.metrics());
        const felt = (metrics: Metrics) => failures(metrics) > before + 5;
        return () => waitUntil('the controller to feel it', () => running.metrics(), felt);
      };
      const untilReadiness = (running: ControllerProcess, code: number) =>
        waitUntil(
          `/readyz to say ${code}`,
          () => running.readiness(),
          (got) => got === code,
        );

      const check = async (
        running: ControllerProcess,
        scene: Awaited<ReturnType<typeof begin>>,
      ) => {
        const { namespace, history, followed } = scene;
        await allTick(namespace, 2);
        for (const name of names) await controller.reconfigure(namespace, name, { enabled: false });
        await followed;
        const audit = await readAudit(plane.auditLogPath, CONTROLLER_USER, namespace);
        for (const name of names) {
          history.expectApart(name, TIMEOUT_MS);
          expectOwnClaims(audit, name, history.ticks(name), TIMEOUT_MS);
        }
        const metrics = await running.metrics();
        expect(metrics.sum('chaos_monkey_crdwatcher_pw_spawned', { namespace })).to.equal(3);
        expect(metrics.sum('chaos_monkey_crdwatcher_dw_spawned', { namespace })).to.equal(3);
        for (const name of names) {
          const back = (one: unknown) => at(one, 'spec', 'replicas') === 1;
          await controller.untilDeployment(namespace, name, 'the one replica it had', back);
        }
      };

      it('when the API server is killed, twice', async () => {
        const running = await controller.start();
        const scene = await begin();
        for (let outage = 0; outage < 2; outage += 1) {
          const felt = await feeling(running);
          await fail('apiserver');
          await felt();
          await untilReadiness(running, 503);
          await mend('apiserver');
          await untilReadiness(running, 200);
          await allTick(scene.namespace, 1);
        }
        await check(running, scene);
      });

      it('when etcd is killed', async () => {
        const running = await controller.start();
        const scene = await begin();
        const felt = await feeling(running);
        await fail('etcd');
        await felt();
        await mend('etcd');
        await check(running, scene);
      });

      it('when the history is forgotten', async () => {
        const running = await controller.start();
        const scene = await begin();
        await plane.forgetHistory();
        await check(running, scene);
      });
    });
  });
}

function failures(metrics: Metrics): number {
  const all = metrics.sum('chaos_monkey_api_requests_total');
  const good = ['200', '201', '404', '409'];
  return good.reduce(
    (left, code) => left - metrics.sum('chaos_monkey_api_requests_total', { code }),
    all,
  );
}
