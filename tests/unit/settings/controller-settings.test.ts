import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { controllerSettings } from '../../../src/settings/controller-settings.ts';
import { type Environment, loadSettings } from '../../../src/settings/load-settings.ts';
import { parseFlags } from '../../../src/settings/parse-flags.ts';

async function load(argv: readonly string[], env: Environment = {}) {
  return loadSettings(controllerSettings, parseFlags(controllerSettings, argv), env);
}

async function failure(argv: readonly string[], env: Environment = {}): Promise<string> {
  return load(argv, env).then(
    () => expect.fail('the settings were accepted'),
    (error: unknown) => {
      expect(error).to.have.property('code', 'ERR_SETTINGS_INVALID');
      return error instanceof Error ? error.message : '';
    },
  );
}

const DAYS_2 = 48 * 60 * 60 * 1000;

describe('the settings of the controller', () => {
  it('have defaults', async () => {
    const { settings, ignored } = await load([]);
    expect(settings).to.deep.equal({
      behavior: 'ALLOWALL',
      protectedNamespaces: ['@own', 'kube-system', 'kube-public', 'kube-node-lease'],
      seed: undefined,
      watchNamespaces: [],
      leaderElection: undefined,
      leaseName: 'chaos-monkey',
      leaseDuration: 15_000,
      leaseRenewDeadline: 10_000,
      leaseRetryPeriod: 2_000,
      deployment: undefined,
      webhookService: undefined,
      webhookAddress: '0.0.0.0',
      webhookPort: 9443,
      certificateLife: 90 * 24 * 3_600_000,
      certificateAuthorityLife: 365 * 24 * 3_600_000,
      plainConversion: false,
      kubeconfig: undefined,
      context: undefined,
      namespace: undefined,
      metricsAddress: '0.0.0.0',
      metricsPort: 9000,
      nsTimeout: DAYS_2,
      crdTimeout: DAYS_2,
      podTimeout: DAYS_2,
      logLevel: 'info',
      logFormat: 'auto',
    });
    expect(ignored).to.deep.equal([]);
    expect(Object.isFrozen(settings)).to.equal(true);
  });

  const everywhere: readonly [string, string, string, string, unknown][] = [
    ['behavior', 'behavior', 'CHAOSMONKEY_BEHAVIOR', 'denyall', 'DENYALL'],
    ['logLevel', 'log-level', 'CHAOSMONKEY_LOGLEVEL', 'Critical', 'critical'],
    ['logFormat', 'log-format', 'CHAOSMONKEY_LOG_FORMAT', 'JSON', 'json'],
    ['nsTimeout', 'ns-timeout', 'CHAOSMONKEY_NS_TIMEOUT', '1m', 60_000],
    ['crdTimeout', 'crd-timeout', 'CHAOSMONKEY_CRD_TIMEOUT', '1m', 60_000],
    ['podTimeout', 'pod-timeout', 'CHAOSMONKEY_POD_TIMEOUT', '1m', 60_000],
    ['metricsPort', 'metrics-port', 'CHAOSMONKEY_METRICS_PORT', '80', 80],
    ['metricsAddress', 'metrics-address', 'CHAOSMONKEY_METRICS_ADDRESS', '::1', '::1'],
    [
      'protectedNamespaces',
      'protected-namespaces',
      'CHAOSMONKEY_PROTECTED_NAMESPACES',
      'a,@own',
      ['a', '@own'],
    ],
    ['seed', 'seed', 'CHAOSMONKEY_SEED', '42', '42'],
    ['kubeconfig', 'kubeconfig', 'CHAOSMONKEY_KUBECONFIG', '/a b', '/a b'],
    ['context', 'context', 'CHAOSMONKEY_CONTEXT', 'kind', 'kind'],
    ['namespace', 'namespace', 'CHAOSMONKEY_NAMESPACE', 'mine', 'mine'],
  ];
  for (const [key, flag, name, text, value] of everywhere) {
    it(`--${flag} and ${name} are the same`, async () => {
      expect((await load([`--${flag}`, text])).settings).to.have.deep.property(key, value);
      expect((await load([], { [name]: text })).settings).to.have.deep.property(key, value);
    });
  }

  it('take every level of the Go program, in any case', async () => {
    for (const level of 'panic fatal error warn warning info debug trace critical'.split(' ')) {
      const { settings, ignored } = await load([], { CHAOSMONKEY_LOGLEVEL: level.toUpperCase() });
      expect(settings.logLevel).to.equal(level);
      expect(ignored).to.deep.equal([]);
    }
  });

  const fallingBack: readonly [string, string, string, unknown][] = [
    ['CHAOSMONKEY_BEHAVIOR', 'some', 'behavior', 'ALLOWALL'],
    ['CHAOSMONKEY_LOGLEVEL', 'loud', 'logLevel', 'info'],
    ['CHAOSMONKEY_NS_TIMEOUT', 'soon', 'nsTimeout', DAYS_2],
    ['CHAOSMONKEY_CRD_TIMEOUT', '-1s', 'crdTimeout', DAYS_2],
    ['CHAOSMONKEY_POD_TIMEOUT', '0', 'podTimeout', DAYS_2],
  ];
  for (const [name, text, key, value] of fallingBack) {
    it(`${name}=${text} is reported and the default used, as by the Go program`, async () => {
      const { settings, ignored } = await load([], { [name]: text });
      expect(settings).to.have.property(key, value);
      expect(ignored).to.have.length(1);
      expect(ignored[0]?.message)
        .to.match(new RegExp(`^${name}: expected .*, got "${text}"; using the default, `))
        .and.not.contain('undefined');
    });
  }

  const refused: readonly [readonly string[], Environment, string][] = [
    [
      ['--behavior', 'some'],
      {},
      '--behavior: expected AllowAll or DenyAll (in any case), got "some"',
    ],
    [['--ns-timeout', '0s'], {}, '--ns-timeout: expected a duration of at least 1s'],
    [[], { CHAOSMONKEY_METRICS_PORT: 'x' }, 'CHAOSMONKEY_METRICS_PORT: expected a whole number'],
    [
      [],
      { CHAOSMONKEY_LOG_FORMAT: 'xml' },
      'CHAOSMONKEY_LOG_FORMAT: expected auto, json or pretty',
    ],
    [
      ['--protected-namespaces', 'Kube_System'],
      {},
      '--protected-namespaces: expected namespace names, or @own, separated by commas, got "Kube_System"',
    ],
    [['--protected-namespaces', `a,${'x'.repeat(64)}`], {}, '--protected-namespaces: expected'],
  ];
  for (const [argv, env, message] of refused) {
    it(`refuse ${JSON.stringify([...argv, env])}`, async () => {
      expect(await failure(argv, env)).to.contain(message);
    });
  }

  it('name every value that is refused', async () => {
    const message = await failure(['--behavior', 'x', '--seed='], {
      CHAOSMONKEY_METRICS_PORT: 'y',
    });
    expect(message).to.match(/^3 settings are not accepted:\n/);
    expect(message).to.contain('\n  --behavior: ').and.contain('\n  --seed: ');
    expect(message).to.contain('\n  CHAOSMONKEY_METRICS_PORT: ');
  });

  it('take an empty variable for none, except an empty list', async () => {
    const { settings, ignored } = await load([], {
      CHAOSMONKEY_BEHAVIOR: '',
      CHAOSMONKEY_METRICS_PORT: '',
      CHAOSMONKEY_PROTECTED_NAMESPACES: '',
    });
    expect(settings).to.include({ behavior: 'ALLOWALL', metricsPort: 9000 });
    expect(settings.protectedNamespaces).to.deep.equal([]);
    expect(ignored).to.deep.equal([]);
  });
});

describe('the settings file', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'chaos-monkey-settings-'));
  });
  after(async () => {
    await rm(directory, { recursive: true });
  });

  async function file(content: string): Promise<string> {
    const path = join(directory, 'settings.yaml');
    await writeFile(path, content);
    return path;
  }

  it('is below the environment, which is below the flags', async () => {
    const path = await file(
      'metrics-port: 1\nmetrics-address: file\nseed: 1\nprotected-namespaces: [a, b]\n',
    );
    const env = { CHAOSMONKEY_METRICS_ADDRESS: 'environment', CHAOSMONKEY_SEED: 'environment' };
    const { settings } = await load(['--config', path, '--seed', 'flag'], env);
    expect(settings).to.include({ metricsPort: 1, metricsAddress: 'environment', seed: 'flag' });
    expect(settings.protectedNamespaces).to.deep.equal(['a', 'b']);
  });

  it('can be named by the environment, and be empty', async () => {
    const { settings } = await load([], { CHAOSMONKEY_CONFIG: await file('') });
    expect(settings.metricsPort).to.equal(9000);
  });

  const refused: readonly [string, RegExp][] = [
    ['metric-port: 1', /unknown setting "metric-port"; did you mean metrics-port\?/],
    ['metricsPort: 1', /unknown setting "metricsPort"/],
    ['metrics-port: many', /settings\.yaml: metrics-port: expected a whole number .*, got "many"/],
    ['metrics-port: {a: 1}', /metrics-port: expected a value or a list, got \{"a":1\}/],
    ['seed:', /seed: expected a value or a list, got null/],
    ['behavior: some', /behavior: expected AllowAll or DenyAll/],
    ['- a', /expected a mapping of settings, got \["a"\]/],
    ['a: [', /expected a readable YAML file/],
    ['__proto__: 1', /unknown setting "__proto__"/],
  ];
  for (const [content, message] of refused) {
    it(`refuses ${JSON.stringify(content)}`, async () => {
      expect(await failure(['--config', await file(content)])).to.match(message);
    });
  }

  it('has to be there', async () => {
    const path = join(directory, 'none.yaml');
    expect(await failure(['--config', path])).to.contain(
      `settings file ${path}: expected a readable`,
    );
  });
});
