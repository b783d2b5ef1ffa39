import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at } from '../support/value.ts';

/** Ordinary `kubectl`, which asks more of an API server than any of our own clients. */
export function describeKubectl(cluster: ClusterFixture): void {
  describe('kubectl', function () {
    this.timeout(90_000);
    let namespace: string;
    beforeEach(async () => {
      namespace = await cluster.namespace();
    });

    const kubectl = async (args: readonly string[], input?: unknown) => {
      const text = input === undefined ? '' : JSON.stringify(input);
      const { code, stdout, stderr } = await cluster.kubectl([...args, '-n', namespace], text);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${code}: ${stderr}`);
      return stdout;
    };
    const refused = async (args: readonly string[], input: unknown) => {
      const { code, stderr } = await cluster.kubectl(
        [...args, '-n', namespace],
        JSON.stringify(input),
      );
      expect(code).not.to.equal(0);
      return stderr;
    };

    it('applies, says when nothing changed, and applies a change', async () => {
      const apply = (replicas: number) =>
        kubectl(['apply', '-f', '-'], deployment('web', { replicas }));
      expect(await apply(0)).to.equal('deployment.apps/web created\n');
      expect(await apply(0)).to.equal('deployment.apps/web unchanged\n');
      expect(await apply(1)).to.equal('deployment.apps/web configured\n');
    });

    it('applies on the server, and tells of conflicts', async () => {
      const serverSide = ['apply', '--server-side', '-f', '-'];
      expect(await kubectl(serverSide, configuration('m'))).to.equal(
        'chaosmonkeyconfiguration.cm.massix.github.io/m serverside-applied\n',
      );
      const other = configuration('m', { maxReplicas: 5 });
      expect(await refused([...serverSide, '--field-manager=other'], other)).to.contain(
        'conflict with "kubectl": .spec.maxReplicas',
      );
    });

    it('refuses unknown fields, as the server says them', async () => {
      const stderr = await refused(
        ['apply', '-f', '-'],
        configuration('m', { more: { surprise: 1 } }),
      );
      expect(stderr).to.contain('unknown field "spec.surprise"');
    });

    it('prints configurations by their short name, in their columns', async () => {
      await kubectl(['apply', '-f', '-'], configuration('m', { deployment: 'web' }));
      const [head = '', row = ''] = (await kubectl(['get', 'cmc'])).split('\n');
      expect(head.split(/\s{2,}|\s$/).filter((cell) => cell !== '')).to.deep.equal([
        'NAME',
        'ENABLED',
        'SCALING MODE',
        'TARGET DEPLOYMENT',
        'MIN REPLICAS',
        'MAX REPLICAS',
        'TARGET',
        'NEXT',
        'LAST',
      ]);
      expect(row.trim().split(/\s+/)).to.deep.equal(['m', 'true', 'killPod', 'web', '0', '3']);
    });

    it('labels, annotates, patches by each type and scales', async () => {
      await kubectl(['apply', '-f', '-'], deployment('web'));
      await kubectl(['label', 'deployment', 'web', 'tier=front']);
      await kubectl(['annotate', 'deployment', 'web', 'note=x']);
      await kubectl(['patch', 'deployment', 'web', '-p', '{"spec":{"minReadySeconds":1}}']);
      await kubectl([
        'patch',
        'deployment',
        'web',
        '--type=merge',
        '-p',
        '{"spec":{"paused":true}}',
      ]);
      const operation = '[{"op":"replace","path":"/spec/revisionHistoryLimit","value":3}]';
      await kubectl(['patch', 'deployment', 'web', '--type=json', '-p', operation]);
      await kubectl(['scale', 'deployment', 'web', '--replicas=1', '--current-replicas=0']);
      const web = await bodyOf(cluster.client.get(pathOf('deployments', namespace, 'web')));
      expect(Object(at(web, 'spec'))).to.include({
        replicas: 1,
        minReadySeconds: 1,
        paused: true,
        revisionHistoryLimit: 3,
      });
      expect(at(web, 'metadata', 'labels', 'tier')).to.equal('front');
      expect(at(web, 'metadata', 'annotations', 'note')).to.equal('x');
    });

    it('waits for a rollout and describes what came of it', async () => {
      await kubectl(['apply', '-f', '-'], deployment('web', { replicas: 1 }));
      expect(await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s'])).to.contain(
        'deployment "web" successfully rolled out',
      );
      await kubectl(['wait', 'pod', '-l', 'app=web', '--for=condition=Ready', '--timeout=60s']);
      expect(await kubectl(['get', 'pods', '-o', 'name'])).to.match(/^pod\/web-[\w-]+\n$/);
      const described = await kubectl(['describe', 'deployment', 'web']);
      expect(described).to.match(
        /Replicas:\s+1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable/,
      );
      expect(described).to.contain('ScalingReplicaSet');
      expect(await kubectl(['describe', 'pod', '-l', 'app=web'])).to.match(
        /Controlled By:\s+ReplicaSet\/web-/,
      );
    });

    it('explains the fields of our kind', async () => {
      expect(await kubectl(['explain', 'cmc.spec.timeout'])).to.match(/FIELD: timeout <string>/);
    });

    it('asks whether it may', async () => {
      expect(await kubectl(['auth', 'can-i', 'delete', 'pods'])).to.equal('yes\n');
    });

    it('creates what it is told to, and deletes it by name and by label', async () => {
      await kubectl(['create', 'deployment', 'one', '--image=busybox', '--replicas=0']);
      await kubectl(['create', 'configmap', 'two', '--from-literal=a=b']);
      await kubectl(['label', 'configmap', 'two', 'mine=yes']);
      expect(await kubectl(['delete', 'deployment', 'one'])).to.contain('"one" deleted');
      expect(await kubectl(['delete', 'configmap', '-l', 'mine=yes'])).to.contain('"two" deleted');
      expect(await kubectl(['get', 'deployments', '-o', 'name'])).to.equal('');
    });

    it('edits in an editor', async () => {
      await kubectl(['apply', '-f', '-'], configuration('m', { timeout: '5s' }));
      const { code } = await cluster.kubectl(['edit', 'cmc', 'm', '-n', namespace], '', {
        KUBE_EDITOR: "sed -i 's/timeout: 5s/timeout: 9s/'",
      });
      expect(code).to.equal(0);
      const monkey = await bodyOf(
        cluster.client.get(pathOf('chaosmonkeyconfigurations', namespace, 'm')),
      );
      expect(at(monkey, 'spec', 'timeout')).to.equal('9s');
    });

    it('shows Events of an object with it', async () => {
      await kubectl(['apply', '-f', '-'], configuration('m'));
      const path = pathOf('chaosmonkeyconfigurations', namespace, 'm');
      const { uid } = Object(at(await bodyOf(cluster.client.get(path)), 'metadata'));
      const time = new Date().toISOString();
      await bodyOf(
        cluster.client.post(`/apis/events.k8s.io/v1/namespaces/${namespace}/events`, {
          apiVersion: 'events.k8s.io/v1',
          kind: 'Event',
          metadata: { generateName: 'm-' },
          eventTime: time.replace('Z', '000Z'),
          reportingController: 'chaos-monkey',
          reportingInstance: 'test',
          action: 'Watch',
          type: 'Normal',
          reason: 'Started',
          note: 'Watcher started for deployment web',
          regarding: {
            apiVersion: 'cm.massix.github.io/v1',
            kind: 'ChaosMonkeyConfiguration',
            namespace,
            name: 'm',
            uid,
          },
        }),
      );
      expect(await kubectl(['describe', 'cmc', 'm'])).to.match(
        /Normal\s+Started\s+.*chaos-monkey\s+Watcher started for deployment web/,
      );
      expect(await kubectl(['get', 'events'])).to.contain('Watcher started for deployment web');
    });
  });
}
