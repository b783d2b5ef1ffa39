import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { aborted } from '../../../src/runtime/abort.ts';
import { ChildSet } from '../../../src/runtime/child-set.ts';
import { settle } from '../../fakes/fake-clock.ts';

describe('ChildSet', () => {
  let parent: AbortController;
  let log: string[];

  beforeEach(() => {
    parent = new AbortController();
    log = [];
  });

  /** Runs until stopped, and then for as long as `release` takes. */
  const child =
    (name: string, release: Promise<void> = Promise.resolve()) =>
    async (signal: AbortSignal) => {
      log.push(`${name} starts`);
      await aborted(signal);
      await release;
      log.push(`${name} ends`);
    };

  it('starts a successor only when the one before has ended', async () => {
    await using children = new ChildSet(parent.signal);
    const slow = Promise.withResolvers<void>();
    children.start('a', child('first', slow.promise));
    await settle();
    children.start('a', child('second'));
    await settle();
    expect(log).to.deep.equal(['first starts']);
    slow.resolve();
    await settle();
    expect(log).to.deep.equal(['first starts', 'first ends', 'second starts']);
  });

  it('does not hold up another key while a child is slow to end', async () => {
    await using children = new ChildSet(parent.signal);
    const slow = Promise.withResolvers<void>();
    children.start('a', child('a', slow.promise));
    await settle();
    const stopped = children.stop('a');
    children.start('b', child('b'));
    await settle();
    expect(log).to.deep.equal(['a starts', 'b starts']);
    slow.resolve();
    await stopped;
    expect(children.keys()).to.deep.equal(['b']);
  });

  it('never starts a child that was replaced before it could begin', async () => {
    await using children = new ChildSet(parent.signal);
    const slow = Promise.withResolvers<void>();
    children.start('a', child('first', slow.promise));
    await settle();
    children.start('a', child('second'));
    children.start('a', child('third'));
    slow.resolve();
    await settle();
    expect(log).to.deep.equal(['first starts', 'first ends', 'third starts']);
  });

  it('ends all children when the parent aborts, with its reason', async () => {
    await using children = new ChildSet(parent.signal);
    const reasons: unknown[] = [];
    for (const key of ['a', 'b']) {
      children.start(key, async (signal) => {
        await aborted(signal);
        reasons.push(signal.reason);
      });
    }
    await settle();
    parent.abort('enough');
    await children.ended();
    expect(reasons).to.deep.equal(['enough', 'enough']);
    expect(children.size).to.equal(0);
  });

  it('starts nothing after the parent has aborted', async () => {
    await using children = new ChildSet(parent.signal);
    parent.abort();
    children.start('a', child('a'));
    await settle();
    expect(log).to.deep.equal([]);
  });

  it('tells of a child that broke, and not of one that was stopped', async () => {
    const failures: string[] = [];
    const options = {
      onFailure: (key: string, error: unknown) => failures.push(`${key}: ${error}`),
    };
    await using children = new ChildSet(parent.signal, options);
    children.start('broken', () => Promise.reject(new Error('oh')));
    children.start('stopped', async (signal) => {
      await aborted(signal);
      throw signal.reason;
    });
    await settle();
    await children.stop('stopped');
    expect(failures).to.deep.equal(['broken: Error: oh']);
  });

  it('throws what broke from ended, once', async () => {
    await using children = new ChildSet(parent.signal);
    children.start('broken', () => Promise.reject(new Error('oh')));
    const error = await children.ended().catch((thrown: unknown) => thrown);
    expect(String(error)).to.equal('Error: oh');
  });

  it('leaves no listener on its parent', async () => {
    {
      await using children = new ChildSet(parent.signal);
      children.start('a', child('a'));
    }
    expect(getEventListeners(parent.signal, 'abort')).to.deep.equal([]);
  });
});
