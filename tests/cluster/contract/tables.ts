import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, textAt } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** What `kubectl get` prints. */
export function describeTables(cluster: ClusterFixture): void {
  describe('a table', () => {
    let namespace: string;
    beforeEach(async () => {
      namespace = await cluster.namespace();
    });

    const table = async (path: string) => {
      const { body } = await cluster.client.request('GET', path, { accept: TABLE });
      expect([at(body, 'kind'), at(body, 'apiVersion')]).to.deep.equal(['Table', 'meta.k8s.io/v1']);
      return body;
    };
    const columns = (body: unknown, priority = 0) =>
      listAt(body, 'columnDefinitions')
        .filter((column) => at(column, 'priority') === priority)
        .map((column) => at(column, 'name'));

    it('of pods', async () => {
      const body = await table(pathOf('pods', namespace));
      expect(columns(body)).to.deep.equal(['Name', 'Ready', 'Status', 'Restarts', 'Age']);
      expect(columns(body, 1)).to.deep.equal(['IP', 'Node', 'Nominated Node', 'Readiness Gates']);
      expect(listAt(body, 'rows')).to.deep.equal([]);
    });

    it('of deployments', async () => {
      await bodyOf(cluster.client.post(pathOf('deployments', namespace), deployment('web')));
      const body = await table(pathOf('deployments', namespace));
      expect(columns(body)).to.deep.equal(['Name', 'Ready', 'Up-to-date', 'Available', 'Age']);
      expect(columns(body, 1)).to.deep.equal(['Containers', 'Images', 'Selector']);
      expect(listAt(body, 'rows', 0, 'cells').slice(0, 4)).to.deep.equal(['web', '0/0', 0, 0]);
      expect(at(body, 'rows', 0, 'object', 'kind')).to.equal('PartialObjectMetadata');
      expect(at(body, 'rows', 0, 'object', 'metadata', 'name')).to.equal('web');
    });

    it('of configurations, in the columns that the kind says', async () => {
      const monkey = configuration('monkey', { deployment: 'web', maxReplicas: 4 });
      await bodyOf(cluster.client.post(pathOf('chaosmonkeyconfigurations', namespace), monkey));
      const body = await table(pathOf('chaosmonkeyconfigurations', namespace));
      expect(columns(body)).to.deep.equal([
        'Name',
        'Enabled',
        'Scaling Mode',
        'Target Deployment',
        'Min Replicas',
        'Max Replicas',
        'Target',
        'Next',
        'Last',
      ]);
      expect(at(body, 'rows', 0, 'cells')).to.deep.equal([
        'monkey',
        true,
        'killPod',
        'web',
        0,
        4,
        null,
        null,
        null,
      ]);
    });

    it('of configurations shows their status as it is written', async () => {
      await bodyOf(
        cluster.client.post(
          pathOf('chaosmonkeyconfigurations', namespace),
          configuration('monkey'),
        ),
      );
      const lastTransitionTime = '2026-01-01T00:00:00Z';
      const condition = { status: 'True', reason: 'Found', message: 'm', lastTransitionTime };
      const status = {
        nextExecution: '2026-01-01T00:00:05.000Z',
        conditions: [
          { ...condition, type: 'Accepted' },
          { ...condition, type: 'TargetFound', status: 'False' },
        ],
      };
      const path = pathOf('chaosmonkeyconfigurations', namespace, 'monkey');
      await bodyOf(cluster.client.patch(`${path}/status`, 'merge', { status }));
      const cells = listAt(await table(path), 'rows', 0, 'cells');
      expect(cells.slice(6)).to.deep.equal(['False', '2026-01-01T00:00:05.000Z', null]);
    });

    it('of namespaces and of nodes', async () => {
      const namespaces = await table(pathOf('namespaces', '', namespace));
      expect(columns(namespaces)).to.deep.equal(['Name', 'Status', 'Age']);
      expect(listAt(namespaces, 'rows', 0, 'cells').slice(0, 2)).to.deep.equal([
        namespace,
        'Active',
      ]);
      expect(columns(await table(pathOf('nodes')))).to.deep.equal([
        'Name',
        'Status',
        'Roles',
        'Age',
        'Version',
      ]);
    });

    it('of what is not there is a Status', async () => {
      const path = pathOf('pods', namespace, 'ghost');
      const { code, body } = await cluster.client.request('GET', path, { accept: TABLE });
      expect([code, at(body, 'kind'), at(body, 'reason')]).to.deep.equal([
        404,
        'Status',
        'NotFound',
      ]);
    });

    it('comes by watch too, its columns with the first row alone', async () => {
      const path = pathOf('deployments', namespace);
      const resourceVersion = textAt(
        await bodyOf(cluster.client.get(path)),
        'metadata',
        'resourceVersion',
      );
      using watching = await cluster.client.watch(
        path,
        { resourceVersion, timeoutSeconds: 60 },
        TABLE,
      );
      await bodyOf(cluster.client.post(path, deployment('web')));
      const first = await watching.next();
      await bodyOf(
        cluster.client.patch(`${path}/web`, 'merge', { metadata: { labels: { a: 'b' } } }),
      );
      const second = await watching.next();
      expect([first?.type, at(first?.object, 'kind')]).to.deep.equal(['ADDED', 'Table']);
      expect(columns(first?.object)).to.include('Up-to-date');
      expect([second?.type, at(second?.object, 'columnDefinitions')]).to.deep.equal([
        'MODIFIED',
        null,
      ]);
      expect(listAt(second?.object, 'rows', 0, 'cells')[0]).to.equal('web');
    });

    it('of a running pod says that it runs', async function () {
      this.timeout(90_000);
      await bodyOf(
        cluster.client.post(pathOf('deployments', namespace), deployment('web', { replicas: 1 })),
      );
      await waitFor(
        cluster.client,
        pathOf('deployments', namespace),
        'the deployment to be available',
        ([one]) => at(one, 'status', 'availableReplicas') === 1,
      );
      const [, ready, status, restarts] = listAt(
        await table(pathOf('pods', namespace)),
        'rows',
        0,
        'cells',
      );
      expect([ready, status, restarts]).to.deep.equal(['1/1', 'Running', '0']);
    });
  });
}
