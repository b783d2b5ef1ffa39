import { expect } from 'chai';
import { failure, list, ScriptedWatch, statusObject } from '../../fakes/api-answers.ts';
import { pod, Watching } from './watching.ts';

describe('watchResource', () => {
  it('lists page by page, says SYNCED once, then watches from the list with bookmarks', async () => {
    await using watching = await Watching.prepare();
    const { server } = watching;
    const watch = new ScriptedWatch();
    server.answer(
      list([pod('a', '1'), pod('b', '2')], '10', 'next'),
      list([pod('c', '3')], '11'),
      watch.answer,
    );
    watching.start({ namespace: 'shop' });
    expect(await watching.take(4)).to.deep.equal(['ADDED a@1', 'ADDED b@2', 'ADDED c@3', 'SYNCED']);
    const [first, second, third] = [
      await server.request(0),
      await server.request(1),
      await watching.request(2),
    ];
    expect(first.path).to.equal('/api/v1/namespaces/shop/pods');
    expect(Object.fromEntries(first.query)).to.deep.equal({ limit: '500' });
    expect(Object.fromEntries(second.query)).to.deep.equal({ limit: '500', continue: 'next' });
    expect(Object.fromEntries(third.query)).to.deep.equal({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '11',
      timeoutSeconds: '300',
    });
    expect(third.headers['user-agent']).to.equal('test');
  });

  it('says SYNCED for an empty list, too', async () => {
    await using watching = await Watching.prepare();
    watching.server.answer(list([], '1'));
    watching.start();
    expect(await watching.take(1)).to.deep.equal(['SYNCED']);
  });

  it('yields changes as they come', async () => {
    await using watching = await Watching.prepare();
    const watch = new ScriptedWatch();
    watching.server.answer(list([pod('a', '1')], '1'), watch.answer);
    watching.start();
    await watching.take(2);
    await watch.send('ADDED', pod('b', '2'));
    await watch.send('MODIFIED', pod('a', '3'));
    await watch.send('DELETED', pod('b', '4'));
    expect(await watching.take(3)).to.deep.equal(['ADDED b@2', 'MODIFIED a@3', 'DELETED b@4']);
  });

  it('strips objects on arrival', async () => {
    await using watching = await Watching.prepare();
    watching.server.answer(list([pod('a', '1')], '1'));
    let stripped = 0;
    const { pods } = await import('../../../src/kubernetes/resources/pods.ts');
    const strip = (raw: unknown) => {
      stripped += 1;
      const object = pods.strip(raw);
      expect(JSON.stringify(object)).not.to.contain('managedFields');
      return object;
    };
    watching.start({ resource: { ...pods, strip } });
    await watching.take(2);
    expect(stripped).to.equal(1);
  });

  it('resumes from the last bookmark when the API server ends the watch by timeoutSeconds', async () => {
    await using watching = await Watching.prepare();
    const [first, second] = [new ScriptedWatch(), new ScriptedWatch()];
    watching.server.answer(list([pod('a', '1')], '1'), first.answer, second.answer);
    watching.start();
    await watching.take(2);
    await first.send('MODIFIED', pod('a', '2'));
    await first.bookmark('77');
    await first.end();
    expect((await watching.request(2)).query.get('resourceVersion')).to.equal('77');
    await second.send('MODIFIED', pod('a', '80'));
    expect(await watching.take(2)).to.deep.equal(['MODIFIED a@2', 'MODIFIED a@80']);
    expect(watching.causes).to.deep.equal(['timeout']);
    expect(watching.failures).to.deep.equal([]);
  });

  for (const [name, gone] of [
    ['410 as HTTP status', (_watch: ScriptedWatch) => failure(410, 'Expired', 'too old')],
    ['410 as ERROR event', (watch: ScriptedWatch) => watch.answer],
  ] as const) {
    it(`lists again after ${name} and yields only the difference`, async () => {
      await using watching = await Watching.prepare();
      const { server } = watching;
      const [watch, resumed] = [new ScriptedWatch(), new ScriptedWatch()];
      const before = ['kept', 'changed', 'gone', 'replaced'].map((each) => pod(each, '1'));
      server.answer(list(before, '1'), gone(watch));
      server.answer(
        list(
          [
            pod('kept', '1'),
            pod('changed', '5'),
            pod('replaced', '6', 'uid-other'),
            pod('new', '7'),
          ],
          '9',
        ),
        resumed.answer,
      );
      watching.start();
      await watching.take(5);
      if (gone(watch) === watch.answer) {
        await watch.send('ERROR', statusObject(410, 'Expired', 'too old resource version'));
      }
      expect(await watching.take(5)).to.have.members([
        'DELETED gone@1',
        'DELETED replaced@1',
        'ADDED replaced@6',
        'MODIFIED changed@5',
        'ADDED new@7',
      ]);
      expect((await watching.request(3)).query.get('resourceVersion')).to.equal('9');
      expect(watching.causes).to.deep.equal(['expired']);
      expect(watching.untaken).to.deep.equal([]);
    });
  }

  it('yields DELETED before ADDED of a successor with the same name', async () => {
    await using watching = await Watching.prepare();
    watching.server.answer(
      list([pod('a', '1', 'old')], '1'),
      failure(410, 'Expired', 'too old'),
      list([pod('a', '2', 'new')], '2'),
    );
    watching.start();
    await watching.take(2);
    expect(await watching.take(2)).to.deep.equal(['DELETED a@1', 'ADDED a@2']);
  });

  it('yields DELETED and ADDED when a watch shows a successor without its end', async () => {
    await using watching = await Watching.prepare();
    const watch = new ScriptedWatch();
    watching.server.answer(list([pod('a', '1', 'old')], '1'), watch.answer);
    watching.start();
    await watching.take(2);
    await watch.send('MODIFIED', pod('a', '2', 'new'));
    expect(await watching.take(2)).to.deep.equal(['DELETED a@1', 'ADDED a@2']);
  });

  it('begins the list anew when a page token expired, and yields nothing twice', async () => {
    await using watching = await Watching.prepare();
    watching.server.answer(
      list([pod('a', '1'), pod('x', '1')], '10', 'old'),
      failure(410, 'Expired', 'the provided continue parameter is too old'),
      list([pod('a', '1')], '20', 'new'),
      list([pod('b', '2')], '20'),
    );
    watching.start();
    expect(await watching.take(3)).to.deep.equal(['ADDED a@1', 'ADDED b@2', 'SYNCED']);
    expect((await watching.request(2)).query.get('continue')).to.equal(null);
    expect((await watching.request(4)).query.get('resourceVersion')).to.equal('20');
  });

  it('passes over an object that comes again unchanged', async () => {
    await using watching = await Watching.prepare();
    const watch = new ScriptedWatch();
    watching.server.answer(list([pod('a', '1')], '1'), watch.answer);
    watching.start();
    await watching.take(2);
    await watch.send('DELETED', pod('unknown', '2'));
    await watch.send('ADDED', pod('a', '3'));
    await watch.send('ADDED', pod('b', '4'));
    expect(await watching.take(2)).to.deep.equal(['MODIFIED a@3', 'ADDED b@4']);
  });

  it('ends without an error when its signal aborts, and closes its connection', async () => {
    await using watching = await Watching.prepare();
    const watch = new ScriptedWatch();
    watching.server.answer(list([], '1'), watch.answer);
    watching.start();
    await watching.take(1);
    const { closed } = await watching.request(1);
    await watching.stop();
    await closed;
    expect(watching.clock.sleeping).to.equal(0);
  });

  it('ends without an error when its signal aborts between two attempts', async () => {
    await using watching = await Watching.prepare();
    watching.server.answer(failure(500, 'InternalError', 'no'));
    watching.start();
    await watching.passTime(() => watching.failures.length === 1);
    await watching.stop();
    expect(watching.clock.sleeping).to.equal(0);
  });
});
