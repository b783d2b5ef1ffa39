import { expect } from 'chai';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { createLogger, LOG_LEVELS, type LogLevel } from '../../../src/runtime/logger.ts';
import { Capture } from '../../fakes/capture.ts';

function entries(output: Capture): Record<string, unknown>[] {
  return output.lines.map((line) => JSON.parse(line));
}

describe('the log as JSON', () => {
  it('is a line per message with level, time, fields and message', () => {
    const output = new Capture();
    const logger = createLogger({ output }).child({ namespace: 'shop' });
    logger.info({ configuration: 'web', victims: ['web-1'] }, 'killed a pod');
    const [entry] = entries(output);
    expect(output.text).to.match(/^[^\n]+\n$/);
    expect(entry?.time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect({ ...entry, time: '' }).to.deep.equal({
      level: 'info',
      time: '',
      namespace: 'shop',
      configuration: 'web',
      victims: ['web-1'],
      msg: 'killed a pod',
    });
  });

  const shown: readonly [LogLevel, string][] = [
    ['panic', ''],
    ['critical', ''],
    ['fatal', ''],
    ['error', 'error'],
    ['warn', 'error warn'],
    ['warning', 'error warn'],
    ['info', 'error warn info'],
    ['debug', 'error warn info debug'],
    ['trace', 'error warn info debug'],
  ];
  for (const [level, expected] of shown) {
    it(`at ${level} shows ${expected || 'nothing'}`, () => {
      const output = new Capture();
      const logger = createLogger({ output, level });
      for (const severity of ['error', 'warn', 'info', 'debug'] as const) {
        logger[severity]({}, 'hello');
      }
      expect(entries(output).map((entry) => entry.level)).to.deep.equal(
        expected.split(' ').filter((name) => name !== ''),
      );
    });
  }

  it('has a level for each accepted name', () => {
    expect(shown.map(([level]) => level)).to.have.members(LOG_LEVELS);
  });

  it('says what failed: code and causes of ours, the stack of what nobody foresaw', () => {
    const output = new Capture();
    const logger = createLogger({ output });
    const cause = new Error('connect ECONNREFUSED');
    logger.warn({ error: new ChaosError('ERR_KUBERNETES_TRANSPORT', 'no answer', { cause }) }, 'a');
    logger.error({ error: new TypeError('bad') }, 'b');
    logger.error({ error: 'thrown text' }, 'c');
    const [foreseen, unforeseen, text] = entries(output).map((entry) => entry.error);
    expect(foreseen).to.deep.equal({
      code: 'ERR_KUBERNETES_TRANSPORT',
      message: 'no answer: connect ECONNREFUSED',
    });
    expect(unforeseen).to.include({ name: 'TypeError', message: 'bad' });
    expect(unforeseen).to.have.property('stack').that.contains('logger.test.ts');
    expect(text).to.equal('thrown text');
  });

  it('blots out secrets in fields, messages and errors', () => {
    const output = new Capture();
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl-_x';
    createLogger({ output }).error(
      {
        token,
        password: 'hunter2',
        user: { token: 'opaque', name: 'me' },
        headers: { authorization: 'Basic aGk=' },
        error: new Error(`rejected Bearer abc.def-ghi==`),
        list: [`a ${token} b`],
      },
      `sent Authorization: bearer ${token}`,
    );
    expect(output.text).to.not.match(/eyJ|hunter2|opaque|aGk=|abc\.def/);
    expect(output.text).to.contain('"name":"me"').and.contain('Authorization: bearer [redacted]');
    expect(entries(output)).to.have.length(1);
  });

  it('blots out private keys, whole or cut off, alone or among other things', () => {
    const output = new Capture();
    const key = '-----BEGIN PRIVATE KEY-----\nMIGHAgEA+/cx\nhRANCAAQ=\n-----END PRIVATE KEY-----';
    const [whole, cut] = [`a ${key} b`, key.slice(0, 50)];
    createLogger({ output }).error(
      { whole, cut, privateKey: 'opaque', error: new Error(key) },
      key,
    );
    expect(output.text).to.not.match(/MIGH|hRAN|opaque|PRIVATE KEY/);
    expect(output.text).to.contain('"whole":"a [redacted] b"');
    expect(entries(output)).to.have.length(1);
  });
});

describe('the log for people', () => {
  const line = (text: string) => text.replace(/^\d\d:\d\d:\d\d\.\d{3} /, '');

  it('is chosen by a terminal, unless told otherwise', () => {
    const terminal = new Capture({ isTTY: true });
    createLogger({ output: terminal }).info({}, 'hello');
    expect(terminal.text).to.contain('\u001b[32mINFO');
    const json = new Capture({ isTTY: true });
    createLogger({ output: json, format: 'json' }).info({}, 'hello');
    expect(entries(json)).to.have.length(1);
  });

  const cases: readonly [Record<string, unknown>, string, string][] = [
    [{}, 'hello', 'INFO  hello\n'],
    [{ namespace: 'shop', ticks: 3 }, 'acted', 'INFO  acted  namespace=shop ticks=3\n'],
    [{ why: 'no pods' }, 'skipped', 'INFO  skipped  why="no pods"\n'],
    [{ pods: ['a', 'b'] }, 'x', 'INFO  x  pods=["a","b"]\n'],
    [{ empty: '', none: null }, 'x', 'INFO  x  empty="" none=null\n'],
    [{ name: 'a\u001b[2Jb' }, 'x\u001b[2Jy\u0007', 'INFO  x[2Jy  name="a\\u001b[2Jb"\n'],
    [{ error: new ChaosError('ERR_SERVER_LISTEN', 'in use') }, 'failed', 'INFO  failed: in use\n'],
    [{ error: 'text' }, 'failed', 'INFO  failed: text\n'],
  ];
  for (const [fields, message, expected] of cases) {
    it(`writes ${JSON.stringify(expected)}`, () => {
      const output = new Capture();
      createLogger({ output, format: 'pretty' }).info(fields, message);
      expect(line(output.text)).to.equal(expected);
    });
  }

  it('shows the stack of what nobody foresaw', () => {
    const output = new Capture();
    createLogger({ output, format: 'pretty' }).error({ error: new TypeError('bad') }, 'failed');
    expect(line(output.text)).to.match(/^ERROR failed: TypeError: bad\n {4}at /);
  });
});
