import { expect } from 'chai';
import type { KubernetesRequest, Verb } from '../../../src/kubernetes/client.ts';
import { fencedClient } from '../../../src/kubernetes/fenced-client.ts';
import { FENCE_MARGIN_MS } from '../../../src/kubernetes/fenced-write.ts';
import { undisputed } from '../../../src/kubernetes/leadership.ts';
import { lostAnswer, refusal, ScriptedClient } from '../../fakes/scripted-client.ts';

const never = new AbortController().signal;

/** A fenced client, and what comes through the fence. */
function fenced(remainingMs: number) {
  const scripted = new ScriptedClient(() => ({}));
  const lease = { remainingMs };
  const leadership = { signal: never, remainingMs: () => lease.remainingMs };
  return { lease, scripted, client: fencedClient(scripted, leadership) };
}

function request(verb: Verb, more: Partial<KubernetesRequest> = {}): KubernetesRequest {
  return { verb, resource: 'pods', path: '/api/v1/pods/a', ...more };
}

async function codeOf(outcome: Promise<unknown>): Promise<unknown> {
  return outcome.then(
    () => 'sent',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

const writes: readonly Verb[] = ['create', 'update', 'patch', 'delete'];

describe('fencedClient', () => {
  it('lets a watch pass as it is, whoever has the lease', async () => {
    const { client, scripted } = fenced(Number.NEGATIVE_INFINITY);
    const sent = request('watch');
    await client.call(sent, never);
    expect(scripted.requests).to.deep.equal([sent]);
  });

  for (const verb of ['get', 'list'] as const) {
    it(`lets a ${verb} take no longer than the lease, so that whoever reads ends with it`, async () => {
      const { client, scripted } = fenced(3_000);
      await client.call(request(verb), never);
      const deadlineMs = 3_000 - FENCE_MARGIN_MS;
      expect(scripted.requests).to.deep.equal([{ ...request(verb), deadlineMs }]);
    });

    it(`refuses a ${verb} when the lease may be another's`, async () => {
      const { client, scripted } = fenced(FENCE_MARGIN_MS);
      expect(await codeOf(client.call(request(verb), never))).to.equal('ERR_LEASE_LOST');
      expect(scripted.requests).to.deep.equal([]);
    });
  }

  for (const verb of writes) {
    it(`refuses a ${verb} when the lease may be another's`, async () => {
      const { client, scripted } = fenced(FENCE_MARGIN_MS);
      expect(await codeOf(client.call(request(verb), never))).to.equal('ERR_LEASE_LOST');
      expect(scripted.requests).to.deep.equal([]);
    });

    it(`refuses a ${verb} at the moment of sending, when the lease ran out while it waited`, async () => {
      const { client, lease, scripted } = fenced(15_000);
      scripted.answer((waiting) => {
        lease.remainingMs = FENCE_MARGIN_MS;
        waiting.beforeSend?.();
        return {};
      });
      expect(await codeOf(client.call(request(verb), never))).to.equal('ERR_LEASE_LOST');
    });
  }

  it('says what was not sent', async () => {
    const { client } = fenced(0);
    const error = await client.call(request('delete'), never).catch((caught: unknown) => caught);
    expect(error).to.have.property(
      'message',
      "delete pods (/api/v1/pods/a): not sent, because the lease may be another's by now",
    );
  });

  it('lets ourselves and the API server give up before the lease ends', async () => {
    const { client, scripted } = fenced(3_000);
    await client.call(request('patch', { query: { fieldManager: 'x' } }), never);
    const [sent] = scripted.requests;
    expect(sent?.deadlineMs).to.equal(3_000 - FENCE_MARGIN_MS);
    expect(sent?.query).to.deep.equal({ fieldManager: 'x', timeout: '1450ms' });
  });

  it('does not give more time than was asked for', async () => {
    const { client, scripted } = fenced(60_000);
    await client.call(request('patch', { deadlineMs: 500 }), never);
    const [sent] = scripted.requests;
    expect([sent?.deadlineMs, sent?.query?.timeout]).to.deep.equal([500, '500ms']);
  });

  it('refuses what the API server could still do after the lease has ended', async () => {
    const { client, lease, scripted } = fenced(3_000);
    scripted.answer((waiting) => {
      lease.remainingMs = 1_449 + FENCE_MARGIN_MS;
      waiting.beforeSend?.();
      return {};
    });
    expect(await codeOf(client.call(request('delete'), never))).to.equal('ERR_LEASE_LOST');
  });

  it('lets a write that waited pass while the lease outlasts its time', async () => {
    const { client, lease, scripted } = fenced(3_000);
    scripted.answer((waiting) => {
      lease.remainingMs = 1_450 + FENCE_MARGIN_MS;
      waiting.beforeSend?.();
      return {};
    });
    expect(await codeOf(client.call(request('delete'), never))).to.equal('sent');
  });

  it('waits for the answer of what is sent, though its signal aborts', async () => {
    const { client, scripted } = fenced(3_000);
    const stop = new AbortController();
    scripted.answer((sent) => {
      sent.beforeSend?.();
      stop.abort();
      return { done: true };
    });
    expect(await client.call(request('delete'), stop.signal)).to.deep.equal({ done: true });
  });

  it('sends nothing any more once its signal has aborted', async () => {
    const { client, scripted } = fenced(3_000);
    const stop = new AbortController();
    const reason = new Error('enough');
    scripted.answer((waiting) => {
      stop.abort(reason);
      waiting.beforeSend?.();
      return {};
    });
    expect(await codeOf(client.call(request('delete'), stop.signal))).to.equal(reason);
  });

  const ends: readonly [name: string, answer: unknown, open: number][] = [
    ['an answer', {}, 0],
    ['a refusal', refusal(409), 0],
    ['an error of the API server', refusal(504), 1],
    ['a connection that broke', lostAnswer(), 1],
  ];
  for (const [name, answer, open] of ends) {
    it(`${open ? 'does not know' : 'knows'} after ${name} that nothing takes effect any more`, async () => {
      const sent = new Set<number>();
      const leadership = {
        signal: never,
        remainingMs: () => 3_000,
        sending: (forMs: number) => {
          sent.add(forMs);
          return () => void sent.delete(forMs);
        },
      };
      const scripted = new ScriptedClient((waiting) => {
        waiting.beforeSend?.();
        if (answer instanceof Error) throw answer;
        return answer;
      });
      await codeOf(fencedClient(scripted, leadership).call(request('delete'), never));
      expect([...sent]).to.deep.equal(open ? [1_450 + FENCE_MARGIN_MS] : []);
    });
  }

  it('asks the request itself, too', async () => {
    const { client, scripted } = fenced(3_000);
    let asked = false;
    const beforeSend = () => {
      asked = true;
    };
    await client.call(request('delete', { beforeSend }), never);
    scripted.requests[0]?.beforeSend?.();
    expect(asked).to.equal(true);
  });

  it('changes nothing where nobody else can lead', async () => {
    const scripted = new ScriptedClient(() => ({}));
    const sent = request('delete');
    await fencedClient(scripted, undisputed(never)).call(sent, never);
    expect(scripted.requests).to.deep.equal([sent]);
  });
});
