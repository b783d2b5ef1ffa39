import { expect } from 'chai';
import { Announcer } from '../../../src/controller/announcer.ts';
import { deletePod } from '../../../src/controller/delete-pod.ts';
import { byTurns, lostAnswer, refusal, ScriptedClient } from '../../fakes/scripted-client.ts';
import { pod } from '../../fakes/stripped-objects.ts';

describe('deletePod', () => {
  const told: string[] = [];
  const announcer = new Announcer({ record: ({ message }) => void told.push(message) });
  let client: ScriptedClient;

  beforeEach(() => {
    told.length = 0;
    client = new ScriptedClient();
  });

  const raw = (uid: string, more = {}) => ({ metadata: { name: 'a', uid, ...more } });

  it('deletes at once, and only the pod of this UID', async () => {
    client.answer(byTurns('delete', 'pods', {}));
    expect(await deletePod({ client, announcer }, pod('a'))).to.deep.equal({
      kind: 'acted',
      message: 'killed pod a',
      victims: [{ kind: 'Pod', name: 'a', uid: 'uid-a' }],
    });
    expect(client.requests[0]).to.deep.include({
      path: '/api/v1/namespaces/shop/pods/a',
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        gracePeriodSeconds: 0,
        preconditions: { uid: 'uid-a' },
      },
    });
    expect(told).to.deep.equal(['Pod got killed by Chaos Monkey']);
  });

  for (const code of [404, 409]) {
    it(`finds a pod gone that is answered with ${code}`, async () => {
      client.answer(byTurns('delete', 'pods', refusal(code)));
      const result = await deletePod({ client, announcer }, pod('a'));
      expect(result).to.include({ kind: 'skip', reason: 'VictimGone' });
      expect(told).to.deep.equal([]);
    });
  }

  const afterLostAnswers: readonly [string, unknown, boolean][] = [
    ['is gone', refusal(404), true],
    ['has a successor of its name', raw('uid-second'), true],
    ['is terminating', raw('uid-a', { deletionTimestamp: '2026-01-01T00:00:00Z' }), true],
    ['is there as before', raw('uid-a'), false],
  ];
  for (const [found, answer, acted] of afterLostAnswers) {
    it(`looks, and does not delete again, when the answer was lost and the pod ${found}`, async () => {
      client.answer(byTurns('delete', 'pods', lostAnswer()));
      client.answer(byTurns('get', 'pods', answer));
      const result = await deletePod({ client, announcer }, pod('a')).catch((error) => error);
      expect(client.log).to.deep.equal(['delete pods', 'get pods']);
      if (acted) expect(result).to.include({ kind: 'acted' });
      else expect(result).to.have.property('code', 'ERR_KUBERNETES_TRANSPORT');
      expect(told).to.have.length(acted ? 1 : 0);
    });
  }

  for (const code of [403, 422, 429, 503]) {
    it(`fails when it is answered with ${code}, and does not look`, async () => {
      client.answer(byTurns('delete', 'pods', refusal(code)));
      const failure = await deletePod({ client, announcer }, pod('a')).catch((error) => error);
      expect(failure).to.have.nested.property('status.code', code);
      expect(client.log).to.deep.equal(['delete pods']);
    });
  }
});
