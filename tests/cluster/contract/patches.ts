import { expect } from 'chai';
import { bodyOf, type PatchType } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, nameOf, textAt } from '../support/value.ts';

export function describePatches(cluster: ClusterFixture): void {
  describe('a patch', () => {
    let web: string;
    let monkey: string;
    beforeEach(async () => {
      const namespace = await cluster.namespace();
      web = pathOf('deployments', namespace, 'web');
      monkey = pathOf('chaosmonkeyconfigurations', namespace, 'monkey');
      await bodyOf(cluster.client.post(pathOf('deployments', namespace), deployment('web')));
      const configurations = pathOf('chaosmonkeyconfigurations', namespace);
      await bodyOf(cluster.client.post(configurations, configuration('monkey')));
    });

    const patch = (path: string, type: PatchType, body: unknown) =>
      bodyOf(cluster.client.patch(path, type, body));
    const containers = (object: unknown) =>
      listAt(object, 'spec', 'template', 'spec', 'containers');

    describe('by merge', () => {
      it('changes, adds and with null removes', async () => {
        await patch(web, 'merge', { metadata: { annotations: { a: '1', b: '2' } } });
        const body = { metadata: { annotations: { a: null, c: '3' } } };
        const after = await patch(web, 'merge', body);
        expect(at(after, 'metadata', 'annotations'))
          .to.include({ b: '2', c: '3' })
          .and.not.have.key('a');
      });

      it('replaces a list as a whole', async () => {
        const other = [{ name: 'other', image: 'busybox' }];
        const after = await patch(web, 'merge', {
          spec: { template: { spec: { containers: other } } },
        });
        expect(containers(after).map((one) => at(one, 'name'))).to.deep.equal(['other']);
      });

      it('works on a custom resource', async () => {
        const after = await patch(monkey, 'merge', { spec: { timeout: null, maxReplicas: 7 } });
        expect(at(after, 'spec')).to.include({ maxReplicas: 7 }).and.not.have.key('timeout');
        expect(at(after, 'metadata', 'generation')).to.equal(2);
      });
    });

    describe('by strategic merge', () => {
      it('merges containers by their names', async () => {
        const body = {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'main', env: [{ name: 'A', value: '1' }] },
                  { name: 'second', image: 'busybox' },
                ],
              },
            },
          },
        };
        const after = await patch(web, 'strategic', body);
        const byName = new Map(containers(after).map((one) => [at(one, 'name'), one]));
        expect([...byName.keys()]).to.have.members(['main', 'second']);
        expect(at(byName.get('main'), 'env')).to.deep.equal([{ name: 'A', value: '1' }]);
        expect(at(byName.get('main'), 'command')).to.deep.equal(['sleep', '1000000']);
      });

      it('removes what it marks with $patch: delete', async () => {
        const list = (containers: unknown) => ({ spec: { template: { spec: { containers } } } });
        await patch(web, 'strategic', list([{ name: 'second', image: 'busybox' }]));
        const after = await patch(web, 'strategic', list([{ name: 'second', $patch: 'delete' }]));
        expect(containers(after).map((one) => at(one, 'name'))).to.deep.equal(['main']);
      });

      it('is not there for custom resources', async () => {
        const { code, body } = await cluster.client.patch(monkey, 'strategic', { spec: {} });
        expect([code, at(body, 'reason')]).to.deep.equal([415, 'UnsupportedMediaType']);
        expect(textAt(body, 'message')).to.equal(
          'the body of the request was in an unknown format - accepted media types include: ' +
            'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
        );
      });
    });

    describe('of JSON operations', () => {
      for (const [kind, path, field] of [
        ['a deployment', () => web, 'replicas'],
        ['a custom resource', () => monkey, 'maxReplicas'],
      ] as const) {
        it(`tests, replaces, adds and removes in ${kind}`, async () => {
          await patch(path(), 'merge', { metadata: { annotations: { 'a/b': 'old' } } });
          const after = await patch(path(), 'json', [
            { op: 'test', path: '/metadata/annotations/a~1b', value: 'old' },
            { op: 'remove', path: '/metadata/annotations/a~1b' },
            { op: 'replace', path: `/spec/${field}`, value: 1 },
            { op: 'add', path: '/metadata/labels', value: { new: 'yes' } },
          ]);
          expect(at(after, 'spec', field)).to.equal(1);
          expect(at(after, 'metadata', 'labels')).to.deep.equal({ new: 'yes' });
          expect(at(after, 'metadata', 'annotations', 'a/b')).to.equal(undefined);
        });
      }

      it('changes nothing when a test fails', async () => {
        const { code, body } = await cluster.client.patch(monkey, 'json', [
          { op: 'replace', path: '/spec/maxReplicas', value: 9 },
          { op: 'test', path: '/spec/minReplicas', value: 5 },
        ]);
        expect([code, at(body, 'reason')]).to.deep.equal([422, 'Invalid']);
        expect(at(await bodyOf(cluster.client.get(monkey)), 'spec', 'maxReplicas')).to.equal(3);
      });

      it('is refused when it removes what is not there', async () => {
        const { code } = await cluster.client.patch(monkey, 'json', [
          { op: 'remove', path: '/spec/nope' },
        ]);
        expect(code).to.equal(422);
      });

      it('is a bad request when it is no list of operations', async () => {
        const { code, body } = await cluster.client.patch(monkey, 'json', { op: 'remove' });
        expect([code, at(body, 'reason')]).to.deep.equal([400, 'BadRequest']);
      });
    });

    describe('that applies', () => {
      const apply = (
        path: string,
        spec: unknown,
        query: Readonly<Record<string, string | boolean>>,
      ) => {
        const isMonkey = path === monkey;
        const body = {
          apiVersion: isMonkey ? 'cm.massix.github.io/v1' : 'apps/v1',
          kind: isMonkey ? 'ChaosMonkeyConfiguration' : 'Deployment',
          metadata: { name: isMonkey ? 'monkey' : 'web' },
          spec,
        };
        return cluster.client.patch(path, 'apply', body, query);
      };

      it('owns what it says, and removes what it says no more', async () => {
        await bodyOf(
          apply(monkey, { timeout: '7s', seed: 'x' }, { fieldManager: 'one', force: true }),
        );
        const after = await bodyOf(apply(monkey, { timeout: '7s' }, { fieldManager: 'one' }));
        expect(at(after, 'spec'))
          .to.include({ timeout: '7s', maxReplicas: 3 })
          .and.not.have.key('seed');
        const managers = listAt(after, 'metadata', 'managedFields').map((entry) => [
          at(entry, 'manager'),
          at(entry, 'operation'),
        ]);
        expect(managers).to.deep.include(['one', 'Apply']);
      });

      it('conflicts with other managers of a field unless it is forced', async () => {
        await bodyOf(apply(web, { minReadySeconds: 3 }, { fieldManager: 'one' }));
        const { code, body } = await apply(web, { minReadySeconds: 4 }, { fieldManager: 'two' });
        expect([code, at(body, 'reason')]).to.deep.equal([409, 'Conflict']);
        expect(textAt(body, 'message')).to.equal(
          'Apply failed with 1 conflict: conflict with "one": .spec.minReadySeconds',
        );
        expect(at(body, 'details', 'causes')).to.deep.equal([
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "one"',
            field: '.spec.minReadySeconds',
          },
        ]);
        const forced = await apply(
          web,
          { minReadySeconds: 4 },
          { fieldManager: 'two', force: true },
        );
        expect([forced.code, at(forced.body, 'spec', 'minReadySeconds')]).to.deep.equal([200, 4]);
      });

      it('creates what is not there', async () => {
        const path = `${web}-new`;
        const body = deployment('web-new');
        const answer = await cluster.client.patch(path, 'apply', body, { fieldManager: 'one' });
        expect([answer.code, nameOf(answer.body)]).to.deep.equal([201, 'web-new']);
      });

      it('needs a manager', async () => {
        const { code, body } = await apply(web, {}, {});
        expect(code).to.equal(422);
        expect(textAt(body, 'message')).to.contain(
          'fieldManager: Required value: is required for apply patch',
        );
      });
    });

    it('of no known type is refused', async () => {
      const parts = { body: {}, contentType: 'application/json' };
      const { code, body } = await cluster.client.request('PATCH', web, parts);
      expect([code, at(body, 'reason')]).to.deep.equal([415, 'UnsupportedMediaType']);
    });

    it('that makes a custom resource invalid changes nothing', async () => {
      const { code } = await cluster.client.patch(monkey, 'merge', { spec: { minReplicas: 4 } });
      expect(code).to.equal(422);
      expect(at(await bodyOf(cluster.client.get(monkey)), 'spec', 'minReplicas')).to.equal(0);
    });
  });
}
