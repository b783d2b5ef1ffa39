import { expect } from 'chai';
import { KubernetesApiError, type KubernetesRequest } from '../../../src/kubernetes/client.ts';
import type { EventNote } from '../../../src/kubernetes/event-body.ts';
import {
  EventRecorder,
  type EventRecorderOptions,
} from '../../../src/kubernetes/event-recorder.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';

const object = { apiVersion: 'v1', kind: 'Pod', name: 'web-0', namespace: 'shop', uid: 'u' };
const note: EventNote = { object, type: 'Normal', reason: 'Killed', message: 'Pod got killed' };

/** A recorder before an API server that keeps Events, until a test says otherwise. */
class Recording implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly results: string[] = [];
  readonly failures: unknown[] = [];
  readonly requests: KubernetesRequest[] = [];
  /** The names of the Events there are. */
  readonly stored = new Set<string>();
  /** What happens to a request instead of being answered. */
  refuse: ((request: KubernetesRequest, signal: AbortSignal) => Promise<void>) | undefined;
  readonly recorder: EventRecorder;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: Partial<EventRecorderOptions> = {}) {
    this.recorder = new EventRecorder({
      client: {
        call: (request, signal) => this.#answer(request, signal),
        stream: () => Promise.reject(new Error('no Event is read')),
      },
      clock: this.clock,
      observe: (result) => this.results.push(result),
      onFailure: (error) => this.failures.push(error),
      ...options,
    });
    this.#running = this.recorder.run(this.#stop.signal);
  }

  get verbs(): string[] {
    return this.requests.map(({ verb }) => verb);
  }

  abort(): void {
    this.#stop.abort();
  }

  async ended(): Promise<void> {
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    await this.clock.advance(60_000);
    await this.#running;
    expect(this.clock.sleeping).to.equal(0);
  }

  async #answer(request: KubernetesRequest, signal: AbortSignal): Promise<unknown> {
    this.requests.push(request);
    await this.refuse?.(request, signal);
    const { verb, body, path } = request;
    const name = verb === 'create' ? nameOf(body) : (path.split('/').at(-1) ?? '');
    if (verb === 'create' && this.stored.has(name)) throw failure(request, 409, 'AlreadyExists');
    if (verb === 'patch' && !this.stored.has(name)) throw failure(request, 404, 'NotFound');
    this.stored.add(name);
    return {};
  }
}

function nameOf(body: unknown): string {
  const { metadata } = body as { metadata: { name: string } };
  return metadata.name;
}

function failure(request: KubernetesRequest, code: number, reason: string): KubernetesApiError {
  return new KubernetesApiError(request, { code, reason, message: reason });
}

describe('EventRecorder', () => {
  it('writes whether somebody counts or not', async () => {
    const verbs: string[] = [];
    const client = {
      call: async ({ verb }: KubernetesRequest) => void verbs.push(verb),
      stream: () => Promise.reject(new Error('no Event is read')),
    };
    const recorder = new EventRecorder({ client, clock: new FakeClock() });
    const ending = new AbortController();
    recorder.record(note);
    ending.abort();
    await recorder.run(ending.signal);
    expect(verbs).to.deep.equal(['create']);
  });

  it('writes an Event where kubectl looks for it', async () => {
    await using recording = new Recording();
    recording.recorder.record(note);
    await recording.clock.advance(0);
    const [{ path, body } = { path: '', body: {} }] = recording.requests;
    expect(path).to.equal('/api/v1/namespaces/shop/events');
    expect(nameOf(body)).to.match(/^web-0\.[0-9a-f]{16}$/);
    expect(body).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: nameOf(body), namespace: 'shop' },
      involvedObject: object,
      type: 'Normal',
      reason: 'Killed',
      message: 'Pod got killed',
      source: { component: 'chaos-monkey' },
      reportingComponent: 'chaos-monkey',
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
    });
    expect(recording.results).to.deep.equal(['sent']);
  });

  it('writes Events of cluster-scoped objects in the namespace default', async () => {
    await using recording = new Recording();
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      name: 'shop',
      namespace: '',
      uid: 'n',
    };
    recording.recorder.record({ ...note, object: namespace });
    await recording.clock.advance(0);
    const { namespace: _, ...reference } = namespace;
    expect(recording.requests[0]?.path).to.equal('/api/v1/namespaces/default/events');
    expect(recording.requests[0]?.body).to.deep.include({ involvedObject: reference });
  });

  it('counts up what is said again, until the Event has expired', async () => {
    await using recording = new Recording();
    const { recorder, clock, stored } = recording;
    for (let n = 0; n < 3; n += 1) {
      recorder.record(note);
      await clock.advance(10_000);
    }
    expect(recording.verbs).to.deep.equal(['create', 'patch', 'patch']);
    expect(recording.requests[2]?.body).to.deep.equal({
      count: 3,
      lastTimestamp: '2026-01-01T00:00:20Z',
    });
    stored.clear();
    recorder.record(note);
    recorder.record(note);
    await clock.advance(0);
    expect(recording.verbs.slice(3)).to.deep.equal(['patch', 'create', 'patch']);
    expect(recording.requests.at(-1)?.body).to.deep.include({ count: 2 });
    expect(recording.results).to.deep.equal([
      'sent',
      'aggregated',
      'aggregated',
      'sent',
      'aggregated',
    ]);
  });

  it('leaves the count of an earlier life as it is, and says when it was last', async () => {
    await using first = new Recording();
    first.recorder.record(note);
    await first.clock.advance(0);
    await using second = new Recording();
    for (const name of first.stored) second.stored.add(name);
    second.recorder.record(note);
    await second.clock.advance(0);
    expect(second.verbs).to.deep.equal(['create', 'patch']);
    expect(second.requests[1]?.body).to.deep.equal({ lastTimestamp: '2026-01-01T00:00:00Z' });
    expect(second.results).to.deep.equal(['aggregated']);
  });

  it('says once what is to be said once, also where an earlier life said it', async () => {
    await using first = new Recording();
    for (let n = 0; n < 3; n += 1) first.recorder.record({ ...note, once: true });
    await first.clock.advance(0);
    expect(first.verbs).to.deep.equal(['create']);
    await using second = new Recording();
    for (const name of first.stored) second.stored.add(name);
    for (let n = 0; n < 3; n += 1) second.recorder.record({ ...note, once: true });
    await second.clock.advance(0);
    expect(second.verbs).to.deep.equal(['create']);
  });

  it('tells apart what is said about others, for other reasons and in other words', async () => {
    await using recording = new Recording();
    recording.recorder.record(note);
    recording.recorder.record({ ...note, object: { ...object, uid: 'other' } });
    recording.recorder.record({ ...note, reason: 'Other' });
    recording.recorder.record({ ...note, message: 'other' });
    await recording.clock.advance(0);
    expect(recording.stored.size).to.equal(4);
  });

  const names = ['a'.repeat(253), `${'a'.repeat(229)}-${'b'.repeat(20)}`, `${'a.'.repeat(126)}a`];
  for (const name of names) {
    it(`makes a valid name for ${name.slice(0, 4)}… of ${name.length} characters`, async () => {
      await using recording = new Recording();
      recording.recorder.record({ ...note, object: { ...object, name } });
      await recording.clock.advance(0);
      const [event = ''] = recording.stored;
      expect(event.length).to.be.at.most(253);
      expect(event).to.match(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
    });
  }

  it('cuts messages that the API server would refuse', async () => {
    await using recording = new Recording();
    recording.recorder.record({ ...note, message: 'x'.repeat(2_000) });
    await recording.clock.advance(0);
    expect(recording.requests[0]?.body).to.deep.include({ message: 'x'.repeat(1_024) });
  });

  it('writes no faster than it may', async () => {
    await using recording = new Recording({ perSecond: 10, burst: 5 });
    for (let n = 0; n < 30; n += 1) recording.recorder.record({ ...note, message: `${n}` });
    await recording.clock.advance(0);
    expect(recording.requests).to.have.length(5);
    await recording.clock.advance(1_000);
    expect(recording.requests).to.have.length(15);
    await recording.clock.advance(1_500);
    expect(recording.requests).to.have.length(30);
  });

  it('leaves out low ones first when there is too much, and counts what it leaves out', async () => {
    await using recording = new Recording({ capacity: 10 });
    const low = { ...note, priority: 'low' } as const;
    for (let n = 0; n < 8; n += 1) recording.recorder.record({ ...low, message: `low ${n}` });
    for (let n = 0; n < 8; n += 1) recording.recorder.record({ ...note, message: `normal ${n}` });
    await recording.clock.advance(60_000);
    const sent = recording.requests.map(({ body }) => JSON.stringify(body));
    expect(sent.filter((body) => body.includes('low'))).to.have.length(5);
    expect(sent.filter((body) => body.includes('normal'))).to.have.length(5);
    expect(recording.results.filter((result) => result === 'dropped')).to.have.length(6);
  });

  it('goes on after an Event that is refused', async () => {
    await using recording = new Recording();
    recording.refuse = async (request) => {
      if (recording.requests.length === 1) throw failure(request, 403, 'Forbidden');
    };
    recording.recorder.record(note);
    recording.recorder.record({ ...note, message: 'other' });
    await recording.clock.advance(0);
    expect(recording.results).to.deep.equal(['dropped', 'sent']);
    expect(String(recording.failures[0])).to.contain('create events');
  });

  it('writes what waits when the program ends, without waiting for its turn', async () => {
    await using recording = new Recording({ perSecond: 1, burst: 1 });
    for (let n = 0; n < 20; n += 1) recording.recorder.record({ ...note, message: `${n}` });
    await recording.clock.advance(0);
    recording.abort();
    await recording.ended();
    expect(recording.results).to.deep.equal(Array.from({ length: 20 }, () => 'sent'));
  });

  it('gives up after a short while when the API server does not answer', async () => {
    await using recording = new Recording({ drainMs: 500 });
    recording.refuse = (_request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    for (let n = 0; n < 3; n += 1) recording.recorder.record({ ...note, message: `${n}` });
    await settle();
    recording.abort();
    await recording.clock.advance(500);
    await recording.ended();
    expect(recording.results).to.deep.equal(['dropped', 'dropped', 'dropped']);
    expect(recording.failures).to.deep.equal([]);
  });

  it('ends at once when nothing waits', async () => {
    const recording = new Recording();
    await settle();
    recording.abort();
    await recording.ended();
    expect(recording.requests).to.have.length(0);
  });
});
