import { expect } from 'chai';
import { ticksOf, useController } from '../support/controller-fixture.ts';
import { at, conditionOf, textAt } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a restart of the controller', function () {
  this.timeout(120_000);
  const controller = useController();

  const nextOf = (monkey: unknown) => textAt(monkey, 'status', 'nextExecution');
  const isPromised = (monkey: unknown) =>
    conditionOf(monkey, 'Active') === 'True' && nextOf(monkey) !== '';

  it('keeps the time of the next execution, the seed and the count', async () => {
    const first = await controller.start();
    const namespace = await controller.namespace();
    await controller.deploy(namespace, 'web');
    await controller.configure(namespace, 'web', { timeout: '8s' });
    await controller.moreTicks(namespace, 'web', 1);
    expect(await first.end()).to.equal(0);
    const before = await controller.untilMonkey(
      namespace,
      'web',
      'the outcome',
      (one) => at(one, 'status', 'lastOutcome', 'tick') === 1,
    );

    const second = await controller.start();
    await waitUntil(
      'the watcher to run again',
      () => second.metrics(),
      (metrics) => metrics.sum('chaos_monkey_crdwatcher_pw_active', { namespace }) === 1,
    );
    const resumed = await controller.monkey(namespace, 'web');
    expect([nextOf(resumed), ticksOf(resumed)]).to.deep.equal([nextOf(before), 1]);
    const after = await controller.moreTicks(namespace, 'web', 1);
    expect(at(after, 'status', 'seed')).to.equal(at(before, 'status', 'seed'));
    const lastExecution = Date.parse(textAt(after, 'status', 'lastExecution'));
    expect(lastExecution).to.be.at.least(Date.parse(nextOf(before)));
  });

  it('spreads what became overdue meanwhile over one timeout', async () => {
    const first = await controller.start();
    const namespace = await controller.namespace();
    await controller.deploy(namespace, 'web');
    const names = Array.from({ length: 6 }, (_, index) => `monkey-${index}`);
    for (const name of names) {
      await controller.deploy(namespace, name);
      await controller.configure(namespace, name, { timeout: '10s' });
    }
    const promises: number[] = [];
    for (const name of names) {
      promises.push(
        Date.parse(nextOf(await controller.untilMonkey(namespace, name, 'a promise', isPromised))),
      );
    }
    expect(await first.end()).to.equal(0);
    const overdue = Math.max(...promises);
    await waitUntil(
      'all to be overdue',
      () => Promise.resolve(Date.now()),
      (now) => now > overdue,
    );
    const began = Date.now();
    await controller.start();
    const due: number[] = [];
    for (const name of names) {
      const renewed = (monkey: unknown) => Date.parse(nextOf(monkey)) > began;
      due.push(
        Date.parse(nextOf(await controller.untilMonkey(namespace, name, 'a new promise', renewed))),
      );
    }
    expect(new Set(due).size).to.equal(names.length);
    expect(Math.max(...due) - Math.min(...due)).to.be.within(1_000, 12_000);
  });

  it('that comes without warning repeats no tick', async () => {
    const first = await controller.start();
    const namespace = await controller.namespace();
    await controller.deploy(namespace, 'web', { replicas: 1 });
    await controller.configure(namespace, 'web', { timeout: '2s' });
    const claimed = await controller.moreTicks(namespace, 'web', 1);
    await first.end('SIGKILL');
    const left = await controller.monkey(namespace, 'web');
    await controller.start();
    const after = await controller.untilMonkey(
      namespace,
      'web',
      'going on',
      (one) => ticksOf(one) > ticksOf(left),
    );
    expect(ticksOf(after)).to.equal(ticksOf(left) + 1);
    expect(Date.parse(textAt(after, 'status', 'lastExecution'))).to.be.at.least(
      Date.parse(textAt(claimed, 'status', 'nextExecution')),
    );
  });

  it('ends within its drain and with exit code 0, however much is going on', async () => {
    const running = await controller.start();
    const namespace = await controller.namespace();
    for (const name of ['a', 'b', 'c']) {
      await controller.deploy(namespace, name, { replicas: 1 });
      await controller.configure(namespace, name, { timeout: '1s' });
    }
    await controller.moreTicks(namespace, 'c', 2);
    expect(await running.end()).to.equal(0);
  });
});
