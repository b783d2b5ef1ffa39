import { expect } from 'chai';
import { ConfigurationRecord } from '../../../src/controller/configuration-record.ts';
import { StatusWriter } from '../../../src/controller/status-writer.ts';
import type { KubernetesRequest } from '../../../src/kubernetes/client.ts';
import { silentLogger } from '../../../src/runtime/logger.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { lostAnswer, refusal, ScriptedClient } from '../../fakes/scripted-client.ts';
import { configuration, rawConfiguration } from '../../fakes/stripped-objects.ts';

describe('StatusWriter', () => {
  let clock: FakeClock;
  let client: ScriptedClient;
  let writer: StatusWriter;
  let ending: AbortController;
  let running: Promise<void>;

  beforeEach(() => {
    clock = new FakeClock();
    client = new ScriptedClient(written);
    writer = new StatusWriter({ clock, logger: silentLogger, random: () => 0.5, workers: 2 });
    ending = new AbortController();
    running = writer.run(ending.signal);
  });

  afterEach(async () => {
    ending.abort();
    await running;
    expect(clock.sleeping).to.equal(0);
  });

  const recordOf = (name: string) =>
    new ConfigurationRecord(configuration(name), {
      client,
      clock,
      onChange: (record) => writer.schedule(record),
    });

  it('writes what changed several times in a turn in one write', async () => {
    const record = recordOf('kill');
    record.sow('one');
    record.sow('two');
    record.promise({ nextExecution: clock.now(), generation: 1, timeoutMs: 1_000 });
    await settle();
    expect(client.requests.map(({ body }) => body)).to.deep.equal([
      {
        metadata: { resourceVersion: '1' },
        status: { seed: 'two', nextExecution: '2026-01-01T00:00:00.000Z' },
      },
    ]);
  });

  it('writes many, no more at a time than it has workers', async () => {
    let open = 0;
    let most = 0;
    client.answer(async (request) => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open -= 1;
      return written(request);
    });
    const records = Array.from({ length: 20 }, (_, n) => recordOf(`kill-${n}`));
    for (const record of records) record.sow('seed');
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(client.requests).to.have.length(20);
    expect(most).to.equal(2);
  });

  for (const [name, error] of [
    ['a lost answer', lostAnswer()],
    ['a refusal', refusal(403)],
    ['a server error', refusal(500)],
  ] as const) {
    it(`tries again, later and later, after ${name}`, async () => {
      let failures = 2;
      client.answer(() => {
        if (failures-- > 0) throw error;
      });
      recordOf('kill').sow('seed');
      await settle();
      expect(client.requests).to.have.length(1);
      await clock.advance(500);
      expect(client.requests).to.have.length(2);
      await clock.advance(500);
      expect(client.requests).to.have.length(2);
      await clock.advance(500);
      expect(client.requests).to.have.length(3);
      await clock.advance(60_000);
      expect(client.requests).to.have.length(3);
    });
  }

  it('lets go of a configuration that is gone', async () => {
    client.answer(() => {
      throw refusal(404);
    });
    recordOf('kill').sow('seed');
    await clock.advance(60_000);
    expect(client.requests).to.have.length(1);
  });

  it('writes others while one cannot be written', async () => {
    client.answer(({ path }) => {
      if (path.includes('/bad/')) throw refusal(500);
    });
    recordOf('bad').sow('seed');
    await settle();
    for (const name of ['a', 'b', 'c']) recordOf(name).sow('seed');
    await settle();
    expect(client.requests.filter(({ path }) => !path.includes('/bad/'))).to.have.length(3);
  });

  it('writes what is left when it ends', async () => {
    recordOf('kill').sow('seed');
    ending.abort();
    await running;
    expect(client.requests).to.have.length(1);
  });

  it('does not wait for longer than 2 s for what cannot be written when it ends', async () => {
    client.answer(() => {
      throw refusal(500);
    });
    recordOf('kill').sow('seed');
    await settle();
    ending.abort();
    await clock.advance(2_000);
    await running;
  });
});

function written({ path }: KubernetesRequest): unknown {
  const name = /([^/]+)\/status$/.exec(path)?.[1] ?? '';
  return rawConfiguration(name);
}
