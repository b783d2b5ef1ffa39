import { expect } from 'chai';
import type { KubernetesRequest } from '../../../src/kubernetes/client.ts';
import { pollNamespaces } from '../../../src/kubernetes/poll-namespaces.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { lostAnswer, refusal, ScriptedClient } from '../../fakes/scripted-client.ts';

/** A namespace as the API server stores it; a number is the code of a refusal. */
type Stored = { readonly uid: string; readonly resourceVersion: string } | number | Error;

class Polling implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly stored = new Map<string, Stored>();
  readonly client = new ScriptedClient((request) => this.#answer(request));
  readonly got: string[] = [];
  readonly told: string[] = [];
  random = 0.5;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;

  constructor(names: readonly string[], stored: Readonly<Record<string, Stored>>) {
    for (const [name, answer] of Object.entries(stored)) this.stored.set(name, answer);
    this.#running = this.#follow(names);
  }

  /** The names asked for so far. */
  get asked(): readonly string[] {
    return this.client.requests.map(({ path }) => path.split('/').at(-1) ?? '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#running;
    expect(this.clock.sleeping).to.equal(0);
  }

  async #follow(names: readonly string[]): Promise<void> {
    const observer = (name: string) => ({
      reached: () => void this.told.push(`${name} reached`),
      failed: (_error: unknown, cause: string) => void this.told.push(`${name} ${cause}`),
    });
    const { client, clock } = this;
    const options = { client, names, clock, random: () => this.random, observer };
    for await (const event of pollNamespaces(options, this.#ending.signal)) {
      if (event.type === 'SYNCED') this.got.push('SYNCED');
      else {
        const { name, uid, resourceVersion } = event.object.metadata;
        this.got.push(`${event.type} ${name}/${uid}@${resourceVersion}`);
      }
    }
  }

  #answer(request: KubernetesRequest): unknown {
    const name = request.path.split('/').at(-1) ?? '';
    const stored = this.stored.get(name) ?? 404;
    if (typeof stored === 'number') throw refusal(stored, request);
    if (stored instanceof Error) throw stored;
    return { metadata: { name, ...stored } };
  }
}

const first = { uid: 'u1', resourceVersion: '7' };

describe('pollNamespaces', () => {
  it('gets each by its name, says ADDED for those there are and SYNCED after the first round', async () => {
    await using polling = new Polling(['shop', 'bank'], { shop: first });
    await settle();
    expect(polling.got).to.deep.equal(['ADDED shop/u1@7', 'SYNCED']);
    expect(polling.client.requests.map(({ verb, path }) => `${verb} ${path}`)).to.deep.equal([
      'get /api/v1/namespaces/shop',
      'get /api/v1/namespaces/bank',
    ]);
    expect(polling.told).to.have.members(['shop reached', 'bank not-found']);
  });

  for (const [random, period] of [
    [0, 1_800],
    [0.5, 2_000],
    [1, 2_200],
  ] as const) {
    it(`looks again after ${period} ms with jitter of ${random}, and says only what has changed`, async () => {
      await using polling = new Polling(['shop'], { shop: first });
      polling.random = random;
      await settle();
      await polling.clock.advance(period - 1);
      expect(polling.asked).to.have.length(1);
      await polling.clock.advance(1);
      expect(polling.asked).to.have.length(2);
      expect(polling.got).to.deep.equal(['ADDED shop/u1@7', 'SYNCED']);
      polling.stored.set('shop', { uid: 'u1', resourceVersion: '6' });
      await polling.clock.advance(period);
      expect(polling.got.slice(2)).to.deep.equal(['MODIFIED shop/u1@6']);
    });
  }

  it('tells of a namespace that comes, goes, and comes again', async () => {
    await using polling = new Polling(['shop'], {});
    await polling.clock.advance(2_000);
    polling.stored.set('shop', first);
    await polling.clock.advance(2_000);
    polling.stored.delete('shop');
    await polling.clock.advance(4_000);
    polling.stored.set('shop', { uid: 'u2', resourceVersion: '9' });
    await polling.clock.advance(2_000);
    expect(polling.got).to.deep.equal([
      'SYNCED',
      'ADDED shop/u1@7',
      'DELETED shop/u1@7',
      'ADDED shop/u2@9',
    ]);
  });

  it('tells of a successor as of one that went and one that came', async () => {
    await using polling = new Polling(['shop'], { shop: first });
    await settle();
    polling.stored.set('shop', { uid: 'u2', resourceVersion: '9' });
    await polling.clock.advance(2_000);
    expect(polling.got.slice(2)).to.deep.equal(['DELETED shop/u1@7', 'ADDED shop/u2@9']);
  });

  it('goes on with the others where one may not be got, and takes that up when it may', async () => {
    await using polling = new Polling(['shop', 'bank'], { shop: first, bank: 403 });
    await polling.clock.advance(2_000);
    expect(polling.got).to.deep.equal(['ADDED shop/u1@7', 'SYNCED']);
    expect(polling.told.filter((line) => line.startsWith('bank'))).to.deep.equal([
      'bank forbidden',
      'bank forbidden',
    ]);
    polling.stored.set('bank', { uid: 'b1', resourceVersion: '3' });
    await polling.clock.advance(2_000);
    expect(polling.got.slice(2)).to.deep.equal(['ADDED bank/b1@3']);
  });

  it('takes a namespace that it may no longer get for gone, but not at the first refusal', async () => {
    await using polling = new Polling(['shop'], { shop: first });
    await settle();
    polling.stored.set('shop', 403);
    await polling.clock.advance(4_000);
    polling.stored.set('shop', first);
    await polling.clock.advance(2_000);
    polling.stored.set('shop', 403);
    await polling.clock.advance(4_000);
    expect(polling.got).to.deep.equal(['ADDED shop/u1@7', 'SYNCED']);
    await polling.clock.advance(2_000);
    expect(polling.got.slice(2)).to.deep.equal(['DELETED shop/u1@7']);
    polling.stored.set('shop', first);
    await polling.clock.advance(2_000);
    expect(polling.got.slice(3)).to.deep.equal(['ADDED shop/u1@7']);
  });

  for (const [what, answer] of [
    ['an API server that is away', lostAnswer()],
    ['an API server that fails', 500],
    ['a token that is not known', 401],
  ] as const) {
    it(`knows nothing by ${what}, and asks less and less often`, async () => {
      await using polling = new Polling(['shop'], { shop: answer });
      await polling.clock.advance(60_000);
      expect(polling.got).to.deep.equal([]);
      expect(polling.asked.length).to.be.within(8, 12);
      polling.stored.set('shop', first);
      await polling.clock.advance(10_000);
      expect(polling.got).to.deep.equal(['ADDED shop/u1@7', 'SYNCED']);
      polling.stored.set('shop', answer);
      await polling.clock.advance(20_000);
      expect(polling.got.slice(2), 'what was seen last counts').to.deep.equal([]);
    });
  }
});
