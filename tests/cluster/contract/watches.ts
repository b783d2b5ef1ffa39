import { expect } from 'chai';
import { bodyOf, type Query } from '../support/api-client.ts';
import { type ApiWatch, describeEvent, endsInitialEvents } from '../support/api-watch.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configMap } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, nameOf, textAt, uidOf, versionOf } from '../support/value.ts';

export function describeWatches(cluster: ClusterFixture): void {
  describe('a watch', () => {
    let namespace: string;
    let path: string;
    beforeEach(async () => {
      namespace = await cluster.namespace();
      path = pathOf('configmaps', namespace);
    });

    const create = (name: string, labels: Readonly<Record<string, string>> = {}) => {
      const object = configMap(name);
      const metadata = { ...object.metadata, labels: { watched: 'yes', ...labels } };
      return bodyOf(cluster.client.post(path, { ...object, metadata }));
    };
    const change = (name: string, patch: unknown) =>
      bodyOf(cluster.client.patch(`${path}/${name}`, 'merge', patch));
    const remove = (name: string) => bodyOf(cluster.client.delete(`${path}/${name}`));
    /** Without what others put into every namespace. */
    const mine = { labelSelector: 'watched=yes' };
    const list = async () =>
      textAt(await bodyOf(cluster.client.get(path, mine)), 'metadata', 'resourceVersion');
    const watch = (query: Query) =>
      cluster.client.watch(path, { ...mine, timeoutSeconds: 60, ...query });
    const changes = async (from: ApiWatch, count: number) => {
      const seen: string[] = [];
      while (seen.length < count) seen.push(await from.nextChange());
      return seen;
    };

    it("from a list's resourceVersion yields every later change, in order, and nothing before", async () => {
      await create('before');
      const resourceVersion = await list();
      await create('a');
      await change('a', { data: { key: 'value' } });
      using watching = await watch({ resourceVersion });
      await remove('a');
      await create('b');
      expect(await changes(watching, 4)).to.deep.equal([
        'ADDED a',
        'MODIFIED a',
        'DELETED a',
        'ADDED b',
      ]);
    });

    it('without a resourceVersion begins with what there is as ADDED', async () => {
      await create('a');
      await create('b');
      using watching = await watch({});
      expect(await changes(watching, 2)).to.have.members(['ADDED a', 'ADDED b']);
      await create('c');
      expect(await watching.nextChange()).to.equal('ADDED c');
    });

    it('resumes from the resourceVersion of the last event without a gap or a repetition', async () => {
      const resourceVersion = await list();
      await create('a');
      await create('b');
      let last: string;
      {
        using first = await watch({ resourceVersion });
        const [event] = await first.until(({ type }) => type === 'ADDED');
        last = versionOf(event?.object);
      }
      using second = await watch({ resourceVersion: last });
      expect(await second.nextChange()).to.equal('ADDED b');
    });

    it('ends in order after timeoutSeconds', async () => {
      const resourceVersion = await list();
      using watching = await watch({ resourceVersion, timeoutSeconds: 1 });
      await create('a');
      const events = (await watching.toEnd()).filter(({ type }) => type !== 'BOOKMARK');
      expect(events.map(describeEvent)).to.deep.equal(['ADDED a']);
    });

    it('that wants bookmarks gets one before its time is over, with nothing but a resourceVersion', async () => {
      const resourceVersion = await list();
      using watching = await watch({
        resourceVersion,
        timeoutSeconds: 4,
        allowWatchBookmarks: true,
      });
      await create('a');
      const events = await watching.toEnd();
      const bookmark = events.findLast(({ type }) => type === 'BOOKMARK')?.object;
      expect(nameOf(bookmark)).to.equal('');
      expect(at(bookmark, 'kind')).to.equal('ConfigMap');
      using resumed = await watch({ resourceVersion: versionOf(bookmark) });
      await create('b');
      expect(await resumed.nextChange()).to.equal('ADDED b');
    });

    it('that does not want bookmarks gets none', async () => {
      using watching = await watch({ resourceVersion: await list(), timeoutSeconds: 3 });
      expect(await watching.toEnd()).to.deep.equal([]);
    });

    it('with sendInitialEvents tells by a bookmark where what there was ends', async () => {
      await create('a');
      await create('b');
      using watching = await watch({
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: true,
      });
      const initial = await watching.until(endsInitialEvents);
      expect(initial.map(describeEvent)).to.have.members(['ADDED a', 'ADDED b', 'BOOKMARK']);
      await create('c');
      expect(await watching.nextChange()).to.equal('ADDED c');
    });

    it('with sendInitialEvents but no resourceVersionMatch is refused', async () => {
      const { code, body } = await cluster.client.get(path, {
        watch: true,
        sendInitialEvents: true,
      });
      expect(code).to.equal(422);
      expect(textAt(body, 'message')).to.contain(
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    });

    it('by labels shows an object that leaves the selection as DELETED and one that enters as ADDED', async () => {
      const resourceVersion = await list();
      using watching = await watch({ resourceVersion, labelSelector: 'colour=red' });
      await create('a', { colour: 'red' });
      await create('b', { colour: 'blue' });
      await change('a', { metadata: { labels: { colour: 'blue' } } });
      await change('b', { metadata: { labels: { colour: 'red' } } });
      await change('b', { data: { key: 'value' } });
      expect(await changes(watching, 4)).to.deep.equal([
        'ADDED a',
        'DELETED a',
        'ADDED b',
        'MODIFIED b',
      ]);
    });

    it('shows a deleted object as it last was, with the resourceVersion of the deletion', async () => {
      const created = await create('a');
      using watching = await watch({ resourceVersion: await list() });
      await remove('a');
      const [event] = await watching.until(({ type }) => type === 'DELETED');
      expect(uidOf(event?.object)).to.equal(uidOf(created));
      expect(textAt(event?.object, 'metadata', 'labels', 'watched')).to.equal('yes');
      expect(versionOf(event?.object)).not.to.equal(versionOf(created));
      expect(versionOf(event?.object)).to.match(/^\d+$/);
    });

    it('of one object by its name sees no other', async () => {
      const fieldSelector = 'metadata.name=b';
      using watching = await watch({ resourceVersion: await list(), fieldSelector });
      await create('a');
      await create('b');
      expect(await watching.nextChange()).to.equal('ADDED b');
    });

    it('of all namespaces sees all of them', async () => {
      const other = await cluster.namespace();
      const query = { ...mine, resourceVersion: await list(), timeoutSeconds: 60 };
      using watching = await cluster.client.watch(pathOf('configmaps'), query);
      await create('a');
      await bodyOf(
        cluster.client.post(pathOf('configmaps', other), {
          ...configMap('b'),
          metadata: { name: 'b', labels: { watched: 'yes' } },
        }),
      );
      const [first, second] = await watching.until(({ object }) => nameOf(object) === 'b');
      expect(textAt(first?.object, 'metadata', 'namespace')).to.equal(namespace);
      expect(textAt(second?.object, 'metadata', 'namespace')).to.equal(other);
    });

    it('with a resourceVersion that is none is refused', async () => {
      const { code, body } = await cluster.client.get(path, {
        watch: true,
        resourceVersion: 'abc',
      });
      expect(code).to.equal(500);
      expect(textAt(body, 'message')).to.contain('Invalid value: "abc"');
    });

    it('of metadata alone carries PartialObjectMetadata', async () => {
      const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
      const query = { ...mine, resourceVersion: await list(), timeoutSeconds: 60 };
      using watching = await cluster.client.watch(path, query, accept);
      await create('a');
      const [event] = await watching.until(({ type }) => type === 'ADDED');
      expect(at(event?.object, 'kind')).to.equal('PartialObjectMetadata');
      expect(at(event?.object, 'data')).to.equal(undefined);
      expect(nameOf(event?.object)).to.equal('a');
    });
  });
}
