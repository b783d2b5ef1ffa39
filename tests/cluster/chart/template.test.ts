import { expect } from 'chai';
import { at, listAt, nameOf, textAt } from '../support/value.ts';
import {
  containerOf,
  EVERYTHING,
  kindsAndNames,
  NOTHING,
  objects,
  ofKind,
  onlyOf,
  readAll,
  template,
} from './rendered.ts';

const DEFINITION = 'chaosmonkeyconfigurations.cm.massix.github.io';

const OPTIONAL = [
  'ConfigMap chaos-monkey-dashboard',
  'NetworkPolicy chaos-monkey',
  'PodMonitor chaos-monkey',
  'PrometheusRule chaos-monkey',
  'ServiceMonitor chaos-monkey',
];

const ALWAYS = [
  'ClusterRole chaos-monkey',
  'ClusterRole chaos-monkey-conversion',
  'ClusterRoleBinding chaos-monkey',
  'ClusterRoleBinding chaos-monkey-conversion',
  `CustomResourceDefinition ${DEFINITION}`,
  'Deployment chaos-monkey',
  'PodDisruptionBudget chaos-monkey',
  'Role chaos-monkey',
  'RoleBinding chaos-monkey',
  'Service chaos-monkey',
  'ServiceAccount chaos-monkey',
];

describe('what the chart makes', function () {
  this.timeout(30_000);

  it('is, unless told otherwise, one Deployment, one Service and what they need', async () => {
    expect(kindsAndNames(await objects())).to.deep.equal(ALWAYS);
  });

  it('is everything when all is switched on', async () => {
    const found = kindsAndNames(await objects(EVERYTHING));
    expect(found).to.deep.equal([...ALWAYS, ...OPTIONAL].sort());
  });

  it('is a Deployment and its Service when all is switched off', async () => {
    const found = kindsAndNames(await objects(NOTHING));
    expect(found).to.deep.equal(['Deployment chaos-monkey', 'Service chaos-monkey']);
  });

  it('is in the namespace of the release, and labelled, wherever that can be', async () => {
    for (const object of await objects(EVERYTHING)) {
      const kind = textAt(object, 'kind');
      const isOfCluster = kind.startsWith('Cluster') || kind === 'CustomResourceDefinition';
      expect(textAt(object, 'metadata', 'namespace'), kind).to.equal(
        isOfCluster ? '' : 'chaosmonkey',
      );
      expect(at(object, 'metadata', 'labels'), kind).to.include({ cost: 'none' });
    }
  });

  it('holds no key and no Secret', async () => {
    const text = await template(EVERYTHING);
    expect(ofKind(readAll(text), 'Secret')).to.be.empty;
    expect(text).to.not.contain('PRIVATE KEY').and.not.contain('tls.key');
  });

  it('has the names of its release and namespace throughout', async () => {
    const place = { release: 'monkeys', namespace: 'zoo' };
    const found = await objects({}, place);
    const name = 'monkeys-chaos-monkey';
    expect(nameOf(onlyOf(found, 'Deployment'))).to.equal(name);
    const service = at(onlyOf(found, 'CustomResourceDefinition'), 'spec', 'conversion');
    expect(at(service, 'webhook', 'clientConfig')).to.deep.equal({
      service: { name, namespace: 'zoo', port: 443, path: '/convertcrd' },
    });
    const named = (await objects({ fullnameOverride: 'ape' }, place)).map(nameOf);
    expect(new Set(named)).to.deep.equal(new Set(['ape', 'ape-conversion', DEFINITION]));
  });
});

describe("the controller's pod", function () {
  this.timeout(30_000);

  it('has LOGLEVEL and BEHAVIOR first, and extraEnv last', async () => {
    const container = containerOf(await objects({ ...EVERYTHING, behavior: 'DenyAll' }));
    const env = listAt(container, 'env');
    expect(env.slice(0, 2)).to.deep.equal([
      { name: 'CHAOSMONKEY_LOGLEVEL', value: 'info' },
      { name: 'CHAOSMONKEY_BEHAVIOR', value: 'DenyAll' },
    ]);
    expect(env.at(-1)).to.deep.equal({ name: 'TZ', value: 'UTC' });
  });

  it('may do nothing on its node, as Pod Security "restricted" wants', async () => {
    const found = await objects();
    const pod = at(onlyOf(found, 'Deployment'), 'spec', 'template', 'spec');
    expect(at(pod, 'securityContext')).to.deep.include({
      runAsNonRoot: true,
      runAsUser: 1999,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(containerOf(found), 'securityContext')).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('is taken by its digest where there is one', async () => {
    expect(textAt(containerOf(await objects()), 'image')).to.match(/^chaos-monkey:\d+\.\d+\.\d+$/);
    expect(textAt(containerOf(await objects(EVERYTHING)), 'image')).to.match(
      /^chaos-monkey@sha256:0{64}$/,
    );
  });

  it('is found by its Service, its budget and its monitors, and by nobody else', async () => {
    const found = await objects(EVERYTHING);
    const labels = at(onlyOf(found, 'Deployment'), 'spec', 'selector', 'matchLabels');
    expect(at(onlyOf(found, 'Service'), 'spec', 'selector')).to.deep.equal(labels);
    for (const kind of ['PodDisruptionBudget', 'ServiceMonitor', 'PodMonitor'])
      expect(at(onlyOf(found, kind), 'spec', 'selector', 'matchLabels')).to.deep.equal(labels);
    const pods = readAll(await template()).filter((one) => textAt(one, 'kind') === 'Pod');
    expect(pods).to.have.length(1);
    expect(at(pods[0], 'metadata', 'labels')).to.not.include(Object(labels));
  });

  it('has no second beside it, not even for a moment, where nobody elects a leader', async () => {
    const strategy = (found: readonly unknown[]) =>
      at(onlyOf(found, 'Deployment'), 'spec', 'strategy');
    const alone = { replicas: 1, leaderElection: { enabled: false } };
    expect(strategy(await objects(alone))).to.deep.equal({ type: 'Recreate' });
    expect(strategy(await objects())).to.deep.equal({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it('has room to be drained with a single replica too', async () => {
    const budget = onlyOf(await objects({ replicas: 1 }), 'PodDisruptionBudget');
    expect(at(budget, 'spec')).to.include({ maxUnavailable: 1 });
  });
});

describe('without conversion, the chart', function () {
  this.timeout(30_000);

  it('serves v1 alone and asks no webhook', async () => {
    const found = await objects({ conversion: { enabled: false } });
    const spec = at(onlyOf(found, 'CustomResourceDefinition'), 'spec');
    expect(at(spec, 'conversion')).to.deep.equal({ strategy: 'None' });
    const served = listAt(spec, 'versions').map((one) => [at(one, 'name'), at(one, 'served')]);
    expect(served).to.deep.equal([
      ['v1alpha1', false],
      ['v1', true],
    ]);
    expect(listAt(onlyOf(found, 'Service'), 'spec', 'ports')).to.have.length(1);
    expect(listAt(containerOf(found), 'ports')).to.have.length(1);
    const names = listAt(containerOf(found), 'env').map(nameOf);
    expect(names).to.not.include('CHAOSMONKEY_WEBHOOK_SERVICE');
  });
});

describe('the rights that the chart gives', function () {
  this.timeout(30_000);
  const watchNamespaces = ['shop', 'cart'];

  const rulesOf = (found: readonly unknown[]) => found.flatMap((role) => listAt(role, 'rules'));

  it('are in Roles only with watchNamespaces', async () => {
    const found = await objects({ watchNamespaces });
    expect(kindsAndNames(found).filter((name) => name.startsWith('Cluster'))).to.be.empty;
    const places = ofKind(found, 'Role').map((role) => textAt(role, 'metadata', 'namespace'));
    expect(places).to.have.members(['chaosmonkey', 'shop', 'cart']);
    const conversion = at(onlyOf(found, 'CustomResourceDefinition'), 'spec', 'conversion');
    expect(conversion).to.deep.equal({ strategy: 'None' });
  });

  it('are with manageCRD on our definition alone besides', async () => {
    const found = await objects({ watchNamespaces, conversion: { manageCRD: true } });
    const role = onlyOf(found, 'ClusterRole');
    expect(listAt(role, 'rules')).to.have.length(1);
    expect(listAt(role, 'rules')[0]).to.deep.include({
      resources: ['customresourcedefinitions'],
      resourceNames: [DEFINITION],
    });
  });

  it('name Lease and Secrets wherever RBAC lets them, and hold no wildcard', async () => {
    const found = await objects({ watchNamespaces, conversion: { manageCRD: true } });
    const all = [...ofKind(found, 'Role'), ...ofKind(found, 'ClusterRole')];
    for (const rule of rulesOf(all)) {
      expect(JSON.stringify(rule)).to.not.contain('*');
      const [resource] = listAt(rule, 'resources');
      if (resource !== 'leases' && resource !== 'secrets') continue;
      if (listAt(rule, 'verbs').includes('create')) {
        expect(listAt(rule, 'verbs')).to.deep.equal(['create']);
      } else {
        expect(listAt(rule, 'resourceNames')).to.not.be.empty;
      }
    }
  });

  it('are each explained', async () => {
    const text = await template(
      { watchNamespaces, conversion: { manageCRD: true } },
      {},
      '--no-hooks',
    );
    const rules = [...text.matchAll(/^( *)(.*)\n {2}- apiGroups: /gm)];
    expect(rules).to.not.be.empty;
    for (const [, , before] of rules) expect(before).to.match(/^# .*\.$/);
  });
});
