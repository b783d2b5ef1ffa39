import { expect } from 'chai';
import { until } from '../../../../src/playground/demo/until.ts';
import { ObjectStore } from '../../../../src/playground/store.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

describe('waiting for the cluster', () => {
  const store = () => {
    const made = new ObjectStore({ clock: new FakeClock() });
    made.register({
      group: '',
      resource: 'configmaps',
      kind: 'ConfigMap',
      version: 'v1',
      namespaced: true,
    });
    return made;
  };

  it('ends at once when there is nothing to wait for', async () => {
    await until(store(), 'configmaps', () => true, new AbortController().signal);
  });

  it('ends with the change that was waited for', async () => {
    const cluster = store();
    const maps = cluster.collection('configmaps');
    const waiting = until(
      cluster,
      'configmaps',
      () => maps.size === 2,
      new AbortController().signal,
    );
    for (const name of ['a', 'b']) maps.create({ metadata: { name, namespace: 'x' } });
    await waiting;
  });

  it('ends with the reason of an abort', async () => {
    const abort = new AbortController();
    const waiting = until(store(), 'configmaps', () => false, abort.signal).catch(
      (error: unknown) => error,
    );
    abort.abort('enough');
    expect(await waiting).to.equal('enough');
    expect(
      await until(store(), 'configmaps', () => false, abort.signal).catch(
        (error: unknown) => error,
      ),
    ).to.equal('enough');
  });
});
