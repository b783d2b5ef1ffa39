import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { configurationCrd } from '../../../src/configuration/crd.ts';
import { type SimulatedCluster, startSimulatedCluster } from '../../../src/playground/cluster.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the cluster is asked for that no other test asks: everything people type. */
describe('ordinary kubectl on the simulated cluster', function () {
  this.timeout(60_000);
  let folder: string;
  let cluster: SimulatedCluster;
  let namespace: string;
  let count = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chaos-monkey-kubectl-'));
    const timing = { startMs: 0, readyMs: 0, stopMs: 0 };
    cluster = await startSimulatedCluster({ workloads: { timing } });
    await cluster.writeKubeconfig(join(folder, 'kubeconfig'));
    await kubectl(['apply', '-f', '-'], configurationCrd());
  });
  after(async () => {
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    namespace = `kubectl-${++count}`;
    await kubectl(['create', 'namespace', namespace]);
  });

  /** Runs kubectl to its end. */
  function run(
    args: readonly string[],
    input?: unknown,
    env: NodeJS.ProcessEnv = {},
  ): Promise<Ran> {
    const paths = { KUBECONFIG: join(folder, 'kubeconfig'), HOME: folder };
    return new Promise((resolve, reject) => {
      const child = execFile(
        'kubectl',
        [...args],
        { env: { ...process.env, ...paths, ...env }, encoding: 'utf8', timeout: 50_000 },
        (error, stdout, stderr) => {
          if (error?.code === 'ENOENT')
            reject(new Error('kubectl 1.32 or later has to be on PATH'));
          else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
        },
      );
      child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
    });
  }

  async function kubectl(args: readonly string[], input?: unknown, env?: NodeJS.ProcessEnv) {
    const { code, stdout, stderr } = await run(args, input, env);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${code}: ${stderr}`);
    return stdout;
  }

  const inside = (...args: readonly string[]) => kubectl(['-n', namespace, ...args]);

  const configuration = (spec: object = {}) => ({
    apiVersion: 'cm.massix.github.io/v1',
    kind: 'ChaosMonkeyConfiguration',
    metadata: { name: 'web', namespace },
    spec: {
      enabled: true,
      minReplicas: 1,
      maxReplicas: 3,
      scalingMode: 'killPod',
      deployment: { name: 'web' },
      timeout: '30s',
      ...spec,
    },
  });

  it('creates a deployment, sees it roll out, scales it and reads its pods', async () => {
    await inside('create', 'deployment', 'web', '--image=busybox', '--replicas=2');
    await inside('rollout', 'status', 'deployment/web', '--timeout=20s');
    await inside('scale', 'deployment/web', '--replicas=3');
    await inside(
      'wait',
      'deployment/web',
      '--for=jsonpath={.status.readyReplicas}=3',
      '--timeout=20s',
    );
    const pods = await inside('get', 'pods', '-o', 'wide');
    expect(pods).to.match(/NAME +READY +STATUS +RESTARTS +AGE +IP +NODE/);
    expect(pods.match(/^web-\w+-\w+ +1\/1 +Running/gm)).to.have.length(3);
    const described = await inside('describe', 'deployment', 'web');
    expect(described).to.match(/StrategyType: +RollingUpdate/);
    expect(described).to.match(/ScalingReplicaSet/);
    expect(await inside('logs', 'deployment/web')).to.contain('This cluster is simulated');
    expect(await inside('events', '--for', 'deployment/web')).to.contain('ScalingReplicaSet');
    expect(await inside('top', 'pods')).to.match(/^web-\w+-\w+ +\d+m +\d+Mi/m);
  });

  it('watches what is deleted', async () => {
    await inside('create', 'configmap', 'x', '--from-literal=a=b');
    const watching = inside(
      'get',
      'configmaps',
      '-w',
      '--output-watch-events',
      '--request-timeout=5s',
    );
    const watch = await cluster.requests.next({ verb: 'watch', resource: 'configmaps', namespace });
    await inside('delete', 'configmap', 'x');
    cluster.faults.endWatches({ resource: 'configmaps', namespace });
    expect(await watching).to.match(/^ADDED +x +1 .*\nDELETED +x +1 /m);
    expect(watch.code).to.equal(200);
  });

  it('applies, on the client and on the server, and is refused what does not fit', async () => {
    await kubectl(['apply', '-f', '-'], configuration());
    expect(await kubectl(['apply', '-f', '-'], configuration())).to.contain('unchanged');
    expect(
      await kubectl(['apply', '--server-side', '-f', '-'], configuration({ maxReplicas: 4 })),
    ).to.contain('serverside-applied');
    const other = ['apply', '--server-side', '--field-manager=other', '-f', '-'];
    const conflict = await run(other, configuration({ maxReplicas: 5 }));
    expect([conflict.code, conflict.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes('.spec.maxReplicas'),
    );
    const unknown = await run(['apply', '-f', '-'], configuration({ color: 'red' }));
    expect(unknown.stderr).to.contain('unknown field "spec.color"');
    const refused = await run(['apply', '-f', '-'], configuration({ minReplicas: 9 }));
    expect(refused.stderr).to.contain(
      'spec: Invalid value: "object": minReplicas must be less than or equal to maxReplicas',
    );
  });

  it('labels, patches and edits', async () => {
    await kubectl(['apply', '-f', '-'], configuration());
    await inside('label', 'cmc', 'web', 'team=shop');
    await inside('patch', 'cmc', 'web', '--type=merge', '-p', '{"spec":{"maxReplicas":7}}');
    await inside(
      'patch',
      'cmc',
      'web',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/spec/timeout"}]',
    );
    const env = { KUBE_EDITOR: 'sed -i s/killPod/antiPressure/' };
    await kubectl(['-n', namespace, 'edit', 'cmc', 'web'], undefined, env);
    const format =
      '-o=jsonpath={.metadata.labels.team} {.spec.maxReplicas} {.spec.scalingMode} [{.spec.timeout}]';
    expect(await inside('get', 'cmc', 'web', format)).to.equal('shop 7 antiPressure []');
    expect(await inside('get', 'cmc')).to.match(/ENABLED +SCALING MODE +TARGET DEPLOYMENT/);
  });

  it('warns of a deprecated version, and explains and lists what there is', async () => {
    const { stderr } = await run(['get', 'chaosmonkeyconfigurations.v1alpha1.cm.massix.github.io']);
    expect(stderr).to.contain('v1alpha1 is now deprecated');
    expect(await kubectl(['explain', 'cmc.spec.timeout'])).to.contain('Go duration');
    expect(await kubectl(['explain', 'deployment.spec.replicas'])).to.contain(
      'FIELD: replicas <integer>',
    );
    const resources = await kubectl(['api-resources']);
    expect(resources).to.match(/chaosmonkeyconfigurations +cmc +cm.massix.github.io\/v1 +true/);
    expect(resources).to.match(/pods +po +v1 +true +Pod/);
  });

  it('asks what it may do', async () => {
    using _rule = cluster.access.forbid({ verb: 'delete', resource: 'pods' });
    expect((await run(['auth', 'can-i', 'delete', 'pods'])).stdout).to.equal('no\n');
    expect(await kubectl(['auth', 'can-i', 'list', 'pods'])).to.equal('yes\n');
    expect(await kubectl(['auth', 'whoami'])).to.contain('kubernetes-admin');
    expect(await kubectl(['auth', 'can-i', '--list'])).to.contain('*.*');
  });

  it('evicts what a budget lets go, and not more', async () => {
    await inside('create', 'deployment', 'web', '--image=busybox', '--replicas=2');
    await inside('rollout', 'status', 'deployment/web', '--timeout=20s');
    await inside('create', 'poddisruptionbudget', 'web', '--selector=app=web', '--min-available=2');
    await inside('wait', 'pdb/web', '--for=jsonpath={.status.currentHealthy}=2', '--timeout=20s');
    const drain = [
      'drain',
      '--selector=kubernetes.io/os=linux',
      '--timeout=2s',
      '--pod-selector=app=web',
    ];
    const { code, stderr } = await run(drain);
    await kubectl(['uncordon', '--selector=kubernetes.io/os=linux']);
    expect(code).to.equal(1);
    expect(stderr).to.contain("Cannot evict pod as it would violate the pod's disruption budget.");
  });

  it('deletes a namespace with all there is in it', async () => {
    await inside('create', 'deployment', 'web', '--image=busybox', '--replicas=2');
    await inside('rollout', 'status', 'deployment/web', '--timeout=20s');
    await kubectl(['delete', 'namespace', namespace, '--timeout=20s']);
    const { stderr } = await run(['get', 'namespace', namespace]);
    expect(stderr).to.contain(`namespaces "${namespace}" not found`);
    expect(cluster.store.collection('pods').sizeOf(namespace)).to.equal(0);
  });
});
