import { bodyOf } from '../support/api-client.ts';
import { pathOf } from '../support/paths.ts';
import { controlPlane } from '../support/real-cluster.ts';
import type { Release } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { holderOf, replicasOf, untilTakenOver } from '../support/replica.ts';
import { ManyConfigurations } from './many-configurations.ts';

const AHEAD_MS = 600_000;

/** Sets the clock of a program on the second node ahead, before anything of it has run. */
const WRONG_CLOCK = `
const Right = Date;
const ahead = process.env.NODE_NAME === 'node2' ? ${AHEAD_MS} : 0;
globalThis.Date = class extends Right {
  constructor(...parts) { if (parts.length > 0) super(...parts); else super(Right.now() + ahead); }
  static now() { return Right.now() + ahead; }
};`;

const found = controlPlane();
if (found === undefined) {
  console.warn('LEFT OUT: clock-skew.test.ts. It reads the audit log, which CLUSTER_DIR tells of.');
} else {
  describeSkew(found.auditLogPath);
}

function describeSkew(auditLogPath: string): void {
  describe('clocks of two replicas that are ten minutes apart', function () {
    this.timeout(120_000);
    // Before the release is removed.
    after(() => ManyConfigurations.remove(releases));
    const releases = useReleases();
    let release: Release;
    let scene: ManyConfigurations;

    before(async function () {
      this.timeout(180_000);
      const module = `data:text/javascript,${encodeURIComponent(WRONG_CLOCK)}`;
      const fieldRef = { fieldPath: 'spec.nodeName' };
      const extraEnv = [
        { name: 'NODE_NAME', valueFrom: { fieldRef } },
        { name: 'NODE_OPTIONS', value: `--import=${module}` },
      ];
      release = releases.release({ values: { behavior: 'DenyAll', extraEnv } });
      const sinceMs = Date.now();
      await release.install();
      scene = await ManyConfigurations.create(release, { sinceMs, scaled: 20, killed: 0 });
    });

    for (const turn of ['one way', 'and back']) {
      it(`the lease goes from one to the other ${turn}, and everything goes on`, async () => {
        const { leader } = await replicasOf(release);
        const holder = await holderOf(release);
        const before = Date.now();
        const path = pathOf('pods', release.namespace, leader.name);
        await bodyOf(release.cluster.client.delete(path));
        const tookMs = await untilTakenOver(release, holder);
        const { said } = await scene.untilActs();
        console.info(`      from ${leader.node}: ${Math.round(tookMs)} ms, ${said}`);
        await scene.handOvers(auditLogPath, before);
        await release.ready();
      });
    }

    it(`and no two acts are closer than a timeout, and none is without the lease`, async () => {
      await scene.stop();
      console.info(`      ${await scene.expectOneActAtATime(auditLogPath)}`);
    });
  });
}
