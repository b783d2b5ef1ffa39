import { expect } from 'chai';
import { KubernetesApiError, type KubernetesRequest } from '../../../src/kubernetes/client.ts';
import { cutOff, failure, json, reset, silence, text } from '../../fakes/api-answers.ts';
import { settle } from '../../fakes/fake-clock.ts';
import type { Answer } from '../../fakes/scripted-api-server.ts';
import { Calling, never, read, remove } from './calling.ts';

const fine = json(200, { ok: true });

describe('HttpKubernetesClient', () => {
  it('sends method, query, headers and body', async () => {
    await using calling = await Calling.meeting(fine);
    const body = { metadata: { labels: { ü: '✓' } } };
    const query = { fieldManager: 'a b', dryRun: undefined, force: true };
    await calling.call({ ...read, verb: 'patch', query, body });
    const { method, path, query: got, headers, body: sent } = await calling.server.request(0);
    expect([method, path]).to.deep.equal(['PATCH', '/api/v1/pods/a']);
    expect(Object.fromEntries(got)).to.deep.equal({ fieldManager: 'a b', force: 'true' });
    expect(headers['content-type']).to.equal('application/merge-patch+json');
    expect(headers['user-agent']).to.equal('chaos-monkey/test');
    expect(headers.authorization).to.equal('Bearer first');
    expect(JSON.parse(sent)).to.deep.equal(body);
  });

  it('keeps connections between calls, and makes no more than six', async () => {
    await using calling = await Calling.meeting(...Array.from({ length: 60 }, () => fine));
    const many = Array.from({ length: 60 }, () => calling.client.call(read, never));
    await Promise.all(many);
    expect(calling.server.connections).to.be.at.most(6);
  });

  it('lets urgent calls wait for none of the others', async () => {
    await using calling = await Calling.meeting();
    const stop = new AbortController();
    const busy = Array.from({ length: 9 }, () => calling.client.call(read, stop.signal));
    await calling.server.request(3);
    const urgent = calling.client.call({ ...read, path: '/urgent', urgent: true }, never);
    expect((await calling.server.request(4)).path).to.equal('/urgent');
    stop.abort();
    await Promise.allSettled(busy);
    calling.server.answer(fine, fine, fine, fine, fine);
    expect(await urgent).to.deep.equal({ ok: true });
  });

  it('reports each request, also those that were repeated', async () => {
    await using calling = await Calling.meeting(failure(503, 'ServiceUnavailable', 'no'), fine);
    await calling.call(read);
    expect(calling.calls.map(({ verb, resource, code }) => [verb, resource, code])).to.deep.equal([
      ['get', 'pods', 503],
      ['get', 'pods', 200],
    ]);
  });
});

describe('HttpKubernetesClient repeats', () => {
  const cases: readonly [name: string, request: KubernetesRequest, answer: Answer][] = [
    ['a read after 500', read, failure(500, 'InternalError', 'etcd')],
    ['a read after 504', read, failure(504, 'Timeout', 'etcd')],
    ['a read after a reset', read, reset],
    ['a read whose answer was cut off', read, cutOff('{"kind":')],
    ['a delete after 429', remove, failure(429, 'TooManyRequests', 'later')],
    ['a delete after 503', remove, failure(503, 'ServiceUnavailable', 'starting')],
    ['what is declared repeatable, after a reset', { ...remove, repeatable: true }, reset],
  ];
  for (const [name, request, answer] of cases) {
    it(name, async () => {
      await using calling = await Calling.meeting(answer, fine);
      expect(await calling.call(request)).to.deep.equal({ ok: true });
      expect(calling.server.requests).to.have.length(2);
    });
  }

  it('a delete after a refused connection', async () => {
    await using calling = await Calling.meeting();
    await calling.server.refuse();
    const outcome = calling.call(remove);
    while (calling.calls.length < 2) await settle();
    await calling.server.listen();
    calling.server.answer(fine);
    expect(await outcome).to.deep.equal({ ok: true });
  });

  it('after as long as Retry-After says', async () => {
    const busy = failure(429, 'TooManyRequests', 'later', { 'retry-after': '3' });
    await using calling = await Calling.meeting(busy, fine);
    await calling.call(read);
    expect(calling.clock.monotonic()).to.be.within(3_000, 3_100);
  });

  it('with the new token after 401', async () => {
    await using calling = await Calling.meeting(fine, failure(401, 'Unauthorized', 'no'), fine);
    await calling.call(read);
    calling.credentials.token = 'second';
    await calling.call(remove);
    const tokens = calling.server.requests.map(({ headers }) => headers.authorization);
    expect(tokens).to.deep.equal(['Bearer first', 'Bearer first', 'Bearer second']);
  });
});

describe('HttpKubernetesClient does not repeat', () => {
  const cases: readonly [name: string, request: KubernetesRequest, answer: Answer, code: string][] =
    [
      ['a delete after a reset', remove, reset, 'ERR_KUBERNETES_TRANSPORT'],
      ['a delete after 500', remove, failure(500, 'InternalError', 'x'), 'ERR_KUBERNETES_CALL'],
      ['a delete after 504', remove, failure(504, 'Timeout', 'x'), 'ERR_KUBERNETES_CALL'],
      ['a delete whose answer was cut off', remove, cutOff('{"kind":'), 'ERR_KUBERNETES_TRANSPORT'],
      ['a read after 403', read, failure(403, 'Forbidden', 'x'), 'ERR_KUBERNETES_CALL'],
      ['a read after 404', read, failure(404, 'NotFound', 'x'), 'ERR_KUBERNETES_CALL'],
      [
        'a create after 409',
        { ...read, verb: 'create' },
        failure(409, 'AlreadyExists', 'x'),
        'ERR_KUBERNETES_CALL',
      ],
      ['a read that was no JSON', read, text(200, '<html>'), 'ERR_KUBERNETES_RESPONSE'],
      ['a read that was empty', read, text(200, ''), 'ERR_KUBERNETES_RESPONSE'],
    ];
  for (const [name, request, answer, code] of cases) {
    it(name, async () => {
      await using calling = await Calling.meeting(answer);
      expect((await calling.failure(request)).code).to.equal(code);
      expect(calling.server.requests).to.have.length(1);
    });
  }

  it('a second time after 401', async () => {
    const refused = failure(401, 'Unauthorized', 'no');
    await using calling = await Calling.meeting(refused, refused);
    const error = await calling.failure(read);
    expect(error.message).to.equal('get pods (/api/v1/pods/a): 401 Unauthorized: no');
    expect(calling.server.requests).to.have.length(2);
  });

  it('what would be too late', async () => {
    const busy = failure(429, 'TooManyRequests', 'later', { 'retry-after': '60' });
    await using calling = await Calling.meeting(busy);
    expect((await calling.failure(read)).message).to.contain('429 TooManyRequests: later');
    expect(calling.clock.monotonic()).to.equal(0);
  });

  it('for ever', async () => {
    const broken = Array.from({ length: 50 }, () => failure(500, 'InternalError', 'etcd'));
    await using calling = await Calling.meeting(...broken);
    await calling.failure(read);
    expect(calling.clock.monotonic()).to.be.at.most(10_000);
    expect(calling.server.requests.length).to.be.within(3, 20);
  });
});

describe('HttpKubernetesClient fails with', () => {
  it('the verb, the resource and the words of the API server', async () => {
    const message = 'User "x" cannot delete resource "pods"';
    await using calling = await Calling.meeting(failure(403, 'Forbidden', message));
    const error = await calling.failure({ ...remove, resource: 'pods/eviction' });
    expect(error).to.be.instanceOf(KubernetesApiError);
    expect(error.message).to.equal(
      `delete pods/eviction (/api/v1/pods/a): 403 Forbidden: ${message}`,
    );
  });

  it('the reason, the causes and the seconds of a Status', async () => {
    const details = { retryAfterSeconds: 100, causes: [{ reason: 'DisruptionBudget' }] };
    const body = { kind: 'Status', code: 429, reason: 'TooManyRequests', message: 'no', details };
    await using calling = await Calling.meeting(json(429, body));
    const error = await calling.failure(remove);
    if (!(error instanceof KubernetesApiError)) throw error;
    expect(error.status).to.deep.equal({
      code: 429,
      reason: 'TooManyRequests',
      message: 'no',
      retryAfterSeconds: 100,
      causes: [{ reason: 'DisruptionBudget' }],
    });
  });

  it('the text of an answer that is no Status', async () => {
    await using calling = await Calling.meeting(text(404, '404 page not found\n'));
    expect((await calling.failure(read)).message).to.equal(
      'get pods (/api/v1/pods/a): 404: 404 page not found',
    );
  });

  it('a deadline when the answer does not come', async () => {
    await using calling = await Calling.meeting(silence);
    const error = await calling.failure({ ...read, deadlineMs: 20 });
    expect(error.code).to.equal('ERR_KUBERNETES_DEADLINE');
    expect(error.message).to.contain('expected an answer within 20 ms');
    expect(calling.codes).to.deep.equal(['deadline']);
  });

  it('the reason of its signal', async () => {
    await using calling = await Calling.meeting(silence);
    const controller = new AbortController();
    const outcome = calling.client.call(read, controller.signal);
    const { closed } = await calling.server.request(0);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await outcome.catch((error: unknown) => error)).to.equal(reason);
    await closed;
    expect(calling.codes).to.deep.equal(['aborted']);
  });

  it('nothing when the credentials cannot be read for a moment', async () => {
    await using calling = await Calling.meeting(fine, fine);
    await calling.call(read);
    calling.credentials.unreadable = true;
    await calling.clock.advance(60_000);
    await calling.call(read);
    expect(calling.server.requests[1]?.headers.authorization).to.equal('Bearer first');
  });
});
