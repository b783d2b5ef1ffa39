import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { at, listAt, nameOf, textAt } from '../support/value.ts';

const GROUP_VERSION = 'cm.massix.github.io/v1';

/** What a client asks before it asks for anything. */
export function describeDiscovery(cluster: ClusterFixture): void {
  describe('discovery', () => {
    it('names the version of Kubernetes', async () => {
      const body = await bodyOf(cluster.client.get('/version'));
      expect(textAt(body, 'gitVersion')).to.match(/^v1\.\d+\.\d+/);
      expect(textAt(body, 'major')).to.equal('1');
    });

    for (const path of ['/livez', '/readyz', '/healthz']) {
      it(`answers ok at ${path}`, async () => {
        const { code, body } = await cluster.client.get(path);
        expect([code, body]).to.deep.equal([200, 'ok']);
      });
    }

    it('lists the groups with their preferred versions', async () => {
      const body = await bodyOf(cluster.client.get('/apis'));
      expect(at(body, 'kind')).to.equal('APIGroupList');
      const groups = new Map(listAt(body, 'groups').map((group) => [textAt(group, 'name'), group]));
      for (const [name, version] of [
        ['apps', 'v1'],
        ['policy', 'v1'],
        ['events.k8s.io', 'v1'],
        ['coordination.k8s.io', 'v1'],
        ['autoscaling', 'v2'],
        ['apiextensions.k8s.io', 'v1'],
        ['authorization.k8s.io', 'v1'],
        ['authentication.k8s.io', 'v1'],
        ['metrics.k8s.io', 'v1beta1'],
        ['cm.massix.github.io', 'v1'],
      ] as const) {
        expect(at(groups.get(name), 'preferredVersion', 'version'), name).to.equal(version);
      }
      const core = await bodyOf(cluster.client.get('/api'));
      expect([at(core, 'kind'), at(core, 'versions')]).to.deep.equal(['APIVersions', ['v1']]);
    });

    for (const [path, expected] of [
      ['/api/v1', ['namespaces', 'pods', 'pods/eviction', 'pods/status', 'events', 'nodes']],
      ['/apis/apps/v1', ['deployments', 'deployments/scale', 'deployments/status', 'replicasets']],
      ['/apis/policy/v1', ['poddisruptionbudgets', 'poddisruptionbudgets/status']],
      [`/apis/${GROUP_VERSION}`, ['chaosmonkeyconfigurations', 'chaosmonkeyconfigurations/status']],
    ] as const) {
      it(`lists the resources of ${path}`, async () => {
        const body = await bodyOf(cluster.client.get(path));
        expect(at(body, 'kind')).to.equal('APIResourceList');
        expect(listAt(body, 'resources').map((one) => at(one, 'name'))).to.include.members([
          ...expected,
        ]);
      });
    }

    it('says of a kind its short name, scope and verbs', async () => {
      const body = await bodyOf(cluster.client.get(`/apis/${GROUP_VERSION}`));
      const found = listAt(body, 'resources').find(
        (one) => at(one, 'name') === 'chaosmonkeyconfigurations',
      );
      expect(Object(found)).to.deep.include({
        kind: 'ChaosMonkeyConfiguration',
        singularName: 'chaosmonkeyconfiguration',
        namespaced: true,
        shortNames: ['cmc'],
      });
      expect(listAt(found, 'verbs')).to.have.members([
        'delete',
        'deletecollection',
        'get',
        'list',
        'patch',
        'create',
        'update',
        'watch',
      ]);
    });

    for (const path of ['/api', '/apis']) {
      it(`of ${path} comes in one piece where that is asked for`, async () => {
        const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
        const { body, headers } = await cluster.client.request('GET', path, { accept });
        expect(at(body, 'kind')).to.equal('APIGroupDiscoveryList');
        expect(at(body, 'apiVersion')).to.equal('apidiscovery.k8s.io/v2');
        expect(headers['content-type']).to.contain('as=APIGroupDiscoveryList');
        const group = listAt(body, 'items').find(
          (one) => nameOf(one) === (path === '/api' ? '' : 'apps'),
        );
        const resources = listAt(group, 'versions', 0, 'resources').map((one) =>
          at(one, 'resource'),
        );
        expect(resources).to.include(path === '/api' ? 'pods' : 'deployments');
      });
    }

    it('of a group that is not there is not found', async () => {
      expect((await cluster.client.get('/apis/no.such.group/v1')).code).to.equal(404);
    });
  });

  describe('OpenAPI v3', () => {
    const document = async (path: string) => {
      // The API server calls the index plain text.
      const text = await bodyOf(cluster.client.get('/openapi/v3'));
      const index: unknown = typeof text === 'string' ? JSON.parse(text) : text;
      return bodyOf(cluster.client.get(textAt(index, 'paths', path, 'serverRelativeURL')));
    };

    for (const [path, kind] of [
      ['api/v1', 'Pod'],
      ['apis/apps/v1', 'Deployment'],
      [`apis/${GROUP_VERSION}`, 'ChaosMonkeyConfiguration'],
    ] as const) {
      it(`describes ${kind}`, async () => {
        const schemas = Object(at(await document(path), 'components', 'schemas'));
        const found = Object.values(schemas).find((schema) =>
          listAt(schema, 'x-kubernetes-group-version-kind').some((one) => at(one, 'kind') === kind),
        );
        expect(at(found, 'properties', 'spec')).not.to.equal(undefined);
      });
    }

    it('says how lists are merged', async () => {
      const schemas = Object(at(await document('apis/apps/v1'), 'components', 'schemas'));
      const containers = at(schemas, 'io.k8s.api.core.v1.PodSpec', 'properties', 'containers');
      expect(at(containers, 'x-kubernetes-patch-merge-key')).to.equal('name');
      expect(at(containers, 'x-kubernetes-list-type')).to.equal('map');
    });
  });

  describe('a review', () => {
    const review = async (group: string, plural: string, kind: string, spec: unknown) => {
      const body = { apiVersion: `${group}/v1`, kind, ...(spec !== undefined && { spec }) };
      const answer = await cluster.client.post(`/apis/${group}/v1/${plural}`, body);
      expect([answer.code, at(answer.body, 'kind')]).to.deep.equal([201, kind]);
      return answer.body;
    };

    it('of access says whether one may', async () => {
      const resourceAttributes = { namespace: 'default', verb: 'delete', resource: 'pods' };
      const body = await review(
        'authorization.k8s.io',
        'selfsubjectaccessreviews',
        'SelfSubjectAccessReview',
        {
          resourceAttributes,
        },
      );
      expect([at(body, 'status', 'allowed'), at(body, 'spec')]).to.deep.equal([
        true,
        { resourceAttributes },
      ]);
    });

    it('of rules lists what one may', async () => {
      const body = await review(
        'authorization.k8s.io',
        'selfsubjectrulesreviews',
        'SelfSubjectRulesReview',
        {
          namespace: 'default',
        },
      );
      expect(listAt(body, 'status', 'resourceRules')).not.to.deep.equal([]);
    });

    it('of oneself says who one is', async () => {
      const body = await review(
        'authentication.k8s.io',
        'selfsubjectreviews',
        'SelfSubjectReview',
        undefined,
      );
      expect(textAt(body, 'status', 'userInfo', 'username')).not.to.equal('');
      expect(listAt(body, 'status', 'userInfo', 'groups')).to.include('system:authenticated');
    });
  });
}
