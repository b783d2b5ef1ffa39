import { expect } from 'chai';
import fc from 'fast-check';
import type { KubernetesObject, Resource } from '../../../../src/kubernetes/resource.ts';
import { acceptedTypes, resourcePath } from '../../../../src/kubernetes/resource.ts';
import { deployments } from '../../../../src/kubernetes/resources/deployments.ts';
import { namespaces } from '../../../../src/kubernetes/resources/namespaces.ts';
import { pods } from '../../../../src/kubernetes/resources/pods.ts';
import { replicaSets } from '../../../../src/kubernetes/resources/replica-sets.ts';

const metadata = { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '7' };
const all: readonly Resource<KubernetesObject>[] = [deployments, namespaces, pods, replicaSets];

describe('stripping', () => {
  for (const resource of all) {
    describe(resource.plural, () => {
      it('keeps who it is, and drops managedFields', () => {
        const raw = { metadata: { ...metadata, managedFields: [{ manager: 'kubectl' }] } };
        const stripped = resource.strip(raw);
        expect(stripped.metadata).to.deep.equal(metadata);
        expect(JSON.stringify(stripped)).not.to.contain('kubectl');
      });

      const odd = [
        undefined,
        null,
        'text',
        7,
        [],
        {},
        { metadata: null, spec: null, status: null },
        { metadata: 'x', spec: [], status: 7 },
        { metadata: { labels: null, annotations: 7, ownerReferences: {} } },
        { metadata: { labels: { a: 1, b: null, c: {} }, ownerReferences: [null, 'x', {}] } },
        { metadata: { name: {}, uid: 1, creationTimestamp: 'yesterday', generation: '1' } },
        { spec: { replicas: 'many', selector: 'app=web' }, status: { conditions: [null, 1] } },
      ];
      for (const raw of odd) {
        it(`bears ${JSON.stringify(raw)}`, () => {
          expect(resource.strip(raw).metadata.name).to.be.a('string');
        });
      }

      it('bears anything that is JSON', () => {
        const shape = fc.record(
          { metadata: fc.jsonValue(), spec: fc.jsonValue(), status: fc.jsonValue() },
          { requiredKeys: [], noNullPrototype: true },
        );
        fc.assert(fc.property(shape, (raw) => void resource.strip(raw)));
      });
    });
  }
});

describe('a pod', () => {
  const ready = {
    conditions: [
      { type: 'Initialized', status: 'True' },
      { type: 'Ready', status: 'True' },
    ],
  };

  it('keeps what choosing a victim needs', () => {
    const owner = { kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true };
    const stripped = pods.strip({
      metadata: {
        ...metadata,
        labels: { app: 'web' },
        creationTimestamp: '2026-01-02T03:04:05Z',
        ownerReferences: [{ kind: 'Node', uid: 'no', controller: false }, owner],
      },
      spec: { containers: [{ image: 'big' }] },
      status: ready,
    });
    expect(stripped).to.deep.equal({
      metadata,
      labels: new Map([['app', 'web']]),
      createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      terminating: false,
      ready: true,
      ownerUid: 'rs',
    });
  });

  const unready: readonly [name: string, status: unknown][] = [
    ['whose condition is False', { conditions: [{ type: 'Ready', status: 'False' }] }],
    ['whose condition is Unknown', { conditions: [{ type: 'Ready', status: 'Unknown' }] }],
    ['without conditions', {}],
    ['without a status', undefined],
  ];
  for (const [name, status] of unready) {
    it(`is not ready ${name}`, () => {
      expect(pods.strip({ metadata, status }).ready).to.equal(false);
    });
  }

  it('is terminating from its deletionTimestamp on', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(pods.strip({ metadata: { ...metadata, deletionTimestamp } }).terminating).to.equal(true);
  });

  const foreign: readonly [name: string, owners: unknown][] = [
    ['of a StatefulSet', [{ kind: 'StatefulSet', uid: 'x', controller: true }]],
    ['whose ReplicaSet does not control it', [{ kind: 'ReplicaSet', uid: 'x' }]],
    ['of nobody', undefined],
  ];
  for (const [name, ownerReferences] of foreign) {
    it(`has no owner ${name}`, () => {
      expect(pods.strip({ metadata: { ...metadata, ownerReferences } }).ownerUid).to.equal(
        undefined,
      );
    });
  }

  it('has its labels whatever they are called, and harms no prototype', () => {
    const labels = '{"__proto__":"x","constructor":"y","ключ":"значение","empty":"","number":1}';
    const stripped = pods.strip(JSON.parse(`{"metadata":{"labels":${labels}}}`));
    expect([...stripped.labels]).to.deep.equal([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['ключ', 'значение'],
      ['empty', ''],
    ]);
    expect(Object.getPrototypeOf({})).to.equal(Object.prototype);
    expect(Object.prototype).not.to.have.property('x');
  });

  it('shares its labels with pods that have the same', () => {
    const raw = () => ({ metadata: { ...metadata, labels: { a: '1', b: '2' } } });
    const [one, other] = [pods.strip(raw()), pods.strip(raw())];
    expect(one.labels).to.equal(other.labels);
    const third = pods.strip({ metadata: { ...metadata, labels: { a: '1,b:2' } } });
    expect(third.labels).to.deep.equal(new Map([['a', '1,b:2']]));
  });
});

describe('a deployment', () => {
  it('keeps its replicas, its selector and our note', () => {
    const stripped = deployments.strip({
      metadata: {
        ...metadata,
        generation: 4,
        annotations: { 'cm.massix.github.io/restore': '{"replicas":3}', other: 'x' },
      },
      spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: { big: true } },
    });
    expect(stripped).to.deep.equal({
      metadata,
      generation: 4,
      terminating: false,
      replicas: 0,
      selector: { matchLabels: new Map([['app', 'web']]), matchExpressions: [] },
      restoreNote: '{"replicas":3}',
    });
  });

  it('has one replica where none are said', () => {
    expect(deployments.strip({ metadata, spec: {} }).replicas).to.equal(1);
  });
});

describe('a namespace', () => {
  it('is terminating by its phase or its deletionTimestamp', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(namespaces.strip({ metadata, status: { phase: 'Active' } }).terminating).to.equal(false);
    expect(namespaces.strip({ metadata, status: { phase: 'Terminating' } }).terminating).to.equal(
      true,
    );
    expect(namespaces.strip({ metadata: { ...metadata, deletionTimestamp } }).terminating).to.equal(
      true,
    );
  });
});

describe('a ReplicaSet', () => {
  it('is asked for as metadata only, in lists and in watches', () => {
    expect(replicaSets.metadataOnly).to.equal(true);
    expect(acceptedTypes('list', true)).to.contain('as=PartialObjectMetadataList;');
    expect(acceptedTypes('watch', true)).to.contain('as=PartialObjectMetadata;');
  });

  it('belongs to the deployment that controls it', () => {
    const ownerReferences = [{ kind: 'Deployment', uid: 'd', controller: true }];
    const stripped = replicaSets.strip({ metadata: { ...metadata, ownerReferences } });
    expect(stripped).to.deep.equal({ metadata, deploymentUid: 'd' });
  });
});

describe('resourcePath', () => {
  const cases: readonly [path: string, ...args: Parameters<typeof resourcePath>][] = [
    ['/api/v1/pods', pods],
    ['/api/v1/namespaces/shop/pods', pods, 'shop'],
    ['/api/v1/namespaces/shop/pods/web-0/eviction', pods, 'shop', 'web-0', 'eviction'],
    ['/api/v1/namespaces/shop', namespaces, undefined, 'shop'],
    ['/api/v1/namespaces/shop', namespaces, '', 'shop'],
    ['/apis/apps/v1/namespaces/shop/deployments/web/scale', deployments, 'shop', 'web', 'scale'],
    ['/api/v1/namespaces/a%2F..%2Fb/pods/%3Fx', pods, 'a/../b', '?x'],
  ];
  for (const [path, ...args] of cases) {
    it(`makes ${path}`, () => {
      expect(resourcePath(...args)).to.equal(path);
    });
  }
});
