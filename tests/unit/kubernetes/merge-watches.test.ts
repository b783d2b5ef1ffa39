import { expect } from 'chai';
import { EventQueue } from '../../../src/kubernetes/event-queue.ts';
import { mergeWatches } from '../../../src/kubernetes/merge-watches.ts';
import type { KubernetesObject } from '../../../src/kubernetes/resource.ts';
import type { WatchEvent } from '../../../src/kubernetes/watch-event.ts';
import { settle } from '../../fakes/fake-clock.ts';

type Event = WatchEvent<KubernetesObject>;

const added = (namespace: string, name: string): Event => ({
  type: 'ADDED',
  object: { metadata: { namespace, name, uid: name, resourceVersion: '1' } },
});

function brief(event: Event): string {
  if (event.type === 'SYNCED') return `SYNCED ${event.namespace ?? 'all'}`;
  return `${event.type} ${event.object.metadata.namespace}/${event.object.metadata.name}`;
}

/** A stream whose events a test makes, and that ends as `watchResource` does. */
class Source {
  readonly #queue = new EventQueue<Event | Error>();
  ended = false;

  push(...events: readonly (Event | Error)[]): void {
    for (const event of events) this.#queue.push(event);
  }

  readonly open = async function* (this: Source, signal: AbortSignal): AsyncGenerator<Event> {
    signal.addEventListener('abort', () => this.#queue.close(), { once: true });
    try {
      for (let event = await this.#queue.next(); event; event = await this.#queue.next()) {
        if (event instanceof Error) throw event;
        yield event;
      }
    } finally {
      this.ended = true;
    }
  }.bind(this);
}

describe('mergeWatches', () => {
  let shop: Source;
  let bank: Source;
  let ending: AbortController;
  let got: string[];

  beforeEach(() => {
    shop = new Source();
    bank = new Source();
    ending = new AbortController();
    got = [];
  });

  const follow = async () => {
    for await (const event of mergeWatches([shop.open, bank.open], ending.signal))
      got.push(brief(event));
  };

  const isOver = () => shop.ended && bank.ended;

  it('hands over the events of each in their order, and SYNCED once all have synced', async () => {
    const following = follow();
    shop.push(added('shop', 'a'), { type: 'SYNCED', namespace: 'shop' });
    await settle();
    expect(got).to.deep.equal(['ADDED shop/a', 'SYNCED shop']);
    shop.push(added('shop', 'b'));
    bank.push(added('bank', 'c'), { type: 'SYNCED', namespace: 'bank' });
    await settle();
    expect(got.filter((event) => event.includes('shop'))).to.deep.equal([
      'ADDED shop/a',
      'SYNCED shop',
      'ADDED shop/b',
    ]);
    expect(got.slice(-2)).to.deep.equal(['SYNCED bank', 'SYNCED all']);
    ending.abort();
    await following;
    expect(isOver()).to.equal(true);
  });

  it('says SYNCED once where the streams tell of no namespace', async () => {
    const following = follow();
    for (const source of [shop, bank]) source.push({ type: 'SYNCED' });
    await settle();
    expect(got).to.deep.equal(['SYNCED all']);
    ending.abort();
    await following;
  });

  it('lets a stream go on while another gives nothing', async () => {
    const following = follow();
    bank.push({ type: 'SYNCED', namespace: 'bank' }, added('bank', 'a'), added('bank', 'b'));
    await settle();
    expect(got).to.deep.equal(['SYNCED bank', 'ADDED bank/a', 'ADDED bank/b']);
    ending.abort();
    await following;
  });

  it('throws what a stream threw, once the others have ended', async () => {
    const following = follow();
    shop.push(new Error('broken'));
    const outcome = await following.catch((error: unknown) => error);
    expect(outcome).to.be.an('error').with.property('message', 'broken');
    expect(isOver()).to.equal(true);
  });

  it('ends its streams when the iteration is left', async () => {
    shop.push(added('shop', 'a'));
    for await (const event of mergeWatches([shop.open, bank.open], ending.signal)) {
      expect(brief(event)).to.equal('ADDED shop/a');
      break;
    }
    expect(isOver()).to.equal(true);
  });

  it('opens nothing when it is to end already', async () => {
    ending.abort();
    await follow();
    expect(got).to.deep.equal([]);
    expect(shop.ended).to.equal(false);
  });
});
