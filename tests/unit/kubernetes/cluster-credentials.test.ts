import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ClusterCredentials } from '../../../src/kubernetes/cluster-credentials.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';

/** A kubeconfig of two contexts, `home` (current) and `away`. */
function kubeconfig(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'home',
    clusters: [
      { name: 'near', cluster: { server: 'https://near.example:6443/' } },
      { name: 'far', cluster: { server: 'https://far.example/k8s' } },
    ],
    contexts: [
      { name: 'home', context: { cluster: 'near', user: 'me' } },
      { name: 'away', context: { cluster: 'far', user: 'me' } },
    ],
    users: [{ name: 'me', user: { token: 'secret' } }],
    ...changes,
  });
}

const user = (fields: unknown) => kubeconfig({ users: [{ name: 'me', user: fields }] });

describe('ClusterCredentials', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'credentials-'));
    file = join(folder, 'config');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function load(text: string, context?: string): Promise<ClusterCredentials> {
    await writeFile(file, text);
    return new ClusterCredentials({ kubeconfig: file, context });
  }

  async function authorization(credentials: ClusterCredentials): Promise<string | undefined> {
    return (await credentials.identity()).headers.Authorization;
  }

  it('takes the current context', async () => {
    const credentials = await load(kubeconfig());
    expect(credentials.server.href).to.equal('https://near.example:6443/');
    expect(await authorization(credentials)).to.equal('Bearer secret');
  });

  it('takes the context it is told', async () => {
    expect((await load(kubeconfig(), 'away')).server.href).to.equal('https://far.example/k8s');
  });

  it('sends no token over plain HTTP, as kubectl does not', async () => {
    const clusters = [{ name: 'near', cluster: { server: 'http://127.0.0.1:8001' } }];
    const credentials = await load(kubeconfig({ clusters }));
    expect(await credentials.identity()).to.deep.equal({ headers: {}, tls: {} });
  });

  it('takes certificates, their server name and the refusal to check', async () => {
    const data = (text: string) => Buffer.from(text).toString('base64');
    const cluster = {
      server: 'https://near.example',
      'certificate-authority-data': data('ca'),
      'tls-server-name': 'kubernetes',
      'insecure-skip-tls-verify': true,
    };
    const credentials = await load(
      kubeconfig({
        clusters: [{ name: 'near', cluster }],
        users: [
          {
            name: 'me',
            user: { 'client-certificate-data': data('cert'), 'client-key-data': data('key') },
          },
        ],
      }),
    );
    const { tls, headers } = await credentials.identity();
    expect(headers).to.deep.equal({});
    expect({
      ...tls,
      ca: String(tls.ca),
      cert: String(tls.cert),
      key: String(tls.key),
    }).to.deep.equal({
      ca: 'ca',
      cert: 'cert',
      key: 'key',
      servername: 'kubernetes',
      rejectUnauthorized: false,
    });
  });

  it('takes a name and a password', async () => {
    const credentials = await load(user({ username: 'me', password: 'pass' }));
    expect(await authorization(credentials)).to.equal(`Basic ${btoa('me:pass')}`);
  });

  it('reads tokenFile beside the kubeconfig each time, and before a token', async () => {
    await writeFile(join(folder, 'token'), 'one\n');
    const credentials = await load(user({ tokenFile: 'token', token: 'old' }));
    expect(await authorization(credentials)).to.equal('Bearer one');
    await writeFile(join(folder, 'token'), 'two');
    expect(await authorization(credentials)).to.equal('Bearer two');
  });

  it('runs an exec plugin, and again only once what it gave was refused', async () => {
    const runs = join(folder, 'runs');
    const credential = { kind: 'ExecCredential', status: { token: 'given' } };
    const script = `echo x >> ${runs}; echo '${JSON.stringify(credential)}'; wc -l < ${runs} >&2`;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', script],
    };
    const credentials = await load(user({ exec }));
    const count = async () => {
      expect(await authorization(credentials)).to.equal('Bearer given');
      const { readFile } = await import('node:fs/promises');
      return (await readFile(runs, 'utf8')).length / 2;
    };
    expect(await count()).to.equal(1);
    credentials.reload(false);
    expect(await count()).to.equal(1);
    credentials.reload(true);
    expect(await count()).to.equal(2);
  });

  it('notices a kubeconfig that was replaced', async () => {
    const credentials = await load(kubeconfig());
    await writeFile(file, user({ token: 'new' }));
    credentials.reload(false);
    expect(await authorization(credentials)).to.equal('Bearer new');
  });

  it('keeps what it has while the kubeconfig cannot be read', async () => {
    const credentials = await load(kubeconfig());
    await writeFile(file, '{');
    credentials.reload(true);
    expect(await authorization(credentials)).to.equal('Bearer secret');
  });

  const contexts = (context: unknown) => kubeconfig({ contexts: [{ name: 'home', context }] });
  const clusters = (cluster: unknown) => kubeconfig({ clusters: [{ name: 'near', cluster }] });
  const bad: readonly [name: string, text: string, message: RegExp, context?: string][] = [
    ['that is no YAML', 'a: [', /config could not be read: /],
    ['that is empty', '', /config: expected a kubeconfig, got null/],
    ['that is a text', 'hello', /config: expected a kubeconfig, got "hello"/],
    ['that is a list', '[]', /config: expected a kubeconfig, got \[\]/],
    [
      'without the context it is told',
      kubeconfig(),
      /config: context: expected an existing one \(there are home, away\), got "moon"/,
      'moon',
    ],
    [
      'without its current context',
      kubeconfig({ 'current-context': 'moon' }),
      /context: expected an existing one \(there are home, away\), got "moon"/,
    ],
    [
      'without a current context',
      kubeconfig({ 'current-context': undefined }),
      /current-context: expected the name of a context \(there are home, away\), got none/,
    ],
    [
      'without any context',
      kubeconfig({ contexts: [] }),
      /context: expected an existing one \(there is none\), got "home"/,
    ],
    [
      'without the cluster of its context',
      contexts({ cluster: 'moon', user: 'me' }),
      /contexts\[home\]\.cluster: expected an entry of clusters \(there are near, far\), got "moon"/,
    ],
    [
      'without the user of its context',
      contexts({ cluster: 'near', user: 'you' }),
      /contexts\[home\]\.user: expected an entry of users \(there is me\), got "you"/,
    ],
    [
      'whose server is no URL',
      clusters({ server: 'near:6443' }),
      /clusters\[near\]\.server: expected an http or https URL, got "near:6443"/,
    ],
    ['whose server is a number', clusters({ server: 6443 }), /config could not be read: /],
    [
      'whose cluster has no server',
      clusters({}),
      /clusters\[0\]\.cluster is missing|server is missing/,
    ],
    [
      'that wants a proxy',
      clusters({ server: 'https://near.example', 'proxy-url': 'http://proxy' }),
      /clusters\[near\]\.proxy-url: expected none/,
    ],
  ];
  for (const [name, text, message, context] of bad) {
    it(`refuses a kubeconfig ${name}, naming the file`, async () => {
      const error: unknown = await load(text, context).catch((thrown: unknown) => thrown);
      if (!(error instanceof ChaosError)) throw error;
      expect(error.code).to.equal('ERR_SETTINGS_KUBECONFIG');
      expect(error.message).to.contain(file).and.to.match(message);
    });
  }

  it('refuses a file that is not there', () => {
    expect(() => new ClusterCredentials({ kubeconfig: join(folder, 'nothing') }))
      .to.throw(/nothing could not be read: ENOENT/)
      .that.includes({ code: 'ERR_SETTINGS_KUBECONFIG' });
  });

  const unreadable: readonly [name: string, text: string][] = [
    ['a token file', user({ tokenFile: 'missing' })],
    ['a client certificate', user({ 'client-certificate': 'missing' })],
    ['an exec plugin', user({ exec: { command: '/missing/plugin', args: [] } })],
  ];
  for (const [name, text] of unreadable) {
    it(`says that ${name} is missing`, async () => {
      const credentials = await load(text);
      const error: unknown = await credentials.identity().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ChaosError);
      expect(String(error)).to.match(/credentials of the current user.*missing/);
    });
  }
});
