import { expect } from 'chai';
import { type Answer, bodyOf } from '../support/api-client.ts';
import { configuration, deployment } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { closePort } from '../support/pod-host.ts';
import type { Release } from '../support/release.ts';
import { listAt, numberAt, textAt, uidOf } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';
import { waitUntil } from '../support/wait-until.ts';
import { oldConfiguration, oldPath } from './old-version.ts';

const WEBHOOK_PORT = 9443;
const OPTED_IN = { 'cm.massix.github.io/namespace': 'true' };

/** v1 needs nobody's help. */
export function describeOutages(open: () => Release): void {
  describe('while it is down', function () {
    this.timeout(120_000);

    it('v1 objects go on working, the controller acts on them, and v1alpha1 says what is wrong', async () => {
      const release = open();
      const namespace = await release.cluster.namespace(OPTED_IN);
      await deployEmpty(release, namespace, 'web');
      {
        await using _closed = await closePorts(release);
        await expectDown(release, namespace);
        await waitFor(
          release.cluster.client,
          pathOf('chaosmonkeyconfigurations', namespace),
          'two ticks of what was created meanwhile',
          (found) => found.some((one) => numberAt(one, 'status', 'ticks') >= 2),
        );
      }
      await expectBack(release, namespace);
    });

    it('because no replica is there, nothing else is the matter', async () => {
      const release = open();
      const namespace = await release.cluster.namespace();
      await scale(release, 0);
      await expectDown(release, namespace);
      await scale(release, 2);
      await expectBack(release, namespace);
    });
  });
}

async function closePorts(release: Release): Promise<AsyncDisposable> {
  const closed = new AsyncDisposableStack();
  for (const pod of await release.pods()) closed.use(await closePort(uidOf(pod), WEBHOOK_PORT));
  return closed;
}

/** v1 can be created, changed, read, listed and watched; v1alpha1 is an error that names the webhook. */
async function expectDown({ cluster: { client } }: Release, namespace: string): Promise<void> {
  const collection = pathOf('chaosmonkeyconfigurations', namespace);
  const shape = { mode: 'randomScale', timeout: '1s', maxReplicas: 9 } as const;
  await bodyOf(client.post(collection, configuration('web', shape)));
  await bodyOf(client.patch(`${collection}/web`, 'merge', { spec: { maxReplicas: 8 } }));
  const web = await bodyOf(client.get(`${collection}/web`));
  expect(numberAt(web, 'spec', 'maxReplicas')).to.equal(8);
  expect(listAt(await bodyOf(client.get(collection)), 'items')).to.have.length(1);
  await waitFor(client, collection, 'a watch', (found) => found.length === 1);
  expectRefused(await client.get(oldPath(namespace, 'web')));
  expectRefused(await client.post(oldPath(namespace), oldConfiguration('other')));
}

function expectRefused({ code, body }: Answer): void {
  expect(code).to.be.at.least(500);
  expect(textAt(body, 'message')).to.include('conversion webhook for cm.massix.github.io');
}

async function expectBack({ cluster: { client } }: Release, namespace: string): Promise<void> {
  const begun = performance.now();
  await waitUntil(
    'v1alpha1 to be served again',
    () => client.get(oldPath(namespace, 'web')),
    ({ code }) => code === 200,
  );
  console.info(`        v1alpha1 again after ${Math.round(performance.now() - begun)} ms`);
  await bodyOf(client.post(oldPath(namespace), oldConfiguration('other')));
  const list = await bodyOf(client.get(oldPath(namespace)));
  expect(listAt(list, 'items')).to.have.length(2);
}

/** A deployment that has replicas and no pods: what is paused from the beginning gets none. */
async function deployEmpty(
  { cluster: { client } }: Release,
  namespace: string,
  name: string,
): Promise<void> {
  const { spec, ...rest } = deployment(name, { replicas: 1 });
  const paused = { ...rest, spec: { ...spec, paused: true } };
  await bodyOf(client.post(pathOf('deployments', namespace), paused));
}

async function scale(release: Release, replicas: number): Promise<void> {
  const { client } = release.cluster;
  const path = pathOf('deployments', release.namespace, release.fullName, 'scale');
  await bodyOf(client.patch(path, 'merge', { spec: { replicas } }));
  if (replicas > 0) return release.ready();
  const none = (pods: readonly unknown[]) => pods.length === 0;
  const query = { labelSelector: `app.kubernetes.io/instance=${release.name}` };
  await waitFor(client, pathOf('pods', release.namespace), 'the pods to go', none, { query });
}
