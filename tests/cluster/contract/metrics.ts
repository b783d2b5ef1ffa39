import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, nameOf, textAt } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';

/** metrics.k8s.io, which knows no watch. Needs a metrics-server. */
export function describeMetrics(cluster: ClusterFixture): void {
  describe('pod metrics', function () {
    this.timeout(150_000);

    it('measure each container of the pods that are selected, and say when', async () => {
      const namespace = await cluster.namespace();
      const deployments = pathOf('deployments', namespace);
      for (const [name, command] of [
        ['busy', ['sh', '-c', 'while :; do :; done']],
        ['idle', ['sleep', '1000000']],
      ] as const) {
        await bodyOf(cluster.client.post(deployments, deployment(name, { replicas: 1, command })));
      }
      const query = { labelSelector: 'app=busy' };
      const list = await waitUntil(
        'the busy pod to be measured (is metrics-server installed?)',
        () => bodyOf(cluster.client.get(pathOf('podmetrics', namespace), query)),
        (body) => listAt(body, 'items').length > 0,
        { timeoutMs: 120_000, everyMs: 500 },
      );
      expect(at(list, 'kind')).to.equal('PodMetricsList');
      const [measured, ...others] = listAt(list, 'items');
      expect(others).to.deep.equal([]);
      expect(nameOf(measured)).to.match(/^busy-/);
      expect(textAt(measured, 'timestamp')).to.match(/^\d{4}-\d\d-\d\dT/);
      expect(textAt(measured, 'window')).to.match(/^[\d.]+m?s$/);
      const [container] = listAt(measured, 'containers');
      expect(nameOf({ metadata: container })).to.equal('main');
      expect(textAt(container, 'usage', 'cpu')).to.match(/^\d+[num]?$/);
      expect(textAt(container, 'usage', 'memory')).to.match(/^\d+(Ki|Mi)?$/);
    });

    it('of a pod that is not there are not found', async () => {
      const namespace = await cluster.namespace();
      const { code } = await cluster.client.get(pathOf('podmetrics', namespace, 'ghost'));
      expect(code).to.equal(404);
    });
  });
}
