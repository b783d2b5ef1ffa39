import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { version } from '../../../src/version.ts';

/** A cluster that nobody answers for: the controller waits for it. */
const KUBECONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'none',
  contexts: [{ name: 'none', context: { cluster: 'none', user: 'none' } }],
  clusters: [{ name: 'none', cluster: { server: 'http://127.0.0.1:1' } }],
  users: [{ name: 'none', user: {} }],
});

const CONTROLLER = ['controller', '--metrics-address', '127.0.0.1', '--metrics-port'];

/** Starting Node and bundling take seconds where other tests take none. */
const TIMEOUT_MS = 60_000;

let directory = '';
const running = new Set<ChildProcess>();

function start(file: string, argv: readonly string[]) {
  const env = { PATH: process.env.PATH, CHAOSMONKEY_KUBECONFIG: join(directory, 'kubeconfig') };
  const child = spawn(process.execPath, [file, ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

async function outcome(file: string, argv: readonly string[]) {
  const child = start(file, argv);
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (texts.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (texts.stderr += String(chunk)));
  const [code, signal] = await once(child, 'close');
  return { code, signal, ...texts };
}

/** Resolves with the port once the program's log says that it listens. */
async function listening(child: ReturnType<typeof start>): Promise<number> {
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line);
    if (entry.msg === 'listening') {
      child.stdout.resume();
      return entry.port;
    }
  }
  throw new Error('it ended without listening');
}

before(async function () {
  this.timeout(TIMEOUT_MS);
  directory = await mkdtemp(join(tmpdir(), 'chaos-monkey-program-'));
  await promisify(execFile)(process.execPath, ['scripts/build.ts', join(directory, 'dist')]);
  await writeFile(join(directory, 'kubeconfig'), KUBECONFIG);
});

after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

/** Starts a controller, asks it how it is, and ends it by a signal. */
async function serveUntil(signal: NodeJS.Signals, file: string): Promise<unknown> {
  const child = start(file, [...CONTROLLER, '0']);
  const port = await listening(child);
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  expect((await get('/health')).status).to.equal(200);
  expect((await get('/readyz')).status).to.equal(503);
  expect(await (await get('/metrics')).text()).to.contain(`version="${version}"`);
  const ended = once(child, 'exit');
  child.kill(signal);
  return ended;
}

describe('the program', function () {
  this.timeout(TIMEOUT_MS);
  const file = 'src/main.ts';

  it('says its version and ends with 0', async () => {
    const { code, stdout } = await outcome(file, ['--version']);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `chaos-monkey ${version}\n` });
  });

  it('ends with 2 when it is not understood', async () => {
    const { code, stderr } = await outcome(file, ['controler']);
    expect(code).to.equal(2);
    expect(stderr).to.contain('unknown command controler; did you mean controller?');
  });

  for (const signal of ['SIGINT', 'SIGABRT'] as const) {
    it(`ends with 0 on ${signal}, while it serves and no API server answers`, async () => {
      expect(await serveUntil(signal, file)).to.deep.equal([0, null]);
    });
  }

  it('ends with 1 and says which settings when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : '');
    const { code, stderr } = await outcome(file, [...CONTROLLER, port]);
    other.close();
    expect(code).to.equal(1);
    expect(stderr).to.contain(`cannot listen on 127.0.0.1:${port} (set by --metrics-address`);
  });
});

describe('the bundled program, far from its packages', function () {
  this.timeout(TIMEOUT_MS);
  const file = () => join(directory, 'dist', 'chaos-monkey.js');

  it('lists every command', async () => {
    const { code, stdout } = await outcome(file(), ['--help']);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^ {2}controller {2}\w/m)
      .and.match(/^ {2}playground {2}\w/m);
  });

  it('ends with 0 on SIGTERM, while it serves and no API server answers', async () => {
    expect(await serveUntil('SIGTERM', file())).to.deep.equal([0, null]);
  });
});
