import { expect } from 'chai';
import type { EventScope } from '../../../src/kubernetes/object-source.ts';
import type { KubernetesObject } from '../../../src/kubernetes/resource.ts';
import type { WatchEvent } from '../../../src/kubernetes/watch-event.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { ManualWatch } from '../../fakes/manual-watch.ts';

const object = (namespace: string, name: string, resourceVersion = '1'): KubernetesObject => ({
  metadata: { namespace, name, uid: `${namespace}-${name}`, resourceVersion },
});

function brief(event: WatchEvent<KubernetesObject>): string {
  if (event.type === 'SYNCED') return ['SYNCED', event.namespace].filter(Boolean).join(' ');
  const { namespace, name, resourceVersion } = event.object.metadata;
  return `${event.type} ${namespace}/${name}@${resourceVersion}`;
}

/** A shared watch that runs, and subscribers that write down what they get. */
class Sharing implements AsyncDisposable {
  readonly watch = new ManualWatch<KubernetesObject>();
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>[] = [this.watch.run(this.#stop.signal)];

  subscribe(scope: EventScope, signal: AbortSignal = this.#stop.signal): string[] {
    const got: string[] = [];
    const follow = async () => {
      for await (const event of this.watch.source.events(scope, signal)) got.push(brief(event));
      got.push('END');
    };
    this.#running.push(follow());
    return got;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
    expect(this.watch.source.subscriptions).to.equal(0);
  }
}

describe('SharedWatch', () => {
  it('tells each subscriber what its scope is about', async () => {
    await using sharing = new Sharing();
    const { watch } = sharing;
    const all = sharing.subscribe({});
    const shop = sharing.subscribe({ namespace: 'shop' });
    const web = sharing.subscribe({ namespace: 'shop', name: 'web' });
    await settle();
    watch.added(object('shop', 'web'), object('shop', 'db'), object('bank', 'web'));
    await settle();
    expect(all).to.deep.equal(['ADDED shop/web@1', 'ADDED shop/db@1', 'ADDED bank/web@1']);
    expect(shop).to.deep.equal(['ADDED shop/web@1', 'ADDED shop/db@1']);
    expect(web).to.deep.equal(['ADDED shop/web@1']);
  });

  it('tells a late subscriber what is known, then SYNCED, then the changes', async () => {
    await using sharing = new Sharing();
    const { watch } = sharing;
    watch.added(object('shop', 'web'), object('shop', 'db'), object('bank', 'x'));
    watch.synced();
    watch.deleted(object('shop', 'db'));
    await settle();
    const late = sharing.subscribe({ namespace: 'shop' });
    await settle();
    watch.modified(object('shop', 'web', '2'));
    await settle();
    expect(late).to.deep.equal(['ADDED shop/web@1', 'SYNCED', 'MODIFIED shop/web@2']);
  });

  it('tells of a namespace that is synced before the others, and tells nobody twice', async () => {
    await using sharing = new Sharing();
    const { watch } = sharing;
    const early = {
      all: sharing.subscribe({}),
      shop: sharing.subscribe({ namespace: 'shop' }),
      web: sharing.subscribe({ namespace: 'shop', name: 'web' }),
      bank: sharing.subscribe({ namespace: 'bank' }),
      shopping: sharing.subscribe({ namespace: 'shopping' }),
    };
    await settle();
    watch.synced('shop');
    await settle();
    const late = {
      all: sharing.subscribe({}),
      shop: sharing.subscribe({ namespace: 'shop' }),
      bank: sharing.subscribe({ namespace: 'bank' }),
    };
    await settle();
    expect(watch.source.synced).to.equal(false);
    expect(late).to.deep.equal({ all: ['SYNCED shop'], shop: ['SYNCED shop'], bank: [] });
    watch.synced('bank');
    watch.synced();
    await settle();
    const all = ['SYNCED shop', 'SYNCED bank', 'SYNCED'];
    const [shop, bank] = [['SYNCED shop'], ['SYNCED bank']];
    expect(early).to.deep.equal({ all, shop, web: shop, bank, shopping: ['SYNCED'] });
    expect(late).to.deep.equal({ all, shop, bank });
    expect(watch.source.synced).to.equal(true);
  });

  it('says SYNCED to an early subscriber when the first list is whole, and not before', async () => {
    await using sharing = new Sharing();
    const early = sharing.subscribe({ namespace: 'nothing-in-it' });
    await settle();
    sharing.watch.added(object('shop', 'web'));
    await settle();
    expect(early).to.deep.equal([]);
    sharing.watch.synced();
    await settle();
    expect(early).to.deep.equal(['SYNCED']);
  });

  it('loses nothing to a subscriber that is slow', async () => {
    await using sharing = new Sharing();
    const { watch } = sharing;
    const stop = new AbortController();
    const events = watch.source.events({}, stop.signal)[Symbol.asyncIterator]();
    const first = events.next();
    for (let n = 0; n < 100; n += 1) watch.added(object('shop', `web-${n}`));
    await first;
    await settle();
    const rest: string[] = [];
    for (let n = 1; n < 100; n += 1) {
      const { value } = await events.next();
      if (value !== undefined) rest.push(brief(value));
    }
    expect(rest.at(-1)).to.equal('ADDED shop/web-99@1');
    expect(rest).to.have.length(99);
    stop.abort();
    expect((await events.next()).done).to.equal(true);
  });

  it('removes a subscription that is left or aborted', async () => {
    await using sharing = new Sharing();
    const { watch } = sharing;
    const stop = new AbortController();
    const aborted = sharing.subscribe({ namespace: 'shop' }, stop.signal);
    watch.added(object('shop', 'web'));
    for await (const _ of watch.source.events({}, new AbortController().signal)) break;
    await settle();
    expect(watch.source.subscriptions).to.equal(1);
    stop.abort();
    await settle();
    expect(aborted).to.deep.equal(['ADDED shop/web@1', 'END']);
    expect(watch.source.subscriptions).to.equal(0);
  });

  it('gives a subscription that was aborted before it began nothing', async () => {
    await using sharing = new Sharing();
    sharing.watch.added(object('shop', 'web'));
    await settle();
    expect(sharing.subscribe({}, AbortSignal.abort())).to.deep.equal([]);
    expect(sharing.watch.source.subscriptions).to.equal(0);
  });

  it('is read without a subscription', async () => {
    await using sharing = new Sharing();
    const { source } = sharing.watch;
    sharing.watch.added(object('shop', 'web'), object('bank', 'web'), object('', 'cluster'));
    await settle();
    expect(source.get('shop', 'web')?.metadata.uid).to.equal('shop-web');
    expect(source.get('', 'cluster')).to.not.equal(undefined);
    expect(source.get('shop', 'db')).to.equal(undefined);
    expect(source.size).to.equal(3);
    expect([...source.list()]).to.have.length(3);
    expect([...source.list('shop')]).to.have.length(1);
    expect([...source.list('nowhere')]).to.have.length(0);
    expect(source.synced).to.equal(false);
    sharing.watch.deleted(object('shop', 'web'));
    sharing.watch.synced();
    await settle();
    expect(source.size).to.equal(2);
    expect([...source.list('shop')]).to.have.length(0);
    expect(source.synced).to.equal(true);
  });

  it('is not confused by names that JavaScript knows', async () => {
    await using sharing = new Sharing();
    const got = sharing.subscribe({ namespace: '__proto__', name: 'constructor' });
    await settle();
    expect(sharing.watch.source.get('constructor', 'toString')).to.equal(undefined);
    sharing.watch.added(object('__proto__', 'constructor'));
    await settle();
    expect(got).to.deep.equal(['ADDED __proto__/constructor@1']);
  });

  it('wakes only those concerned, of 30,000 subscriptions', async () => {
    await using sharing = new Sharing();
    const { watch } = sharing;
    const stops = Array.from({ length: 30_000 }, () => new AbortController());
    const all = stops.map(({ signal }, n) =>
      sharing.subscribe({ namespace: `ns-${n}`, name: 'web' }, signal),
    );
    await settle();
    expect(watch.source.subscriptions).to.equal(30_000);
    watch.added(object('ns-7', 'web'), object('ns-7', 'db'));
    await settle();
    expect(all[7]).to.deep.equal(['ADDED ns-7/web@1']);
    expect(all.filter((got) => got.length > 0)).to.have.length(1);
    for (const stop of stops) stop.abort();
    await settle();
    expect(watch.source.subscriptions).to.equal(0);
  });
});
