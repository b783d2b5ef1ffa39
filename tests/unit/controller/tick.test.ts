import { expect } from 'chai';
import { ConfigurationRecord } from '../../../src/controller/configuration-record.ts';
import { type Act, type Mode, type Occasion, tick } from '../../../src/controller/tick.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { byTurns, lostAnswer, refusal, ScriptedClient } from '../../fakes/scripted-client.ts';
import { configuration, rawConfiguration } from '../../fakes/stripped-objects.ts';

const STATUS = 'chaosmonkeyconfigurations/status';

describe('tick', () => {
  let clock: FakeClock;
  let client: ScriptedClient;
  let record: ConfigurationRecord;
  let performed: number;
  let ending: AbortController;

  beforeEach(() => {
    clock = new FakeClock();
    client = new ScriptedClient();
    performed = 0;
    ending = new AbortController();
    const object = configuration('kill', {}, { status: { seed: 'seed', ticks: 3 } });
    record = new ConfigurationRecord(object, { client, clock, onChange: () => {} });
  });

  const claimable = () =>
    client.answer(byTurns('patch', STATUS, rawConfiguration('kill', {}, { status: { ticks: 4 } })));

  const act = (perform: Act['perform']): Mode => ({
    decide: async () => ({
      kind: 'act',
      perform: () => {
        performed += 1;
        return perform();
      },
    }),
  });
  const killed = async () =>
    ({ kind: 'acted', message: 'killed pod a', victims: [{ kind: 'Pod', name: 'a' }] }) as const;

  const run = (mode: Mode, signal = new AbortController().signal) =>
    tick(
      {
        ...{ record, generation: 1, mode, clock, ending: ending.signal },
        delayMs: (failed) => (failed ? 20_000 : 10_000),
      },
      signal,
    );

  it('claims, then acts once, then notes the outcome', async () => {
    claimable();
    const mode = act(async () => {
      expect(client.log).to.deep.equal([`patch ${STATUS}`]);
      return killed();
    });
    expect(await run(mode)).to.deep.include({ kind: 'acted', number: 4 });
    expect(performed).to.equal(1);
    expect(record.status).to.deep.include({
      ticks: 4,
      lastExecution: '2026-01-01T00:00:00.000Z',
      nextExecution: '2026-01-01T00:00:10.000Z',
      lastVictims: [{ kind: 'Pod', name: 'a' }],
    });
    expect(record.status.lastOutcome).to.include({ result: 'Acted', tick: 4 });
  });

  it('counts a skip as a tick, with one write', async () => {
    claimable();
    const skip = { kind: 'skip', reason: 'NoReadyPods', message: 'none' } as const;
    expect(await run({ decide: async () => skip })).to.deep.equal({
      ...skip,
      number: 4,
      nextDue: 10_000,
    });
    expect(client.log).to.deep.equal([`patch ${STATUS}`]);
    expect(record.status.lastOutcome).to.include({ reason: 'NoReadyPods', tick: 4 });
  });

  it('lets a whole timeout pass after an act, however long it took, and says so in the status', async () => {
    client.answer(() => clock.advance(300).then(() => rawConfiguration('kill')));
    const mode = act(async () => {
      await clock.advance(2_000);
      return killed();
    });
    expect(await run(mode)).to.include({ nextDue: 12_300 });
    expect(record.status.nextExecution).to.equal('2026-01-01T00:00:12.300Z');
  });

  it('does not act without a claim', async () => {
    client.answer(byTurns('patch', STATUS, refusal(404)));
    expect(await run(act(killed))).to.deep.equal({
      kind: 'unclaimed',
      message: 'the configuration is gone',
    });
    expect(performed).to.equal(0);
  });

  it('does not act when nobody knows whether the claim was written', async () => {
    client.answer(byTurns('patch', STATUS, lostAnswer()));
    const failure = await run(act(killed)).catch((error) => error);
    expect(failure).to.be.instanceOf(ChaosError);
    expect(performed).to.equal(0);
    expect(record.status.ticks).to.equal(3);
  });

  it('does not act when it is stopped between the claim and the act, and says so', async () => {
    const stopping = new AbortController();
    client.answer(({ verb }) => {
      if (verb === 'patch') stopping.abort();
      return rawConfiguration('kill', {}, { status: { ticks: 4 } });
    });
    const result = await run(act(killed), stopping.signal);
    expect(result).to.deep.include({ kind: 'skip', reason: 'Stopped' });
    expect(performed).to.equal(0);
    expect(record.status.lastOutcome).to.include({ result: 'Skipped', reason: 'Stopped' });
  });

  it('promises the next occasion to whoever goes on, when the program ends during the act', async () => {
    claimable();
    const stopping = new AbortController();
    const mode = act(() => {
      ending.abort();
      stopping.abort();
      clock.jump(1_500);
      return killed();
    });
    expect(await run(mode, stopping.signal)).to.include({ kind: 'acted' });
    expect(record.status.nextExecution).to.equal('2026-01-01T00:00:11.500Z');
  });

  it('promises nothing when its configuration is stopped during the act', async () => {
    claimable();
    const stopping = new AbortController();
    const mode = act(() => {
      stopping.abort();
      return killed();
    });
    expect(await run(mode, stopping.signal)).to.include({ kind: 'acted' });
    expect(record.status.nextExecution).to.equal(undefined);
  });

  it('does not even claim when it is stopped while it looks', async () => {
    const stopping = new AbortController();
    const mode: Mode = {
      decide: async () => {
        stopping.abort(new Error('stopped'));
        return { kind: 'act', perform: killed };
      },
    };
    const failure = await run(mode, stopping.signal).catch((error) => error);
    expect(failure).to.have.property('message', 'stopped');
    expect(client.log).to.deep.equal([]);
  });

  const failures: readonly [string, unknown, string][] = [
    ['a refusal', refusal(422), 'Refused'],
    ['a missing right', refusal(403), 'Forbidden'],
    ['a lost connection', lostAnswer(), 'Unreachable'],
    ['a mistake of ours', new TypeError('x is not a function'), 'InternalError'],
  ];
  for (const [name, error, reason] of failures) {
    it(`calls ${name} of an act ${reason}, and postpones the next tick`, async () => {
      claimable();
      const result = await run(act(() => Promise.reject(error)));
      expect(result).to.deep.include({ kind: 'failed', reason, number: 4 });
      expect(record.status.nextExecution).to.equal('2026-01-01T00:00:20.000Z');
      expect(record.status.lastOutcome).to.include({ result: 'Failed', reason });
    });

    it(`calls ${name} of a look ${reason}, with the claim`, async () => {
      claimable();
      const result = await run({ decide: () => Promise.reject(error) });
      expect(result).to.deep.include({ kind: 'failed', reason });
      expect(record.status.nextExecution).to.equal('2026-01-01T00:00:20.000Z');
      expect(client.log).to.deep.equal([`patch ${STATUS}`]);
    });
  }

  it('draws from a stream that belongs to seed, namespace, name and number', async () => {
    const draws: number[] = [];
    const draw = (seed: string) => {
      claimable();
      const object = configuration('kill', {}, { status: { seed, ticks: 3 } });
      record = new ConfigurationRecord(object, { client, clock, onChange: () => {} });
      return run({
        decide: async ({ number, random }: Occasion) => {
          expect(number).to.equal(4);
          draws.push(random());
          return { kind: 'skip', reason: 'NoReadyPods', message: 'none' };
        },
      });
    };
    await draw('seed');
    await draw('seed');
    await draw('other');
    expect(draws[1]).to.equal(draws[0]);
    expect(draws[2]).to.not.equal(draws[0]);
  });
});
