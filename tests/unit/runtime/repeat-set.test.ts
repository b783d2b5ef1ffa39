import { expect } from 'chai';
import { RepeatSet } from '../../../src/runtime/repeat-set.ts';
import { settle } from '../../fakes/fake-clock.ts';

describe('RepeatSet', () => {
  it('does what was asked for meanwhile once more, however often it was', async () => {
    await using set = new RepeatSet(new AbortController().signal, () => undefined);
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    set.run('a', async () => {
      await gate.promise;
      done.push('first');
    });
    set.run('a', async () => void done.push('second'));
    set.run('a', async () => void done.push('third'));
    set.run('b', async () => void done.push('other'));
    await settle();
    gate.resolve();
    await settle();
    expect(done).to.deep.equal(['other', 'first', 'third']);
  });

  it('does it again after it has ended', async () => {
    await using set = new RepeatSet(new AbortController().signal, () => undefined);
    const runs: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      set.run('a', async () => void runs.push(time));
      await settle();
    }
    expect(runs).to.deep.equal([0, 1, 2]);
  });

  it('tells of a failure and goes on', async () => {
    const failures: string[] = [];
    await using set = new RepeatSet(new AbortController().signal, (key) => failures.push(key));
    const done: string[] = [];
    set.run('a', () => Promise.reject(new Error('oh')));
    set.run('a', async () => void done.push('done'));
    await settle();
    expect(failures).to.deep.equal(['a']);
    expect(done).to.deep.equal(['done']);
  });

  it('begins nothing after its signal has aborted', async () => {
    const ending = new AbortController();
    await using set = new RepeatSet(ending.signal, () => undefined);
    ending.abort();
    const done: string[] = [];
    set.run('a', async () => void done.push('done'));
    await settle();
    expect(done).to.deep.equal([]);
  });
});
