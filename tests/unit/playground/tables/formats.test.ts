import { expect } from 'chai';
import type { Json, JsonObject } from '../../../../src/playground/patch/json.ts';
import { builtInFormat } from '../../../../src/playground/tables/formats.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const metadata = { name: 'x', creationTimestamp: '2029-12-31T23:59:00Z' };

describe('tables of built-in kinds', () => {
  const template = {
    spec: {
      containers: [
        { name: 'a', image: 'ia' },
        { name: 'b', image: 'ib' },
      ],
    },
  };
  const selector = {
    matchLabels: { q: '1', a: 'b' },
    matchExpressions: [
      { key: 'k', operator: 'In', values: ['z', 'b'] },
      { key: 'n', operator: 'DoesNotExist' },
    ],
  };
  const others: readonly (readonly [string, string, JsonObject, readonly Json[]])[] = [
    [
      'apps',
      'deployments',
      {
        spec: { replicas: 3, selector, template },
        status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
      },
      ['x', '1/3', 2, 1, '60s', 'a,b', 'ia,ib', 'a=b,q=1,k in (b,z),!n'],
    ],
    [
      'apps',
      'replicasets',
      { spec: { replicas: 3, selector: {}, template }, status: { replicas: 2, readyReplicas: 1 } },
      ['x', 3, 2, 1, '60s', 'a,b', 'ia,ib', '<none>'],
    ],
    ['', 'namespaces', { status: { phase: 'Active' } }, ['x', 'Active', '60s']],
    [
      '',
      'nodes',
      {
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
          nodeInfo: { kubeletVersion: 'v1' },
        },
      },
      [
        'x',
        'Ready,SchedulingDisabled',
        '<none>',
        '60s',
        'v1',
        '10.0.0.1',
        '<none>',
        '<unknown>',
        '<unknown>',
        '<unknown>',
      ],
    ],
    [
      '',
      'nodes',
      {},
      [
        'x',
        'Unknown',
        '<none>',
        '60s',
        '',
        '<none>',
        '<none>',
        '<unknown>',
        '<unknown>',
        '<unknown>',
      ],
    ],
    ['coordination.k8s.io', 'leases', { spec: { holderIdentity: 'me' } }, ['x', 'me', '60s']],
    [
      'policy',
      'poddisruptionbudgets',
      { spec: { minAvailable: '50%' }, status: { disruptionsAllowed: 1 } },
      ['x', '50%', 'N/A', 1, '60s'],
    ],
    [
      'policy',
      'poddisruptionbudgets',
      { spec: { maxUnavailable: 1 } },
      ['x', 'N/A', '1', 0, '60s'],
    ],
    [
      'autoscaling',
      'horizontalpodautoscalers',
      {
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'web' },
          minReplicas: 1,
          maxReplicas: 5,
          metrics: [
            { resource: { name: 'cpu', target: { averageUtilization: 80 } } },
            { resource: { name: 'memory', target: { averageValue: '100Mi' } } },
            { pods: { target: { averageValue: '5' } } },
          ],
        },
        status: {
          currentMetrics: [{ resource: { current: { averageUtilization: 40 } } }],
          currentReplicas: 2,
        },
      },
      [
        'x',
        'Deployment/web',
        'cpu: 40%/80%, memory: <unknown>/100Mi + 1 more...',
        '1',
        5,
        2,
        '60s',
      ],
    ],
    [
      '',
      'services',
      {
        spec: {
          type: 'NodePort',
          clusterIP: '10.96.0.1',
          ports: [
            { port: 80, nodePort: 30_000, protocol: 'TCP' },
            { port: 53, protocol: 'UDP' },
          ],
          selector: { b: 'c', a: 'b' },
        },
      },
      ['x', 'NodePort', '10.96.0.1', '<none>', '80:30000/TCP,53/UDP', '60s', 'a=b,b=c'],
    ],
    ['', 'configmaps', { data: { a: '' }, binaryData: { b: '' } }, ['x', 2, '60s']],
    ['', 'secrets', { type: 'Opaque', data: { a: '' } }, ['x', 'Opaque', 1, '60s']],
    ['', 'serviceaccounts', {}, ['x', 0, '60s']],
    ['apiextensions.k8s.io', 'customresourcedefinitions', {}, ['x', '2029-12-31T23:59:00Z']],
    [
      '',
      'events',
      {
        involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec' },
        type: 'Normal',
        reason: 'Killing',
        message: 'm\n',
        source: { component: 'kubelet', host: 'n1' },
        firstTimestamp: '2029-12-31T23:59:00Z',
        lastTimestamp: '2029-12-31T23:59:30Z',
        count: 4,
      },
      ['30s', 'Normal', 'Killing', 'pod/p', 'spec', 'kubelet, n1', 'm', '60s', 4, 'x'],
    ],
    [
      'events.k8s.io',
      'events',
      {
        regarding: { kind: 'Pod', name: 'p' },
        note: 'n',
        reportingController: 'me',
        reportingInstance: 'me-1',
        eventTime: '2029-12-31T23:59:00Z',
        series: { count: 7, lastObservedTime: '2029-12-31T23:59:50Z' },
      },
      ['10s', '', '', 'pod/p', '', 'me, me-1', 'n', '60s', 7, 'x'],
    ],
    ['rbac.authorization.k8s.io', 'roles', {}, ['x', '60s']],
  ];
  for (const [group, plural, object, expected] of others) {
    it(`show ${plural} of ${group || 'core'}: ${JSON.stringify(expected)}`, () => {
      const format = builtInFormat(group, plural);
      expect(format.cells({ metadata, ...object }, NOW)).to.deep.equal(expected);
      expect(format.columns).to.have.length(expected.length);
    });
  }

  it('bear an object that has nothing', () => {
    for (const [group, plural] of others) {
      const { cells, columns } = builtInFormat(group, plural);
      expect(cells({}, NOW)).to.have.length(columns.length);
    }
  });
});
