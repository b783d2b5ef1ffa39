import { expect } from 'chai';
import { ConfigurationRecord } from '../../../src/controller/configuration-record.ts';
import { runTicks } from '../../../src/controller/run-ticks.ts';
import type { Mode } from '../../../src/controller/tick.ts';
import { FakeContext } from '../../fakes/fake-context.ts';
import { acceptedSpec, configuration, deployment } from '../../fakes/stripped-objects.ts';

const TEN_MINUTES_MS = 600_000;

const OUTCOME = {
  ...{ result: 'Acted', reason: 'PodDeleted', message: 'killed pod a', tick: 3 },
  time: '2025-12-31T23:49:58Z',
};

describe('runTicks', () => {
  const never: Mode = { decide: () => Promise.reject(new Error('too early')) };

  /** Ten seconds between ticks; the clock is at 2026-01-01T00:00:00Z. */
  const promised = async (status: object, clockLeadMs: number): Promise<string | undefined> => {
    await using fake = new FakeContext();
    const context = { ...fake.context, clockLeadMs };
    const known = { seed: 'seed', ticks: 3, lastOutcome: OUTCOME };
    const object = configuration('kill', {}, { status: { ...known, ...status } });
    const { client, clock } = fake;
    const record = new ConfigurationRecord(object, { client, clock, onChange: () => {} });
    using metrics = fake.metrics.crdWatcher('shop');
    const stop = new AbortController();
    const running = runTicks(
      {
        ...{ context, metrics, record, mode: never, generation: 1, deployment: deployment('web') },
        spec: acceptedSpec({ timeoutMs: 10_000 }),
      },
      stop.signal,
    );
    stop.abort();
    await running.catch(() => {});
    return record.status.nextExecution;
  };

  it('keeps the promise of an earlier life', async () => {
    const status = { observedGeneration: 1, nextExecution: '2026-01-01T00:00:04Z' };
    expect(await promised(status, 0)).to.equal('2026-01-01T00:00:04.000Z');
  });

  it('keeps it by its own clock where the one who made it had a clock that was behind', async () => {
    const status = { observedGeneration: 1, nextExecution: '2025-12-31T23:50:04Z' };
    expect(await promised(status, TEN_MINUTES_MS)).to.equal('2026-01-01T00:00:04.000Z');
  });

  it('keeps it by its own clock where the one who made it had a clock that was ahead', async () => {
    const status = { observedGeneration: 1, nextExecution: '2026-01-01T00:10:04Z' };
    expect(await promised(status, -TEN_MINUTES_MS)).to.equal('2026-01-01T00:00:04.000Z');
  });

  it('waits a whole timeout after a tick of an earlier life whose end nobody knows', async () => {
    const status = {
      ...{ observedGeneration: 1, ticks: 4 },
      ...{ lastExecution: '2025-12-31T23:59:59Z', nextExecution: '2026-01-01T00:00:09Z' },
    };
    expect(await promised(status, 0)).to.equal('2026-01-01T00:00:10.000Z');
  });

  it('counts a timeout from the last execution by its own clock too', async () => {
    const status = { observedGeneration: 1, lastExecution: '2025-12-31T23:49:57Z' };
    expect(await promised(status, TEN_MINUTES_MS)).to.equal('2026-01-01T00:00:07.000Z');
  });
});
