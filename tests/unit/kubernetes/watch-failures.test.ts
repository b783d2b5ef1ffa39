import { expect } from 'chai';
import { KubernetesApiError } from '../../../src/kubernetes/client.ts';
import { describeError } from '../../../src/runtime/errors.ts';
import {
  cutOff,
  failure,
  list,
  reset,
  ScriptedWatch,
  silence,
  stall,
  statusObject,
  text,
} from '../../fakes/api-answers.ts';
import type { Answer } from '../../fakes/scripted-api-server.ts';
import { pod, Watching } from './watching.ts';

/** A watch that has yielded `a` at resourceVersion 5, and then meets what it is told. */
async function meeting(...answers: readonly Answer[]): Promise<Watching> {
  const watching = await Watching.prepare();
  const watch = new ScriptedWatch();
  watching.server.answer(list([pod('a', '1')], '1'), watch.answer);
  watching.start();
  await watching.take(2);
  await watch.send('MODIFIED', pod('a', '5'));
  await watching.take(1);
  watching.server.answer(...answers);
  await watch.end();
  return watching;
}

describe('watchResource goes on from the last resourceVersion', () => {
  const cases: readonly [name: string, cause: string, ...answers: Answer[]][] = [
    ['a reset before any answer', 'unreachable', reset],
    ['a reset in the middle of a JSON line', 'unreachable', cutOff('{"type":"MODIFIED","obj')],
    ['HTTP 401, when the token was rotated', 'unauthorized', failure(401, 'Unauthorized', 'no')],
    ['HTTP 403', 'forbidden', failure(403, 'Forbidden', 'pods is forbidden')],
    ['HTTP 404', 'not-found', text(404, '404 page not found')],
    ['HTTP 429', 'throttled', failure(429, 'TooManyRequests', 'slow down')],
    ['HTTP 500', 'server-error', failure(500, 'InternalError', 'etcd')],
    ['HTTP 503', 'server-error', failure(503, 'ServiceUnavailable', 'starting')],
    ['an ERROR event that is not 410', 'server-error', watchError(500)],
    ['a line that is no JSON', 'unreadable', text(200, 'oops\n')],
    ['a bookmark without a version', 'unreadable', text(200, '{"type":"BOOKMARK","object":{}}\n')],
    ['an event of an unknown type', 'unreadable', text(200, '{"type":"EXPLODED","object":{}}\n')],
    ['a last line without its end', 'unreadable', text(200, '{"type":"MODIFIED","obj')],
  ];
  for (const [name, cause, ...answers] of cases) {
    it(`after ${name}`, async () => {
      const resumed = new ScriptedWatch();
      await using watching = await meeting(...answers, resumed.answer);
      expect((await watching.request(3)).query.get('resourceVersion')).to.equal('5');
      await resumed.send('MODIFIED', pod('a', '6'));
      expect(await watching.take(1)).to.deep.equal(['MODIFIED a@6']);
      expect(watching.causes).to.deep.equal(['timeout', cause]);
      expect(watching.untaken).to.deep.equal([]);
    });
  }

  it('after refused connections', async () => {
    const resumed = new ScriptedWatch();
    await using watching = await Watching.prepare();
    const { server } = watching;
    const watch = new ScriptedWatch();
    server.answer(list([pod('a', '1')], '1'), watch.answer);
    watching.start();
    await watching.take(2);
    await watching.request(1);
    await server.refuse();
    await watching.passTime(() => watching.failures.length >= 3);
    expect(describeError(watching.failures.at(-1))).to.contain('ECONNREFUSED');
    await server.listen();
    server.answer(resumed.answer);
    expect((await watching.request(2)).query.get('resourceVersion')).to.equal('1');
    await resumed.send('MODIFIED', pod('a', '2'));
    expect(await watching.take(1)).to.deep.equal(['MODIFIED a@2']);
  });

  it('after a server that stops sending without closing', async () => {
    await using watching = await Watching.prepare();
    const [silent, resumed] = [new ScriptedWatch(), new ScriptedWatch()];
    watching.server.answer(list([pod('a', '1')], '1'), silent.answer, resumed.answer);
    watching.start({ idleTimeoutMs: 60_000 });
    await watching.take(2);
    await silent.send('MODIFIED', pod('a', '2'));
    await watching.take(1);
    const { closed } = await watching.server.request(1);
    await watching.clock.advance(59_000);
    expect(watching.causes).to.deep.equal([]);
    expect((await watching.request(2)).query.get('resourceVersion')).to.equal('2');
    await closed;
    expect(watching.causes).to.deep.equal(['idle']);
  });
});

describe('watchResource begins', () => {
  const cases: readonly [name: string, cause: string, answer: Answer][] = [
    ['after a list that was cut off', 'unreachable', cutOff('{"items":[{"metadata":')],
    ['after a list that ends too early', 'unreadable', text(200, '{"items":[{"metadata":')],
    ['after an answer that is no list', 'unreadable', text(200, '<html>proxy</html>')],
    ['after a list without resourceVersion', 'unreadable', text(200, '{"metadata":{},"items":[]}')],
    ['after an empty answer', 'unreadable', text(200, '')],
    ['once the API server is authorised to answer', 'forbidden', failure(403, 'Forbidden', 'no')],
    ['once the API server has started', 'server-error', failure(503, 'ServiceUnavailable', 'no')],
  ];
  for (const [name, cause, answer] of cases) {
    it(name, async () => {
      await using watching = await Watching.prepare();
      watching.server.answer(answer, list([pod('a', '1')], '1'));
      watching.start();
      expect(await watching.take(2)).to.deep.equal(['ADDED a@1', 'SYNCED']);
      expect(watching.causes).to.deep.equal([cause]);
    });
  }

  for (const [name, answer] of [
    ['that stops in the middle', stall('{"items":[')],
    ['that never says anything', silence],
  ] as const) {
    it(`after a list ${name}`, async () => {
      await using watching = await Watching.prepare();
      watching.server.answer(answer, list([pod('a', '1')], '1'));
      watching.start({ idleTimeoutMs: 60_000 });
      expect(await watching.take(2)).to.deep.equal(['ADDED a@1', 'SYNCED']);
    });
  }

  const mended: readonly [name: string, withinMs: number, answer: Answer][] = [
    ['2 s once a CustomResourceDefinition is installed', 2_000, text(404, '404 page not found')],
    ['2 s once somebody allows it', 2_000, failure(403, 'Forbidden', 'no')],
    ['5 s once the token is renewed', 5_000, failure(401, 'Unauthorized', 'no')],
  ];
  for (const [name, withinMs, answer] of mended) {
    it(`within ${name}, however long that took`, async () => {
      await using watching = await Watching.prepare();
      const { server, clock } = watching;
      server.answer(...Array.from({ length: 40 }, () => answer));
      watching.start();
      await watching.request(39);
      const mendedAt = clock.monotonic();
      server.answer(list([pod('a', '1')], '1'));
      await watching.take(2);
      expect(clock.monotonic() - mendedAt).to.be.at.most(withinMs);
    });
  }
});

describe('watchResource in trouble', () => {
  it('waits as long as Retry-After says', async () => {
    const busy = failure(429, 'TooManyRequests', 'later', { 'retry-after': '7' });
    await using watching = await meeting(busy, new ScriptedWatch().answer);
    await watching.passTime(() => watching.causes.includes('throttled'));
    const refusedAt = watching.clock.monotonic();
    await watching.request(3);
    expect(watching.clock.monotonic() - refusedAt).to.be.at.least(6_900);
  });

  it('asks less and less often while the API server is broken, at most every 30 s', async () => {
    await using watching = await Watching.prepare();
    const broken = failure(500, 'InternalError', 'etcd');
    watching.server.answer(...Array.from({ length: 14 }, () => broken));
    watching.start();
    const asked: number[] = [];
    for (let n = 0; n < 14; n += 1) {
      await watching.request(n);
      asked.push(watching.clock.monotonic());
    }
    const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(pauses[0]).to.be.at.most(500);
    expect(pauses.at(-1)).to.be.within(15_000, 30_100);
    expect(pauses).to.deep.equal(pauses.toSorted((a, b) => a - b));
  });

  it('lists again at once when the API server is back and has forgotten, not as late as it was away', async () => {
    const broken = failure(503, 'ServiceUnavailable', 'starting');
    const away = Array.from({ length: 9 }, () => broken);
    await using watching = await meeting(...away, failure(410, 'Expired', 'too old'));
    await watching.request(11);
    const forgottenAt = watching.clock.monotonic();
    watching.server.answer(list([pod('a', '9')], '9'));
    await watching.request(12);
    expect(watching.clock.monotonic() - forgottenAt).to.be.at.most(200);
    expect(await watching.take(1)).to.deep.equal(['MODIFIED a@9']);
  });

  for (const [code, reason] of [
    [504, 'Timeout'],
    [400, 'BadRequest'],
  ] as const) {
    it(`lists again when its resourceVersion is foreign (${code}), as after etcd was restored`, async () => {
      const foreign = failure(code, reason, 'Too large resource version: 5, current: 2');
      const resumed = new ScriptedWatch();
      await using watching = await meeting(foreign, list([pod('b', '2')], '2'), resumed.answer);
      expect(await watching.take(2)).to.deep.equal(['DELETED a@5', 'ADDED b@2']);
      expect((await watching.request(4)).query.get('resourceVersion')).to.equal('2');
    });
  }

  it('does not spin on a server that forgets everything at once', async () => {
    await using watching = await Watching.prepare();
    const forgetful = [list([], '1'), failure(410, 'Expired', 'too old')];
    watching.server.answer(...Array.from({ length: 8 }, () => forgetful).flat());
    watching.start();
    await watching.request(15);
    expect(watching.clock.monotonic()).to.be.at.least(3_000);
  });

  it('does not spin on a server that ends every watch at once', async () => {
    await using watching = await Watching.prepare();
    const ended: Answer = (response) => response.writeHead(200).end();
    watching.server.answer(list([], '1'), ...Array.from({ length: 8 }, () => ended));
    watching.start();
    await watching.request(8);
    expect(watching.clock.monotonic()).to.be.at.least(1_000);
  });

  it('is quick again after a quiet watch that lived its whole time', async () => {
    await using watching = await Watching.prepare();
    const watches = Array.from({ length: 12 }, () => new ScriptedWatch());
    watching.server.answer(list([], '1'), ...watches.map(({ answer }) => answer));
    watching.start();
    for (const [index, watch] of watches.slice(0, 10).entries()) {
      await watching.request(1 + index);
      await watching.clock.advance(300_000);
      await watch.end();
    }
    const endedAt = watching.clock.monotonic();
    await watching.request(11);
    expect(watching.clock.monotonic() - endedAt).to.be.at.most(500);
  });

  it('reads the token again after 401 and goes on with the new one', async () => {
    await using watching = await Watching.prepare();
    const { server, credentials } = watching;
    const [watch, resumed] = [new ScriptedWatch(), new ScriptedWatch()];
    server.answer(list([], '1'), watch.answer);
    watching.start();
    await watching.request(1);
    credentials.token = 'second';
    server.answer(failure(401, 'Unauthorized', 'expired'), resumed.answer);
    await watch.end();
    expect((await watching.request(2)).headers.authorization).to.equal('Bearer first');
    expect((await watching.request(3)).headers.authorization).to.equal('Bearer second');
  });

  it('names the verb and the resource that are forbidden', async () => {
    await using watching = await Watching.prepare();
    watching.server.answer(failure(403, 'Forbidden', 'User "x" cannot list resource "pods"'));
    watching.start();
    await watching.passTime(() => watching.failures.length > 0);
    const [error] = watching.failures;
    expect(error).to.be.instanceOf(KubernetesApiError);
    expect(describeError(error)).to.match(/^list pods \(\/api\/v1\/pods\): 403 Forbidden: User/);
    expect(watching.reached).to.equal(0);
  });

  it('says when the API server is reached again', async () => {
    await using watching = await Watching.prepare();
    watching.server.answer(failure(503, 'ServiceUnavailable', 'starting'), list([], '1'));
    watching.start();
    await watching.take(1);
    expect(watching.failures).to.have.length(1);
    expect(watching.reached).to.equal(1);
  });
});

function watchError(code: number): Answer {
  const line = JSON.stringify({ type: 'ERROR', object: statusObject(code, 'InternalError', 'no') });
  return text(200, `${line}\n`);
}
