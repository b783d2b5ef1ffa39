import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configMap, pod } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, nameOf, textAt } from '../support/value.ts';

export function describeSelectors(cluster: ClusterFixture): void {
  describe('a selector', () => {
    let namespace: string;
    let path: string;
    beforeEach(async () => {
      namespace = await cluster.namespace();
      path = pathOf('configmaps', namespace);
      for (const [name, labels] of [
        ['red', { colour: 'red', mine: '' }],
        ['blue', { colour: 'blue', mine: '', size: 'xl' }],
        ['plain', { mine: '' }],
      ] as const) {
        await bodyOf(cluster.client.post(path, { ...configMap(name), metadata: { name, labels } }));
      }
    });

    const names = async (query: Readonly<Record<string, string>>) =>
      listAt(await bodyOf(cluster.client.get(path, query)), 'items').map(nameOf);

    for (const [labelSelector, expected] of [
      ['colour=red', ['red']],
      ['colour==red', ['red']],
      ['colour!=red,mine', ['blue', 'plain']],
      ['colour in (red, blue)', ['blue', 'red']],
      ['mine,colour notin (red)', ['blue', 'plain']],
      ['size', ['blue']],
      ['mine,!colour', ['plain']],
      ['colour=blue,size=xl', ['blue']],
      ['colour=blue,size=s', []],
      ['mine=', ['blue', 'plain', 'red']],
    ] as const) {
      it(`of labels ${labelSelector} finds ${expected.join(' and ') || 'nothing'}`, async () => {
        expect(await names({ labelSelector })).to.deep.equal(expected);
      });
    }

    it('of fields finds by name', async () => {
      expect(await names({ fieldSelector: 'metadata.name=red' })).to.deep.equal(['red']);
      const labelSelector = 'mine';
      const fieldSelector = 'metadata.name!=red';
      expect(await names({ labelSelector, fieldSelector })).to.deep.equal(['blue', 'plain']);
    });

    it('of fields finds across namespaces', async () => {
      const fieldSelector = `metadata.name=red,metadata.namespace=${namespace}`;
      const found = listAt(
        await bodyOf(cluster.client.get(pathOf('configmaps'), { fieldSelector })),
        'items',
      );
      expect(found.map(nameOf)).to.deep.equal(['red']);
    });

    it('of a field that is not indexed is refused', async () => {
      const { code, body } = await cluster.client.get(path, { fieldSelector: 'data.key=x' });
      expect([code, at(body, 'reason')]).to.deep.equal([400, 'BadRequest']);
      expect(textAt(body, 'message')).to.equal(
        '"data.key" is not a known field selector: only "metadata.name", "metadata.namespace"',
      );
    });

    it('of fields finds pods by phase and node, and by no other field of theirs', async () => {
      const pods = pathOf('pods', namespace);
      await bodyOf(
        cluster.client.post(pods, {
          ...pod('lost'),
          spec: { ...pod('lost').spec, nodeName: 'nowhere' },
        }),
      );
      const find = async (fieldSelector: string) =>
        listAt(await bodyOf(cluster.client.get(pods, { fieldSelector })), 'items').map(nameOf);
      expect(await find('spec.nodeName=nowhere,status.phase!=Running')).to.deep.equal(['lost']);
      expect(await find('spec.nodeName=elsewhere')).to.deep.equal([]);
      const { code, body } = await cluster.client.get(pods, { fieldSelector: 'spec.hostname=x' });
      expect([code, at(body, 'message')]).to.deep.equal([
        400,
        'field label not supported: spec.hostname',
      ]);
      await bodyOf(cluster.client.delete(`${pods}/lost`, { gracePeriodSeconds: 0 }));
    });

    it('of labels that cannot be read is refused', async () => {
      const { code, body } = await cluster.client.get(path, { labelSelector: 'a b c' });
      expect([code, at(body, 'reason')]).to.deep.equal([400, 'BadRequest']);
      expect(textAt(body, 'message')).to.equal(
        "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
      );
    });

    it('deletes what it selects, and only that', async () => {
      await bodyOf(cluster.client.delete(path, undefined, { labelSelector: 'colour' }));
      expect(await names({ labelSelector: 'mine' })).to.deep.equal(['plain']);
    });

    it('finds Events by the object they are about', async () => {
      const events = pathOf('events', namespace);
      for (const name of ['red', 'blue']) {
        await bodyOf(
          cluster.client.post(events, {
            apiVersion: 'v1',
            kind: 'Event',
            metadata: { generateName: 'e-' },
            type: 'Normal',
            reason: 'Painted',
            message: name,
            involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace, name },
          }),
        );
      }
      const fieldSelector = 'involvedObject.kind=ConfigMap,involvedObject.name=red,reason=Painted';
      const found = listAt(await bodyOf(cluster.client.get(events, { fieldSelector })), 'items');
      expect(found.map((event) => at(event, 'message'))).to.deep.equal(['red']);
    });
  });
}
