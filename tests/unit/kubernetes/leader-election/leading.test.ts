import { expect } from 'chai';
import { fencedClient } from '../../../../src/kubernetes/fenced-client.ts';
import type { Leadership } from '../../../../src/kubernetes/leadership.ts';
import { aborted } from '../../../../src/runtime/abort.ts';
import { settle } from '../../../fakes/fake-clock.ts';
import { ScriptedClient } from '../../../fakes/scripted-client.ts';
import { Contest, DURATION_MS, RENEW_DEADLINE_MS, RETRY_MS } from './candidates.ts';

const never = new AbortController().signal;
const remove = { verb: 'delete', resource: 'pods', path: '/api/v1/pods/a' } as const;

describe('LeaderElection keeps the lease', () => {
  it('by renewing it every retry period with up to a fifth more', async () => {
    await using contest = new Contest();
    await contest.enter('a');
    await contest.clock.advance(11 * RETRY_MS);
    expect(contest.server.log).to.deep.equal(['a get', 'a create', ...Array(10).fill('a patch')]);
    expect(contest.server.lease?.spec.renewTime).to.equal('2026-01-01T00:00:22.000000Z');
    expect(contest.server.lease?.spec.acquireTime).to.equal('2026-01-01T00:00:00.000000Z');
  });

  it('without a watch, while those who follow have one each', async () => {
    await using contest = new Contest();
    await contest.enter('a');
    await contest.enter('b');
    await contest.enter('c');
    await contest.clock.advance(60_000);
    expect(contest.server.watchers).to.deep.equal(['b', 'c']);
  });

  it('and writes what is new with each renewal, where all can read it', async () => {
    await using contest = new Contest();
    let watchers = 0;
    const annotations = () => ({ watchers: String(++watchers) });
    const a = await contest.enter('a', { annotations });
    const b = await contest.enter('b');
    await contest.clock.advance(1.2 * RETRY_MS);
    expect([a, b].map(({ election }) => election.annotation('watchers'))).to.deep.equal(['2', '2']);
    expect(b.election.holder).to.equal('a');
  });

  it('and adds whom it goes with, once that is known, to those it goes with', async () => {
    await using contest = new Contest();
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'monkey', uid: 'u' };
    let known: typeof owner | undefined;
    await contest.enter('a', { ownerReference: () => known });
    expect(contest.server.lease?.metadata).not.to.have.property('ownerReferences');
    contest.server.edit({}, { ownerReferences: [{ kind: 'ConfigMap', uid: 'v' }] });
    known = owner;
    await contest.clock.advance(3 * RETRY_MS);
    expect(contest.server.lease?.metadata.ownerReferences).to.deep.equal([
      { kind: 'ConfigMap', uid: 'v' },
      owner,
    ]);
  });

  it('when somebody else has changed the object and not the holder', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.edit({}, { annotations: { note: 'x' } });
    await contest.clock.advance(1.2 * RETRY_MS);
    expect(contest.server.log.slice(2)).to.deep.equal(['a patch', 'a get', 'a patch']);
    expect([a.leading, a.remainingMs > DURATION_MS - RETRY_MS]).to.deep.equal([true, true]);
  });

  it('by making it anew when it is deleted, before others may', async () => {
    await using contest = new Contest();
    await contest.enter('a');
    await contest.enter('b');
    contest.server.remove();
    await contest.clock.advance(60_000);
    expect([contest.server.holder, contest.leaders]).to.deep.equal(['a', ['a']]);
  });

  it('through an outage that is shorter than the renew deadline', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.fail('a', 'all', 'away');
    await contest.clock.advance(RENEW_DEADLINE_MS - 2 * RETRY_MS);
    contest.server.fail('a', 'all', undefined);
    await contest.clock.advance(60_000);
    expect([a.toldToEnd, contest.server.lease?.spec.leaseTransitions]).to.deep.equal([false, 0]);
  });

  it('counted from before the renewal was sent, not from its answer', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.delays = { beforeMs: 1_000, afterMs: 500 };
    await contest.clock.advance(1.1 * RETRY_MS + 1_499);
    expect(a.remainingMs).to.equal(DURATION_MS - 1.1 * RETRY_MS - 1_499);
    await contest.clock.advance(1);
    expect(a.remainingMs).to.equal(DURATION_MS - 1_500);
  });

  it('while what it leads is ending, and gives it back after that', async () => {
    await using contest = new Contest();
    const ending = Promise.withResolvers<void>();
    const lead = async ({ signal }: { readonly signal: AbortSignal }) => {
      await aborted(signal);
      await ending.promise;
    };
    const a = await contest.enter('a', { lead });
    const b = await contest.enter('b');
    a.stop();
    await contest.clock.advance(30_000);
    expect([contest.server.holder, b.leading]).to.deep.equal(['a', false]);
    expect(a.remainingMs).to.be.within(RENEW_DEADLINE_MS, DURATION_MS);
    ending.resolve();
    await settle();
    await settle();
    expect([contest.server.holder, b.leading]).to.deep.equal(['b', true]);
    expect(a.remainingMs).to.be.below(0);
  });
});

describe('LeaderElection gives the lease back', () => {
  it('to nobody, for a second, when it ends', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    await contest.clock.advance(1_000);
    a.stop();
    await a.ended;
    expect(contest.server.lease?.spec).to.deep.equal({
      holderIdentity: '',
      leaseDurationSeconds: 1,
      leaseTransitions: 0,
      acquireTime: '2026-01-01T00:00:01.000000Z',
      renewTime: '2026-01-01T00:00:01.000000Z',
    });
    expect(a.changes).to.deep.equal([
      'follows nobody',
      'follows a',
      'leads a',
      'follows a',
      'follows nobody',
    ]);
  });

  it('when it ends in the middle of a renewal, whichever of the two comes first', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.delays = { beforeMs: 0, afterMs: 1_000 };
    await contest.clock.advance(1.1 * RETRY_MS + 10);
    a.stop();
    await contest.clock.advance(5_000);
    await a.ended;
    expect(contest.server.holder).to.equal('');
  });

  it('when what it leads breaks, and breaks with it', async () => {
    await using contest = new Contest();
    const broken = new Error('broken');
    const a = await contest.enter('a', { lead: () => Promise.reject(broken) });
    expect(await a.ended.catch((error: unknown) => error)).to.equal(broken);
    expect(contest.server.holder).to.equal('');
  });

  it('when what it leads has ended by itself, and campaigns again', async () => {
    await using contest = new Contest();
    await contest.enter('a', { lead: async () => {} });
    expect(contest.server.holder).to.equal('');
    await contest.clock.advance(1.2 * RETRY_MS);
    expect(contest.server.lease?.spec.leaseTransitions).to.equal(1);
  });

  it('only when what was sent and not answered can take effect no more', async () => {
    await using contest = new Contest();
    const lead = async (leadership: Leadership) => {
      leadership.sending?.(900)();
      leadership.sending?.(3_000);
      await aborted(leadership.signal);
    };
    const a = await contest.enter('a', { lead });
    await contest.clock.advance(1_000);
    a.stop();
    await contest.clock.advance(1_999);
    expect(contest.server.holder).to.equal('a');
    await contest.clock.advance(1);
    expect(contest.server.holder).to.equal('');
  });

  it('not when another has it by then', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.edit({ holderIdentity: 'somebody' });
    a.stop();
    await a.ended;
    expect(contest.server.holder).to.equal('somebody');
  });

  it('or ends without that, when the API server is away', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.fail('a', 'all', 'silent');
    a.stop();
    await contest.clock.advance(RENEW_DEADLINE_MS / 2);
    await a.ended;
    expect(a.log.at(-1)).to.equal(
      'warn: the lease was not given back, and others wait until it has run out',
    );
  });
});

describe('LeaderElection loses the lease', () => {
  for (const fault of ['away', 'silent', { code: 500 }, { code: 403 }] as const) {
    const what = typeof fault === 'string' ? fault : `answering ${fault.code}`;
    it(`at the renew deadline, when the API server is ${what}`, async () => {
      await using contest = new Contest();
      const a = await contest.enter('a');
      await contest.enter('b');
      contest.server.fail('a', 'all', fault);
      await contest.clock.advance(RENEW_DEADLINE_MS - 1);
      expect(a.toldToEnd).to.equal(false);
      await contest.clock.advance(1);
      expect([a.toldToEnd, a.leading, contest.leaders]).to.deep.equal([true, false, []]);
      await contest.clock.advance(DURATION_MS - RENEW_DEADLINE_MS - 1);
      expect(contest.leaders).to.deep.equal([]);
      await contest.clock.advance(1.2 * RETRY_MS);
      expect(contest.leaders).to.deep.equal(['b']);
    });
  }

  it('at the next renewal when the holder is changed by hand, with nothing left', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.edit({ holderIdentity: 'somebody' });
    await contest.clock.advance(1.2 * RETRY_MS);
    expect([a.toldToEnd, a.leading]).to.deep.equal([true, false]);
    expect(a.remainingMs).to.be.below(0);
    expect(contest.server.holder).to.equal('somebody');
  });

  it('at the next renewal when somebody releases it by hand, and takes it again', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    const { leadership } = a;
    contest.server.edit({ holderIdentity: '' });
    await contest.clock.advance(1.2 * RETRY_MS);
    expect([leadership?.signal.aborted, a.leading]).to.deep.equal([true, false]);
    await contest.clock.advance(1.2 * RETRY_MS);
    expect([a.leading, contest.server.holder]).to.deep.equal([true, 'a']);
  });

  it('and leads again once it can', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.fail('a', 'all', 'away');
    await contest.clock.advance(60_000);
    contest.server.fail('a', 'all', undefined);
    await contest.clock.advance(1.2 * RETRY_MS);
    expect(a.leading).to.equal(true);
  });

  it('without an error, though what it leads was refused a write', async () => {
    await using contest = new Contest();
    const lead = async (leadership: Parameters<typeof fencedClient>[1]) => {
      await aborted(leadership.signal);
      await contest.clock.sleep(DURATION_MS, never);
      await fencedClient(new ScriptedClient(), leadership).call(remove, never);
    };
    const a = await contest.enter('a', { lead });
    contest.server.fail('a', 'patch', 'away');
    await contest.clock.advance(60_000);
    expect(a.log).to.include('info: this replica leads no more');
    expect(await Promise.race([a.ended, 'running'])).to.equal('running');
  });
});

describe('LeaderElection after a pause of the process', () => {
  it('knows at once that another may have the lease', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    const pods = new ScriptedClient(() => ({}));
    if (a.leadership === undefined) throw new Error('it does not lead');
    const client = fencedClient(pods, a.leadership);
    await client.call(remove, never);
    contest.clock.pause(DURATION_MS);
    const outcome = await client.call(remove, never).catch((error: unknown) => error);
    expect(outcome).to.have.property('code', 'ERR_LEASE_LOST');
    expect(pods.log).to.deep.equal(['delete pods']);
  });

  it('does not count a renewal from when it read the answer', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    contest.server.delays = { beforeMs: 0, afterMs: 10 };
    await contest.clock.advance(1.1 * RETRY_MS);
    await contest.clock.leap(DURATION_MS);
    expect(a.remainingMs).to.be.at.most(0);
    expect(a.toldToEnd).to.equal(true);
  });

  it('ends what it led, and takes the lease again only when it is free', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    const before = a.leadership;
    contest.server.edit({ holderIdentity: 'b' });
    await contest.clock.leap(DURATION_MS);
    expect([before?.signal.aborted, a.leading]).to.deep.equal([true, false]);
    expect(contest.server.holder).to.equal('b');
  });
});
