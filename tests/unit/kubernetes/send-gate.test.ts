import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { json, reset, silence } from '../../fakes/api-answers.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { Calling, never, read, remove } from './calling.ts';

const fine = json(200, { ok: true });

describe('KubernetesRequest.beforeSend', () => {
  it('is called in the turn in which the request is written, before it', async () => {
    await using calling = await Calling.meeting(fine);
    const steps: string[] = [];
    const written = () => steps.push('written');
    subscribe('undici:client:sendHeaders', written);
    try {
      const beforeSend = () => {
        steps.push('asked');
        queueMicrotask(() => steps.push('next turn'));
      };
      await calling.call({ ...remove, body: { propagationPolicy: 'Background' }, beforeSend });
    } finally {
      unsubscribe('undici:client:sendHeaders', written);
    }
    expect(steps).to.deep.equal(['asked', 'written', 'next turn']);
  });

  it('waits as long as the request waits for a connection', async () => {
    await using calling = await Calling.meeting();
    const busy = Array.from({ length: 4 }, () => calling.client.call(read, never));
    await calling.server.request(3);
    let asked = false;
    const beforeSend = () => {
      asked = true;
    };
    const waiting = calling.client.call({ ...remove, beforeSend }, never);
    await settle();
    expect(asked).to.equal(false);
    calling.server.answer(fine, fine, fine, fine, fine);
    await Promise.all([...busy, waiting]);
    expect(asked).to.equal(true);
  });

  it('is called again for each attempt', async () => {
    await using calling = await Calling.meeting(reset, fine);
    let count = 0;
    const beforeSend = () => {
      count += 1;
    };
    await calling.call({ ...remove, repeatable: true, beforeSend });
    expect(count).to.equal(2);
  });

  it('keeps the request back with what it throws, and is not tried again', async () => {
    await using calling = await Calling.meeting(fine);
    const error = new ChaosError('ERR_LEASE_LOST', 'not now');
    let count = 0;
    const beforeSend = () => {
      count += 1;
      throw error;
    };
    const outcome = await calling.client
      .call({ ...remove, repeatable: true, beforeSend }, never)
      .catch((caught: unknown) => caught);
    expect([outcome, count]).to.deep.equal([error, 1]);
    expect(calling.calls).to.deep.equal([]);
    expect(await calling.call(read)).to.deep.equal({ ok: true });
    expect(calling.server.requests.map(({ method }) => method)).to.deep.equal(['GET']);
    expect(calling.server.connections).to.equal(1);
  });

  it('is not called for a request that was given up before it had a connection', async () => {
    await using calling = await Calling.meeting(...Array(4).fill(silence));
    const stop = new AbortController();
    const busy = Array.from({ length: 4 }, () => calling.client.call(read, stop.signal));
    await calling.server.request(3);
    let asked = false;
    const beforeSend = () => {
      asked = true;
    };
    const waiting = calling.client.call({ ...remove, beforeSend }, stop.signal);
    await settle();
    stop.abort(new Error('enough'));
    const outcomes = await Promise.allSettled([...busy, waiting]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(Array(5).fill('rejected'));
    await settle();
    expect(asked).to.equal(false);
  });
});
