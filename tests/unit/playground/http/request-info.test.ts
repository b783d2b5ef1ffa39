import { expect } from 'chai';
import { requestInfo } from '../../../../src/playground/http/request-info.ts';

describe('a request', () => {
  const cases: readonly [method: string, url: string, expected: string][] = [
    ['GET', '/api/v1/pods', 'list /v1 pods'],
    ['GET', '/api/v1/pods?watch=true', 'watch /v1 pods'],
    ['GET', '/api/v1/pods?watch=0', 'list /v1 pods'],
    ['GET', '/api/v1/namespaces/a/pods/b', 'get /v1 pods a/b'],
    ['DELETE', '/api/v1/namespaces/a/pods', 'deletecollection /v1 pods a/'],
    ['POST', '/api/v1/namespaces/a/pods/b/eviction', 'create /v1 pods/eviction a/b'],
    ['GET', '/api/v1/namespaces/a', 'get /v1 namespaces /a'],
    ['PUT', '/api/v1/namespaces/a/finalize', 'update /v1 namespaces/finalize /a'],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/a/deployments/b/scale',
      'patch apps/v1 deployments/scale a/b',
    ],
    ['GET', '/apis/apps/v1', 'get apps/v1 '],
    ['GET', '/version', 'get / '],
    ['GET', '/api/v1/namespaces/a/pods/%E0%A4%A', 'get /v1 pods a/%E0%A4%A'],
    ['GET', '/api/v1/namespaces/a/configmaps/x%2Fy', 'get /v1 configmaps a/x/y'],
  ];
  for (const [method, url, expected] of cases) {
    it(`${method} ${url} is ${expected}`, () => {
      const [path = '', query] = url.split('?');
      const info = requestInfo(method, path, new URLSearchParams(query));
      const resource = info.subresource ? `${info.resource}/${info.subresource}` : info.resource;
      const target = info.namespace || info.name ? ` ${info.namespace}/${info.name}` : '';
      expect(`${info.verb} ${info.group}/${info.version} ${resource}${target}`).to.equal(expected);
    });
  }
});
