import { expect } from 'chai';
import type { Clock } from '../../../../src/runtime/clock.ts';
import { settle } from '../../../fakes/fake-clock.ts';
import { Contest, DURATION_MS, RENEW_DEADLINE_MS, RETRY_MS } from './candidates.ts';

const TEN_MINUTES_MS = 600_000;

describe('LeaderElection takes the lease', () => {
  it('that is not there, and says who, since when and for how long', async () => {
    await using contest = new Contest();
    await contest.enter('a', { annotations: () => ({ watchers: '3' }) });
    const time = '2026-01-01T00:00:00.000000Z';
    expect(contest.server.lease?.spec).to.deep.equal({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: time,
      renewTime: time,
    });
    expect(contest.server.lease?.metadata.annotations).to.deep.equal({ watchers: '3' });
  });

  it('when it has not seen it change for its duration, and counts the transition', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    const b = await contest.enter('b');
    contest.server.fail('a', 'all', 'away');
    await contest.clock.advance(DURATION_MS - 100);
    expect([a.toldToEnd, b.leading]).to.deep.equal([true, false]);
    await contest.clock.advance(1.2 * RETRY_MS);
    expect(b.leading).to.equal(true);
    expect(contest.server.lease?.spec).to.include({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('as soon as it is given back, if it may watch', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    const b = await contest.enter('b');
    a.stop();
    await settle();
    await settle();
    expect([a.leading, b.leading]).to.deep.equal([false, true]);
    expect(contest.clock.monotonic()).to.equal(0);
  });

  it('within 1.2 retry periods after it was given back, if it may not watch', async () => {
    await using contest = new Contest();
    contest.server.fail('b', 'watch', { code: 403 });
    const a = await contest.enter('a');
    const b = await contest.enter('b');
    a.stop();
    await contest.clock.advance(1.2 * RETRY_MS);
    expect([a.leading, b.leading]).to.deep.equal([false, true]);
    expect(b.election.problem).to.equal(undefined);
  });

  it('that carries its own name, as after a claim whose answer was lost', async () => {
    await using contest = new Contest();
    contest.server.fail('a', 'create', 'lost-answer');
    const a = await contest.enter('a');
    await settle();
    expect(contest.server.log).to.deep.equal(['a get', 'a create', 'a patch']);
    expect(a.leading).to.equal(true);
  });

  it('only once, where two see it free at the same time', async () => {
    await using contest = new Contest();
    contest.server.delays = { beforeMs: 10, afterMs: 10 };
    const a = await contest.enter('a');
    const b = await contest.enter('b');
    await contest.clock.advance(100);
    expect([a.leading, b.leading].filter(Boolean)).to.have.length(1);
    expect(contest.leaders).to.deep.equal([contest.server.holder]);
  });
});

describe('LeaderElection leaves the lease to its holder', () => {
  for (const offsetMs of [-TEN_MINUTES_MS, TEN_MINUTES_MS]) {
    it(`though the clocks of the two differ by ${offsetMs / 60_000} minutes`, async () => {
      await using contest = new Contest();
      await contest.enter('a');
      const { clock } = contest;
      const skewed: Clock = {
        now: () => clock.now() + offsetMs,
        monotonic: () => clock.monotonic(),
        sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
      };
      await contest.enter('b', { clock: skewed });
      await clock.advance(TEN_MINUTES_MS);
      expect(contest.leaders).to.deep.equal(['a']);
      expect(contest.server.lease?.spec.leaseTransitions).to.equal(0);
    });

    it(`and knows, once it leads, how the clock differs by ${offsetMs / 60_000} minutes`, async () => {
      await using contest = new Contest();
      const a = await contest.enter('a');
      const { clock } = contest;
      const skewed: Clock = {
        now: () => clock.now() + offsetMs,
        monotonic: () => clock.monotonic(),
        sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
      };
      const b = await contest.enter('b', { clock: skewed });
      await clock.advance(5_000);
      a.stop();
      await clock.advance(1_000);
      expect([a.leadership?.clockLeadMs, b.leadership?.clockLeadMs]).to.deep.equal([0, offsetMs]);
      contest.server.fail('b', 'all', 'away');
      await clock.advance(DURATION_MS);
      const before = b.leadership;
      contest.server.fail('b', 'all', undefined);
      await clock.advance(DURATION_MS);
      expect(b.leadership).not.to.equal(before);
      expect(b.leadership?.clockLeadMs, 'of itself').to.equal(0);
    });

    it(`though the clock jumps by ${offsetMs / 60_000} minutes`, async () => {
      await using contest = new Contest();
      const a = await contest.enter('a');
      await contest.enter('b');
      await contest.clock.advance(5_000);
      contest.clock.jump(offsetMs);
      expect(a.remainingMs).to.be.within(RENEW_DEADLINE_MS, DURATION_MS);
      await contest.clock.advance(DURATION_MS);
      expect(contest.leaders).to.deep.equal(['a']);
    });
  }

  it('when it was itself paused, and has not looked since', async () => {
    await using contest = new Contest();
    await contest.enter('a');
    const b = await contest.enter('b');
    contest.server.fail('b', 'all', 'away');
    await contest.clock.advance(DURATION_MS - 1_000);
    contest.server.fail('b', 'all', undefined);
    await contest.clock.advance(TEN_MINUTES_MS);
    expect([b.leading, contest.leaders]).to.deep.equal([false, ['a']]);
  });

  it('for as long as it would have lasted, when the lease is deleted', async () => {
    await using contest = new Contest();
    const a = await contest.enter('a');
    const b = await contest.enter('b');
    contest.server.fail('a', 'all', 'away');
    contest.server.remove();
    await contest.clock.advance(DURATION_MS - 100);
    expect([a.toldToEnd, b.leading, contest.server.lease]).to.deep.equal([true, false, undefined]);
    await contest.clock.advance(1.2 * RETRY_MS);
    expect([b.leading, contest.server.holder]).to.deep.equal([true, 'b']);
  });

  const rubbish: readonly [what: string, spec: Record<string, unknown>, waitedMs: number][] = [
    ['no duration', { leaseDurationSeconds: undefined }, DURATION_MS],
    ['a negative duration', { leaseDurationSeconds: -7 }, DURATION_MS],
    ['a duration that is a text', { leaseDurationSeconds: 'long' }, DURATION_MS],
    ['a duration of years', { leaseDurationSeconds: 2 ** 31 - 1 }, TEN_MINUTES_MS],
    ['times that are no times', { renewTime: 'yesterday', acquireTime: 7 }, DURATION_MS],
  ];
  for (const [what, spec, waitedMs] of rubbish) {
    it(`no longer than is sensible, when it has ${what}`, async () => {
      await using contest = new Contest();
      const a = await contest.enter('a');
      contest.server.edit({ holderIdentity: 'somebody', ...spec });
      await contest.clock.advance(1.2 * RETRY_MS);
      expect(a.toldToEnd).to.equal(true);
      await contest.clock.advance(waitedMs - 2 * 1.2 * RETRY_MS);
      expect(contest.leaders).to.deep.equal([]);
      await contest.clock.advance(3 * 1.2 * RETRY_MS);
      expect(contest.leaders).to.deep.equal(['a']);
    });
  }

  it('as long as the holder believes, when somebody shortens it', async () => {
    await using contest = new Contest();
    await contest.enter('a');
    const b = await contest.enter('b');
    contest.server.fail('a', 'all', 'silent');
    contest.server.edit({ leaseDurationSeconds: 1 });
    await contest.clock.advance(DURATION_MS - 100);
    expect(b.leading).to.equal(false);
  });
});

describe('LeaderElection tells why the lease cannot be had:', () => {
  const rule = (verb: string, names = 'resourceNames: ["monkey"], ') =>
    `expected a Role in the namespace "home" with the rule {apiGroups: ["coordination.k8s.io"], ` +
    `resources: ["leases"], ${names}verbs: ["${verb}"]}, got: no`;

  it('the rule that is missing to read it', async () => {
    await using contest = new Contest();
    contest.server.fail('a', 'get', { code: 403, message: 'no' });
    const a = await contest.enter('a');
    expect(a.election.problem).to.equal(rule('get'));
    expect(a.log).to.deep.equal(['warn: the Lease cannot be had']);
  });

  it('the rule that is missing to make it', async () => {
    await using contest = new Contest();
    contest.server.fail('a', 'create', { code: 403, message: 'no' });
    const a = await contest.enter('a');
    expect(a.election.problem).to.equal(rule('create', ''));
  });

  it('the rule that is missing to change it', async () => {
    await using contest = new Contest();
    const b = await contest.enter('b');
    b.stop();
    await settle();
    contest.server.fail('a', 'patch', { code: 403, message: 'no' });
    const a = await contest.enter('a');
    expect(a.election.problem).to.equal(rule('patch'));
  });

  it('a namespace that is not there', async () => {
    await using contest = new Contest();
    contest.server.fail('a', 'create', { code: 404, message: 'namespaces "home" not found' });
    const a = await contest.enter('a');
    expect(a.election.problem).to.match(/^the namespace "home" of the Lease does not exist: /);
  });

  it('a namespace that is being deleted', async () => {
    await using contest = new Contest();
    contest.server.fail('a', 'create', { code: 403, cause: 'NamespaceTerminating' });
    const a = await contest.enter('a');
    expect(a.election.problem).to.match(/^the namespace "home" of the Lease is being deleted: /);
  });

  it('only in the log when the API server is away, once, and that it can be had again', async () => {
    await using contest = new Contest();
    contest.server.fail('a', 'all', 'away');
    const a = await contest.enter('a');
    await contest.clock.advance(60_000);
    expect(a.election.problem).to.equal(undefined);
    contest.server.fail('a', 'all', undefined);
    await contest.clock.advance(1.2 * RETRY_MS);
    expect(a.log).to.deep.equal([
      'warn: the Lease cannot be had',
      'info: the Lease can be had again',
      'info: this replica leads',
    ]);
  });
});
