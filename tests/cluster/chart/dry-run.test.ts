import { expect } from 'chai';
import { type ApiClient, bodyOf } from '../support/api-client.ts';
import { useCluster } from '../support/cluster-fixture.ts';
import { pathOf } from '../support/paths.ts';
import { openRealCluster } from '../support/real-cluster.ts';
import { conditionOf, nameOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';
import { EVERYTHING, NOTHING, readAll, template, type Values } from './rendered.ts';

const GROUP = 'monitoring.coreos.com';

/** The kinds of the Prometheus operator, as far as the chart makes any: the fields it sets, and no others. */
const MONITORING: Readonly<Record<string, object>> = {
  ServiceMonitor: { endpoints: endpoints() },
  PodMonitor: { podMetricsEndpoints: endpoints() },
  PrometheusRule: {
    groups: list({
      name: text(),
      rules: list({
        alert: text(),
        expr: text(),
        for: text(),
        labels: texts(),
        annotations: texts(),
      }),
    }),
  },
};

describe('the API server', function () {
  this.timeout(60_000);
  const cluster = useCluster(openRealCluster, () => removeKinds(cluster.client));

  before(async () => {
    for (const [kind, spec] of Object.entries(MONITORING)) {
      await bodyOf(
        cluster.client.post(pathOf('customresourcedefinitions'), definition(kind, spec)),
      );
    }
    const ours = (found: readonly unknown[]) => found.filter((one) => nameOf(one).endsWith(GROUP));
    await waitFor(
      cluster.client,
      pathOf('customresourcedefinitions'),
      'the kinds of the Prometheus operator',
      (found) =>
        ours(found).length === Object.keys(MONITORING).length &&
        ours(found).every((one) => conditionOf(one, 'Established') === 'True'),
    );
  });

  const apply = async (yaml: string) => {
    const args = ['apply', '--server-side', '--force-conflicts', '--dry-run=server'];
    const { code, stdout, stderr } = await cluster.kubectl(
      [...args, '--validate=strict', '-f', '-'],
      yaml,
    );
    expect(code, stderr).to.equal(0);
    expect(stderr, 'warnings').to.equal('');
    return stdout.trim().split('\n');
  };

  const cases: readonly [string, (namespace: string) => Values][] = [
    ['the defaults', () => ({})],
    ['everything', () => EVERYTHING],
    ['nothing that can be left out', () => NOTHING],
    ['Roles only', (namespace) => ({ ...EVERYTHING, watchNamespaces: [namespace] })],
    [
      'Roles and conversion',
      (namespace) => ({ watchNamespaces: [namespace], conversion: { manageCRD: true } }),
    ],
  ];
  for (const [name, values] of cases) {
    it(`accepts each object of ${name}, in a namespace for restricted pods only`, async () => {
      const namespace = await cluster.namespace({
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      });
      const yaml = await template(values(namespace), { namespace }, '--no-hooks');
      const accepted = await apply(yaml);
      expect(accepted).to.have.length(readAll(yaml).length);
    });
  }

  it('accepts each object of the test', async () => {
    const namespace = await cluster.namespace({
      'pod-security.kubernetes.io/warn': 'restricted',
    });
    const parts = ['templates/tests/scene.yaml', 'templates/tests/pod.yaml'];
    const only = parts.flatMap((part) => ['--show-only', part]);
    const yaml = await template({ watchNamespaces: [namespace] }, { namespace }, ...only);
    // A dry run leaves no account, and a pod has to have one.
    const metadata = { name: 'chaos-monkey-test' };
    await bodyOf(cluster.client.post(pathOf('serviceaccounts', namespace), { metadata }));
    const accepted = await apply(yaml);
    expect(accepted.filter((line) => line.includes('pod/'))).to.have.length(1);
    expect(accepted.filter((line) => line.includes('role.rbac'))).to.have.length(2);
  });
});

async function removeKinds(client: ApiClient): Promise<void> {
  for (const kind of Object.keys(MONITORING)) {
    const { code } = await client.delete(pathOf('customresourcedefinitions', '', fullName(kind)));
    if (code !== 200 && code !== 404) throw new Error(`${kind} is not removed: ${code}`);
  }
}

function fullName(kind: string): string {
  return `${kind.toLowerCase()}s.${GROUP}`;
}

function definition(kind: string, spec: object): object {
  const plural = `${kind.toLowerCase()}s`;
  const selector = object({ matchLabels: texts() });
  const schema = object({ spec: object({ selector, ...spec }) });
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: fullName(kind) },
    spec: { group: GROUP, scope: 'Namespaced', names: { kind, plural }, versions: [version] },
  };
}

function endpoints(): object {
  const [interval, scrapeTimeout] = [text(), text()];
  const honorLabels = { type: 'boolean' };
  return list({ port: text(), path: text(), interval, scrapeTimeout, honorLabels });
}

function object(properties: object): object {
  return { type: 'object', properties };
}

function list(properties: object): object {
  return { type: 'array', items: object(properties) };
}

function text(): object {
  return { type: 'string' };
}

function texts(): object {
  return { type: 'object', additionalProperties: text() };
}
