import { expect } from 'chai';
import { ConfigurationRecord } from '../../../src/controller/configuration-record.ts';
import type { Claim } from '../../../src/controller/tick-status.ts';
import type { KubernetesRequest } from '../../../src/kubernetes/client.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { byTurns, lostAnswer, refusal, ScriptedClient } from '../../fakes/scripted-client.ts';
import { configuration, rawConfiguration } from '../../fakes/stripped-objects.ts';

const STATUS = 'chaosmonkeyconfigurations/status';
const OBJECT = 'chaosmonkeyconfigurations';

describe('ConfigurationRecord', () => {
  const { signal } = new AbortController();
  const changed: ConfigurationRecord[] = [];
  let clock: FakeClock;
  let client: ScriptedClient;

  beforeEach(() => {
    changed.length = 0;
    clock = new FakeClock();
    client = new ScriptedClient();
  });

  const recordOf = (object = configuration('kill')) =>
    new ConfigurationRecord(object, { client, clock, onChange: (one) => changed.push(one) });

  const claimOf = (fields: Partial<Claim> = {}): Claim => ({
    number: 1,
    generation: 1,
    lastExecution: clock.now(),
    nextExecution: clock.now() + 10_000,
    outcome: undefined,
    ...fields,
  });

  /** What the API server answers to a status patch: the object with that status, one version on. */
  const accept = (version: string, status: unknown = { ticks: 1 }) =>
    rawConfiguration('kill', {}, { status, metadata: { resourceVersion: version } });

  describe('claim', () => {
    it('writes number and times with the resourceVersion seen, in one patch', async () => {
      client.answer(byTurns('patch', STATUS, accept('2')));
      const record = recordOf();
      expect(await record.claim(claimOf(), signal)).to.equal(undefined);
      expect(client.log).to.deep.equal([`patch ${STATUS}`]);
      expect(client.requests[0]?.body).to.deep.equal({
        metadata: { resourceVersion: '1' },
        status: {
          ticks: 1,
          lastExecution: '2026-01-01T00:00:00.000Z',
          nextExecution: '2026-01-01T00:00:10.000Z',
        },
      });
      expect(client.requests[0]?.path).to.equal(
        '/apis/cm.massix.github.io/v1/namespaces/shop/chaosmonkeyconfigurations/kill/status',
      );
      expect(record.status.ticks).to.equal(1);
    });

    it('writes a skip with the claim', async () => {
      client.answer(byTurns('patch', STATUS, accept('2')));
      const outcome = { kind: 'skip', reason: 'NoReadyPods', message: 'none' } as const;
      await recordOf().claim(claimOf({ outcome }), signal);
      expect(client.requests[0]?.body).to.deep.nested.include({
        'status.lastOutcome': {
          result: 'Skipped',
          reason: 'NoReadyPods',
          message: 'none',
          time: '2026-01-01T00:00:00.000Z',
          tick: 1,
        },
      });
    });

    it('is tried again with the newer resourceVersion after a conflict', async () => {
      client.answer(byTurns('patch', STATUS, refusal(409), accept('3')));
      client.answer(byTurns('get', OBJECT, accept('2', { ticks: 0 })));
      const record = recordOf();
      expect(await record.claim(claimOf(), signal)).to.equal(undefined);
      expect(client.log).to.deep.equal([`patch ${STATUS}`, `get ${OBJECT}`, `patch ${STATUS}`]);
      expect(client.requests[2]?.body).to.deep.nested.include({ 'metadata.resourceVersion': '2' });
    });

    const lost: readonly [string, unknown, RegExp][] = [
      ['somebody else has claimed the tick', accept('2', { ticks: 1 }), /claimed by somebody else/],
      [
        'the spec has changed',
        rawConfiguration('kill', {}, { metadata: { resourceVersion: '2', generation: 2 } }),
        /was changed/,
      ],
      [
        'another object has the name',
        rawConfiguration('kill', {}, { metadata: { uid: 'uid-second' } }),
        /replaced by another/,
      ],
    ];
    for (const [why, fresh, reason] of lost) {
      it(`is lost when ${why}`, async () => {
        client.answer(byTurns('patch', STATUS, refusal(409)));
        client.answer(byTurns('get', OBJECT, fresh));
        expect(await recordOf().claim(claimOf(), signal)).to.match(reason);
        expect(client.log).to.deep.equal([`patch ${STATUS}`, `get ${OBJECT}`]);
      });
    }

    it('is lost when the configuration is gone', async () => {
      client.answer(byTurns('patch', STATUS, refusal(404)));
      expect(await recordOf().claim(claimOf(), signal)).to.equal('the configuration is gone');
    });

    it('keeps what changes in the status while it is written', async () => {
      client.answer(() => {
        record.sow('sown');
        return accept('2');
      });
      const record = recordOf();
      await record.claim(claimOf(), signal);
      expect(record.status).to.include({ seed: 'sown', ticks: 1 });
    });

    it('fails when nobody knows whether it was written, and is not repeated', async () => {
      client.answer(byTurns('patch', STATUS, lostAnswer()));
      const record = recordOf();
      const failure = await record.claim(claimOf(), signal).catch((error) => error);
      expect(failure).to.have.property('code', 'ERR_KUBERNETES_TRANSPORT');
      expect(client.log).to.have.length(1);
      expect(record.status.ticks).to.equal(0);
    });

    it('gives up after four conflicts in a row', async () => {
      client.answer(byTurns('patch', STATUS, refusal(409)));
      client.answer(byTurns('get', OBJECT, accept('2', { ticks: 0 })));
      const failure = await recordOf()
        .claim(claimOf(), signal)
        .catch((error) => error);
      expect(failure).to.have.nested.property('status.code', 409);
      expect(client.log.filter((one) => one === `patch ${STATUS}`)).to.have.length(4);
    });

    it('never writes while another write of the record is under way', async () => {
      let open = 0;
      let most = 0;
      client.answer(async ({ verb }: KubernetesRequest) => {
        if (verb !== 'patch') return undefined;
        most = Math.max(most, ++open);
        await new Promise(setImmediate);
        open -= 1;
        return accept('2');
      });
      const record = recordOf();
      record.sow('one');
      const first = record.flush(signal);
      record.sow('two');
      await Promise.all([first, record.claim(claimOf(), signal), record.flush(signal)]);
      expect(most).to.equal(1);
    });
  });

  describe('what an earlier life left', () => {
    const claimed = { ticks: 4, lastExecution: '2025-12-31T23:59:00.000Z' };

    it('reads Unknown when a claim has no outcome, and is written so', async () => {
      const record = recordOf(configuration('kill', {}, { status: claimed }));
      expect(record.status.lastOutcome).to.deep.include({
        result: 'Unknown',
        reason: 'Interrupted',
        tick: 4,
      });
      client.answer(byTurns('patch', STATUS, accept('2', claimed)));
      await record.flush(signal);
      expect(client.requests[0]?.body).to.have.nested.property(
        'status.lastOutcome.result',
        'Unknown',
      );
    });

    it('keeps the outcome of the last tick when it has one', () => {
      const lastOutcome = {
        result: 'Acted',
        reason: 'Acted',
        message: 'killed pod a',
        time: '2025-12-31T23:59:01.000Z',
        tick: 4,
      };
      const status = { ...claimed, lastOutcome };
      const record = recordOf(configuration('kill', {}, { status }));
      expect(record.status.lastOutcome).to.deep.equal(lastOutcome);
    });

    it('is not new then', () => {
      expect(recordOf().isNew).to.equal(true);
      const seen = configuration('kill', {}, { status: { observedGeneration: 1 } });
      expect(recordOf(seen).isNew).to.equal(false);
    });
  });

  describe('the status in memory', () => {
    it('is not undone by an echo of an older write', () => {
      const record = recordOf();
      record.sow('seed');
      record.conclude(1, { kind: 'skip', reason: 'NoReadyPods', message: 'none' }, clock.now());
      record.observe(configuration('kill', {}, { status: { ticks: 0 } }));
      expect(record.seed).to.equal('seed');
      expect(record.status.lastOutcome).to.include({ reason: 'NoReadyPods' });
    });

    it('takes the count of one that knows of more ticks, and keeps what is ours', () => {
      const record = recordOf();
      record.sow('ours');
      record.observe(configuration('kill', {}, { status: { ticks: 7 } }));
      expect(record.status).to.include({ ticks: 7, seed: 'ours' });
    });

    it('asks to be written when it changes, and only then', () => {
      const record = recordOf();
      record.sow('seed');
      expect(changed).to.deep.equal([record]);
      record.observe(configuration('kill', {}, { status: { seed: 'seed' } }));
      record.sow('seed');
      expect(changed).to.have.length(1);
    });

    it('is written with the resourceVersion known, and not at all when nothing differs', async () => {
      client.answer(byTurns('patch', STATUS, accept('2', { seed: 'seed' })));
      const record = recordOf();
      record.sow('seed');
      await record.flush(signal);
      await record.flush(signal);
      expect(client.requests.map(({ body }) => body)).to.deep.equal([
        { metadata: { resourceVersion: '1' }, status: { seed: 'seed' } },
      ]);
    });

    it('comes back whole when somebody emptied it', async () => {
      client.answer(byTurns('patch', STATUS, accept('3', { ticks: 4, seed: 'seed' })));
      const record = recordOf(configuration('kill', {}, { status: { ticks: 4, seed: 'seed' } }));
      record.observe(configuration('kill'));
      await record.flush(signal);
      expect(client.requests[0]?.body).to.deep.include({ status: { ticks: 4, seed: 'seed' } });
    });

    it('is written with the newest resourceVersion after a conflict', async () => {
      client.answer(byTurns('patch', STATUS, refusal(409), accept('3', { seed: 'seed' })));
      client.answer(
        byTurns(
          'get',
          OBJECT,
          rawConfiguration('kill', {}, { metadata: { resourceVersion: '2' } }),
        ),
      );
      const record = recordOf();
      record.sow('seed');
      await record.flush(signal);
      expect(client.log).to.deep.equal([`patch ${STATUS}`, `get ${OBJECT}`, `patch ${STATUS}`]);
      expect(client.requests[2]?.body).to.deep.include({ metadata: { resourceVersion: '2' } });
    });

    it('is not written onto a successor of the same name', async () => {
      client.answer(byTurns('patch', STATUS, refusal(409)));
      client.answer(
        byTurns('get', OBJECT, rawConfiguration('kill', {}, { metadata: { uid: 'other' } })),
      );
      const record = recordOf();
      record.sow('seed');
      await record.flush(signal);
      expect(client.log).to.deep.equal([`patch ${STATUS}`, `get ${OBJECT}`]);
    });

    it('is not written any more once the configuration is gone', async () => {
      const record = recordOf();
      record.abandon();
      record.sow('seed');
      await record.flush(signal);
      expect(changed).to.deep.equal([]);
      expect(client.log).to.deep.equal([]);
    });

    it('keeps the time of a condition that does not change', () => {
      const record = recordOf();
      const condition = {
        type: 'Active',
        status: 'False',
        reason: 'Disabled',
        message: 'spec.enabled is not true',
      } as const;
      record.setConditions(1, condition);
      clock.jump(60_000);
      record.setConditions(2, condition);
      expect(record.status.conditions[0]).to.deep.include({
        lastTransitionTime: '2026-01-01T00:00:00.000Z',
        observedGeneration: 2,
      });
    });

    it('takes back what it promised when it rests', () => {
      const record = recordOf();
      record.promise({ nextExecution: clock.now(), generation: 1, timeoutMs: 10_000 });
      record.rest(1, {
        type: 'Active',
        status: 'False',
        reason: 'Disabled',
        message: 'spec.enabled is not true',
      });
      expect(record.status.nextExecution).to.equal(undefined);
    });

    it('promises nothing after an act of a watcher that was stopped', () => {
      const record = recordOf();
      record.promise({ nextExecution: clock.now(), generation: 1, timeoutMs: 10_000 });
      record.conclude(1, { kind: 'acted', message: 'scaled', victims: [] }, undefined);
      expect(record.status.nextExecution).to.equal(undefined);
      expect(record.status.lastOutcome).to.include({ result: 'Acted' });
    });

    it('draws a seed when there is none, and keeps the one there is', () => {
      const drawn = recordOf();
      drawn.sow(undefined);
      expect(drawn.seed).to.match(/^[0-9a-f-]{36}$/);
      const kept = recordOf(configuration('kill', {}, { status: { seed: 'old' } }));
      kept.sow(undefined);
      expect(kept.seed).to.equal('old');
      kept.sow('new');
      expect(kept.seed).to.equal('new');
    });
  });
});
