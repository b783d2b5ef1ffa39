import { expect } from 'chai';
import { explainInactivity } from '../../../src/controller/explain-inactivity.ts';
import type { KubernetesRequest } from '../../../src/kubernetes/client.ts';
import { ChildSet } from '../../../src/runtime/child-set.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { FakeContext } from '../../fakes/fake-context.ts';
import { configuration, rawConfiguration } from '../../fakes/stripped-objects.ts';

describe('explainInactivity', () => {
  let fake: FakeContext;
  let running: ChildSet;

  beforeEach(() => {
    fake = new FakeContext();
    fake.client.answer(({ path, body }: KubernetesRequest) =>
      rawConfiguration(/([^/]+)\/status$/.exec(path)?.[1] ?? '', {}, Object(body)),
    );
    running = new ChildSet(new AbortController().signal);
  });

  afterEach(async () => {
    await running[Symbol.asyncDispose]();
    await fake[Symbol.asyncDispose]();
    expect(fake.subscriptions).to.equal(0);
  });

  const explain = (why: 'opted_out' | 'protected') =>
    running.start('explain', (signal) => explainInactivity(fake.context, 'shop', why, signal));

  const condition = (at = 0) =>
    Object(fake.client.requests[at]?.body).status.conditions.find(
      ({ type }: { type: string }) => type === 'Active',
    );

  for (const [why, reason, words] of [
    ['opted_out', 'NamespaceOptedOut', 'cm.massix.github.io/namespace'],
    ['protected', 'NamespaceProtected', 'protected'],
  ] as const) {
    it(`tells each configuration of a namespace that is ${why} so, once`, async () => {
      explain(why);
      fake.configurations.added(configuration('a'), configuration('b'));
      fake.configurations.synced();
      await settle();
      expect(fake.client.log).to.deep.equal(
        Array(2).fill('patch chaosmonkeyconfigurations/status'),
      );
      expect(condition()).to.include({ status: 'False', reason });
      expect(condition().message).to.contain(words);
      fake.configurations.modified(configuration('a', {}, { status: { observedGeneration: 1 } }));
      await settle();
      expect(fake.client.requests).to.have.length(2);
    });
  }

  it('says nothing of other namespaces', async () => {
    explain('opted_out');
    fake.configurations.added(configuration('a', {}, { metadata: { namespace: 'bank' } }));
    await settle();
    expect(fake.client.requests).to.deep.equal([]);
  });

  it('takes back the next execution that was promised', async () => {
    explain('opted_out');
    const status = { nextExecution: '2026-01-01T00:00:10.000Z', ticks: 4 };
    fake.configurations.added(configuration('a', {}, { status }));
    await settle();
    expect(fake.client.requests[0]?.body).to.have.nested.property('status.nextExecution', null);
    expect(fake.client.requests[0]?.body).to.not.have.nested.property('status.ticks');
  });

  it('tells it again of a spec that changed, and nothing of one that is gone', async () => {
    explain('opted_out');
    fake.configurations.added(configuration('a'));
    await settle();
    fake.configurations.modified(
      configuration('a', { timeout: '20s' }, { metadata: { generation: 2 } }),
    );
    await settle();
    expect(fake.client.requests).to.have.length(2);
    expect(fake.client.requests[1]?.body).to.have.nested.property('status.observedGeneration', 2);
    fake.configurations.deleted(configuration('a'));
    await settle();
    expect(fake.client.requests).to.have.length(2);
  });
});
