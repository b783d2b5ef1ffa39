import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configMap } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, nameOf, textAt } from '../support/value.ts';

export function describeLists(cluster: ClusterFixture): void {
  describe('a list', () => {
    let path: string;
    const query = { labelSelector: 'kind=page' };
    beforeEach(async () => {
      path = pathOf('configmaps', await cluster.namespace());
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        const metadata = { name, labels: { kind: 'page', app: name } };
        await bodyOf(cluster.client.post(path, { ...configMap(name), metadata }));
      }
    });

    const page = async (more: Readonly<Record<string, string | number>>) => {
      const body = await bodyOf(cluster.client.get(path, { ...query, limit: 2, ...more }));
      return {
        names: listAt(body, 'items').map(nameOf),
        next: textAt(body, 'metadata', 'continue'),
        version: textAt(body, 'metadata', 'resourceVersion'),
      };
    };

    it('comes in pages of the limit, in order of names, the last one without a token', async () => {
      const first = await page({});
      const second = await page({ continue: first.next });
      const third = await page({ continue: second.next });
      expect([first.names, second.names, third.names]).to.deep.equal([
        ['a', 'b'],
        ['c', 'd'],
        ['e'],
      ]);
      expect(third.next).to.equal('');
    });

    it('shows in all pages the state and the resourceVersion of the first', async () => {
      const first = await page({});
      await bodyOf(cluster.client.delete(`${path}/d`));
      const metadata = { name: 'cc', labels: { kind: 'page' } };
      await bodyOf(cluster.client.post(path, { ...configMap('cc'), metadata }));
      const second = await page({ continue: first.next });
      expect(second.names).to.deep.equal(['c', 'd']);
      expect(second.version).to.equal(first.version);
      const now = listAt(await bodyOf(cluster.client.get(path, query)), 'items').map(nameOf);
      expect(now).to.deep.equal(['a', 'b', 'c', 'cc', 'e']);
    });

    it('tells how many remain where no selector is used', async () => {
      const { body } = await cluster.client.get(pathOf('namespaces'), { limit: 1 });
      const all = listAt(await bodyOf(cluster.client.get(pathOf('namespaces'))), 'items').length;
      expect(at(body, 'metadata', 'remainingItemCount')).to.equal(all - 1);
    });

    it('with a token that is none is refused as a bad request', async () => {
      const { code, body } = await cluster.client.get(path, { limit: 2, continue: 'nonsense' });
      expect([code, at(body, 'reason')]).to.deep.equal([400, 'BadRequest']);
      expect(textAt(body, 'message')).to.contain('continue key is not valid');
    });

    it('is named after its kind and carries items without kind and apiVersion', async () => {
      const body = await bodyOf(cluster.client.get(path, query));
      expect([at(body, 'kind'), at(body, 'apiVersion')]).to.deep.equal(['ConfigMapList', 'v1']);
      expect(at(body, 'items', 0, 'kind')).to.equal(undefined);
      expect(textAt(body, 'metadata', 'resourceVersion')).to.match(/^\d+$/);
    });

    it('at a resourceVersion of the future is refused after a while with a hint to come again', async function () {
      this.timeout(15_000);
      const { code, body } = await cluster.client.get(path, { resourceVersion: '999999999999' });
      expect([code, at(body, 'reason')]).to.deep.equal([504, 'Timeout']);
      expect(textAt(body, 'message')).to.contain('Too large resource version: 999999999999');
    });

    it('of metadata alone is a PartialObjectMetadataList', async () => {
      const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
      const { body } = await cluster.client.request('GET', path, { accept, query });
      expect([at(body, 'kind'), at(body, 'apiVersion')]).to.deep.equal([
        'PartialObjectMetadataList',
        'meta.k8s.io/v1',
      ]);
      const [first] = listAt(body, 'items');
      expect(at(first, 'metadata', 'labels', 'app')).to.equal('a');
      expect(at(first, 'data')).to.equal(undefined);
    });

    it('in a namespace that does not exist is empty', async () => {
      const body = await bodyOf(cluster.client.get(pathOf('configmaps', 'no-such-namespace')));
      expect(listAt(body, 'items')).to.deep.equal([]);
    });
  });
}
