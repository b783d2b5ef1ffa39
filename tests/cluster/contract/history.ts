import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { describeEvent } from '../support/api-watch.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configMap } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, numberAt, textAt } from '../support/value.ts';
import { waitFor } from '../support/wait-for.ts';

/** What a client that was away for too long is told. */
export function describeHistory(cluster: ClusterFixture): void {
  describe('a history', () => {
    it('that begins with the kind is no history before: a watch from there gets an ERROR event of 410', async () => {
      const query = { resourceVersion: '1', timeoutSeconds: 20 };
      using watching = await cluster.client.watch(pathOf('chaosmonkeyconfigurations'), query);
      const [event] = await watching.toEnd();
      expect(event?.type).to.equal('ERROR');
      const { kind, status, code, reason, message } = Object(event?.object);
      expect({ kind, status, code, reason }).to.deep.equal({
        kind: 'Status',
        status: 'Failure',
        code: 410,
        reason: 'Expired',
      });
      expect(message).to.match(/^too old resource version: 1 \(\d+\)$/);
    });
  });
}

/** Needs a cluster that can be made to forget. */
export function describeForgottenHistory(cluster: ClusterFixture): void {
  describe('a history that is forgotten', () => {
    let path: string;
    beforeEach(async function () {
      this.timeout(60_000);
      path = pathOf('configmaps', await cluster.namespace());
      for (const name of ['a', 'b', 'c']) {
        await bodyOf(cluster.client.post(path, configMap(name)));
      }
    });

    it('gives 410 for its page tokens and its resourceVersions, and a new list after that', async function () {
      this.timeout(90_000);
      const first = await bodyOf(cluster.client.get(path, { limit: 1 }));
      const resourceVersion = textAt(first, 'metadata', 'resourceVersion');
      const token = textAt(first, 'metadata', 'continue');
      await bodyOf(cluster.client.delete(`${path}/b`));
      await cluster.forgetHistory();
      await waitFor(cluster.client, path, 'the list to answer again', () => true);

      const expired = await cluster.client.get(path, { limit: 1, continue: token });
      expect([expired.code, at(expired.body, 'reason')]).to.deep.equal([410, 'Expired']);
      expect(textAt(expired.body, 'message')).to.contain('continue parameter is too old');

      using watching = await cluster.client.watch(path, { resourceVersion, timeoutSeconds: 20 });
      const events = await watching.toEnd();
      expect(events.map(describeEvent)).to.deep.equal(['ERROR Expired']);
      expect(numberAt(events[0]?.object, 'code')).to.equal(410);

      const exact = { resourceVersion, resourceVersionMatch: 'Exact', limit: 5 };
      expect((await cluster.client.get(path, exact)).code).to.equal(410);

      const fresh = await bodyOf(cluster.client.get(path, { labelSelector: 'app in (a, b, c)' }));
      expect(listAt(fresh, 'items').length).to.equal(2);
    });
  });
}
