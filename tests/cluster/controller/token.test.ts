import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ApiClient } from '../support/api-client.ts';
import { ticksOf, useController } from '../support/controller-fixture.ts';
import { pathOf } from '../support/paths.ts';
import {
  createSecret,
  removeSecret,
  requestToken,
  writeKubeconfig,
} from '../support/service-account.ts';
import { at } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a token that dies', function () {
  this.timeout(180_000);
  const controller = useController();
  const { cluster } = controller;

  const write = async (file: string, token: string) => {
    await writeFile(`${file}.new`, token, { mode: 0o600 });
    await rename(`${file}.new`, file);
  };

  it('is read again from its file: the watches go on and no watcher is started anew', async () => {
    const kubeconfig = join(controller.folder, 'token-kubeconfig');
    const tokenFile = join(controller.folder, 'token');
    await createSecret(cluster, 'first');
    await createSecret(cluster, 'second');
    const token = await requestToken(cluster, 'first');
    await write(tokenFile, token);
    await writeKubeconfig(kubeconfig, cluster, { tokenFile });
    const copy = join(controller.folder, 'copied-kubeconfig');
    await writeKubeconfig(copy, cluster, { token });
    using dying = await ApiClient.open(copy);
    const second = ['--ns-timeout', '--crd-timeout', '--pod-timeout'].flatMap((flag) => [
      flag,
      '1s',
    ]);
    const running = await controller.start(second, kubeconfig);
    const namespace = await controller.namespace();
    await controller.deploy(namespace, 'web', { replicas: 1 });
    await controller.configure(namespace, 'web', { timeout: '2s' });
    await controller.untilMonkey(
      namespace,
      'web',
      'a kill',
      (one) => at(one, 'status', 'lastOutcome', 'result') === 'Acted',
    );

    await removeSecret(cluster, 'first');
    await waitUntil(
      'the token to be worth nothing',
      () => dying.get(pathOf('namespaces')),
      ({ code }) => code === 401,
    );
    await waitUntil(
      'the controller to be told so',
      () => running.metrics(),
      (metrics) => metrics.sum('chaos_monkey_api_requests_total', { code: '401' }) > 0,
    );
    const stalled = ticksOf(await controller.monkey(namespace, 'web'));
    await write(tokenFile, await requestToken(cluster, 'second'));
    const acted = (one: unknown) =>
      ticksOf(one) > stalled + 1 && at(one, 'status', 'lastOutcome', 'result') === 'Acted';
    await controller.untilMonkey(namespace, 'web', 'going on', acted);

    const late = await controller.namespace();
    await controller.deploy(late, 'late', { replicas: 1 });
    await controller.configure(late, 'late', { timeout: '2s' });
    await controller.untilMonkey(
      late,
      'late',
      'a kill',
      (one) => at(one, 'status', 'lastOutcome', 'result') === 'Acted',
    );

    const metrics = await running.metrics();
    for (const name of ['crdwatcher_pw_spawned', 'crdwatcher_pw_active']) {
      expect(metrics.sum(`chaos_monkey_${name}`, { namespace }), name).to.equal(1);
    }
    expect(metrics.sum('chaos_monkey_nswatcher_cmc_spawned')).to.equal(2);
    expect(await running.readiness()).to.equal(200);
  });
});
