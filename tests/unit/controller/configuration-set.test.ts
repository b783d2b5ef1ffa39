import { expect } from 'chai';
import type { ChaosMonkeyConfiguration } from '../../../src/configuration/types.ts';
import { ConfigurationSet } from '../../../src/controller/configuration-set.ts';
import type { KubernetesRequest } from '../../../src/kubernetes/client.ts';
import type { CrdWatcherMetrics } from '../../../src/observability/metrics/controller-metrics.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { FakeContext } from '../../fakes/fake-context.ts';
import { configuration, deployment, rawConfiguration } from '../../fakes/stripped-objects.ts';

describe('ConfigurationSet', () => {
  let fake: FakeContext;
  let metrics: CrdWatcherMetrics;
  let set: ConfigurationSet;
  /** The latest status written, by configuration. */
  const statuses = new Map<string, Record<string, unknown>>();

  beforeEach(async () => {
    statuses.clear();
    fake = new FakeContext();
    fake.client.answer(({ verb, path, body }: KubernetesRequest) => {
      const name = /([^/]+)\/status$/.exec(path)?.[1];
      if (verb !== 'patch' || name === undefined) return undefined;
      const status = { ...statuses.get(name), ...Object(body).status };
      statuses.set(name, status);
      return rawConfiguration(name, {}, { status, metadata: { uid: `uid-${name}` } });
    });
    metrics = fake.metrics.crdWatcher('shop');
    set = new ConfigurationSet(
      { context: fake.context, namespace: 'shop', metrics },
      new AbortController().signal,
    );
    fake.deployments.added(deployment('web'), deployment('api'));
    fake.deployments.synced();
    fake.pods.synced();
    fake.replicaSets.synced();
    await settle();
  });

  afterEach(async () => {
    await set[Symbol.asyncDispose]();
    metrics[Symbol.dispose]();
    expect(fake.context.census.total).to.equal(1);
    expect(fake.clock.sleeping, 'ticks left').to.equal(0);
    await fake[Symbol.asyncDispose]();
    expect(fake.subscriptions).to.equal(0);
  });

  const active = (name: string) => {
    const conditions = Object(statuses.get(name)).conditions ?? [];
    const { status, reason } =
      conditions.find(({ type }: { type: string }) => type === 'Active') ?? {};
    return `${status} ${reason}`;
  };
  const running = () => fake.context.census.total - 1;
  const event = async (
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
    ...objects: readonly ChaosMonkeyConfiguration[]
  ) => {
    const taken = objects.map((object) => set.handle({ type, object }));
    for (let turn = 0; turn < 3; turn += 1) await settle();
    return taken;
  };
  /** A configuration made so many seconds after the first. */
  const made = (name: string, second: number, spec = {}, generation = 1) =>
    configuration(name, spec, {
      metadata: { creationTimestamp: `2026-01-01T00:00:0${second}Z`, generation },
    });

  it('runs a watcher for a configuration and says since when it is active', async () => {
    await event('ADDED', made('kill', 0));
    expect(running()).to.equal(1);
    expect(active('kill')).to.equal('True Running');
    expect(fake.told).to.deep.equal(['Started: Watcher started for deployment web']);
    expect(statuses.get('kill')).to.include({ nextExecution: '2026-01-01T00:00:10.000Z' });
  });

  it('answers a change of the spec, and not one of the status', async () => {
    await event('ADDED', made('kill', 0));
    expect(await event('MODIFIED', made('kill', 0))).to.deep.equal([false]);
    expect(await event('MODIFIED', made('kill', 0, { timeout: '20s' }, 2))).to.deep.equal([true]);
    expect(fake.told.slice(1)).to.deep.equal(['Modified: Watcher modified for deployment web']);
    expect(running()).to.equal(1);
  });

  it('stops it with the configuration, and writes no status then', async () => {
    await event('ADDED', made('kill', 0));
    const before = fake.client.requests.length;
    await event('DELETED', made('kill', 0));
    expect(running()).to.equal(0);
    expect(fake.client.requests).to.have.length(before);
    expect(await event('DELETED', made('kill', 0))).to.deep.equal([false]);
  });

  it('takes one that waits for its finalizers as deleted', async () => {
    await event('ADDED', made('kill', 0));
    const metadata = { deletionTimestamp: '2026-01-01T00:00:09Z' };
    await event('MODIFIED', configuration('kill', {}, { metadata }));
    expect(running()).to.equal(0);
  });

  for (const order of ['older first', 'newer first']) {
    it(`lets the older of two work, ${order}, and the newer take over`, async () => {
      const pair = [made('older', 0), made('newer', 1)];
      await event('ADDED', ...(order === 'older first' ? pair : pair.reverse()));
      expect(running()).to.equal(1);
      expect([active('older'), active('newer')]).to.deep.equal([
        'True Running',
        'False DeploymentTaken',
      ]);
      await event('DELETED', made('older', 0));
      expect(running()).to.equal(1);
      expect(active('newer')).to.equal('True Running');
    });
  }

  it('does not let the newer of two reconfigure, disable or stop the older', async () => {
    await event('ADDED', made('older', 0), made('newer', 1));
    const due = statuses.get('older')?.nextExecution;
    await event('MODIFIED', made('newer', 1, { timeout: '1s', enabled: true }, 2));
    await event('MODIFIED', made('newer', 1, { enabled: false }, 3));
    expect(active('newer')).to.equal('False Disabled');
    await event('DELETED', made('newer', 1));
    expect(running()).to.equal(1);
    expect(active('older')).to.equal('True Running');
    expect(statuses.get('older')?.nextExecution).to.equal(due);
  });

  it('lets the newer work while the older is disabled or refused', async () => {
    await event('ADDED', made('older', 0), made('newer', 1));
    await event('MODIFIED', made('older', 0, { enabled: false }, 2));
    expect([active('older'), active('newer')]).to.deep.equal(['False Disabled', 'True Running']);
    await event('MODIFIED', made('older', 0, { timeout: '0s' }, 3));
    expect([active('older'), active('newer')]).to.deep.equal(['False NotAccepted', 'True Running']);
    await event('MODIFIED', made('older', 0, {}, 4));
    expect([active('older'), active('newer')]).to.deep.equal([
      'True Running',
      'False DeploymentTaken',
    ]);
    expect(running()).to.equal(1);
  });

  it('leaves the old deployment when the target changes', async () => {
    await event('ADDED', made('older', 0), made('newer', 1));
    await event('MODIFIED', made('older', 0, { deployment: { name: 'api' } }, 2));
    expect([active('older'), active('newer')]).to.deep.equal(['True Running', 'True Running']);
    expect(running()).to.equal(2);
  });

  const refused: readonly [string, unknown, RegExp][] = [
    ['a timeout of 0s', { timeout: '0s' }, /spec\.timeout: expected .* got "0s"/],
    ['a negative timeout', { timeout: '-10s' }, /spec\.timeout/],
    ['a timeout below a second', { timeout: '999ms' }, /spec\.timeout/],
    ['a text for a number', { minReplicas: 'two' }, /spec\.minReplicas/],
    ['an unknown mode', { scalingMode: 'explode' }, /spec\.scalingMode/],
    ['no deployment', { deployment: null }, /spec\.deployment/],
    ['a name of 254 characters', { deployment: { name: 'a'.repeat(254) } }, /254 characters/],
  ];
  for (const [what, spec, words] of refused) {
    it(`refuses ${what} in the status and runs nothing`, async () => {
      await event('ADDED', made('bad', 0, Object(spec)));
      expect(running()).to.equal(0);
      expect(active('bad')).to.equal('False NotAccepted');
      const [accepted] = Object(statuses.get('bad')).conditions;
      expect(accepted).to.include({ type: 'Accepted', status: 'False', reason: 'Invalid' });
      expect(accepted.message).to.match(words);
      expect(fake.notes).to.have.length(1);
      expect(fake.notes[0]).to.include({ type: 'Warning', reason: 'Rejected' });
    });
  }

  it('works with 10m, and says so, when the timeout cannot be read', async () => {
    await event('ADDED', made('kill', 0, { timeout: 'soon' }));
    const [accepted] = Object(statuses.get('kill')).conditions;
    expect(accepted).to.include({ status: 'True', reason: 'ValidWithWarnings' });
    expect(accepted.message).to.contain('spec.timeout').and.contain('10m0s');
    expect(statuses.get('kill')).to.include({ nextExecution: '2026-01-01T00:10:00.000Z' });
  });

  it('keeps one going when another is broken', async () => {
    await event('ADDED', made('bad', 0, { timeout: '0s' }), made('kill', 1));
    expect(active('kill')).to.equal('True Running');
  });

  it('refuses a deployment whose selector selects everything', async () => {
    const selector = { matchLabels: new Map(), matchExpressions: [] };
    fake.deployments.modified(deployment('web', { selector }));
    await settle();
    await event('ADDED', made('kill', 0));
    expect(active('kill')).to.equal('False EmptySelector');
    expect(running()).to.equal(0);
  });

  it('waits for a deployment that does not exist, begins when it comes and stops when it goes', async () => {
    await event('ADDED', made('kill', 0, { deployment: { name: 'later' } }));
    expect(active('kill')).to.equal('False TargetMissing');
    expect(running()).to.equal(0);
    fake.deployments.added(deployment('later'));
    await settle();
    expect(running()).to.equal(1);
    fake.deployments.deleted(deployment('later'));
    await settle();
    expect(running()).to.equal(0);
    const metadata = { ...deployment('later').metadata, uid: 'uid-second' };
    fake.deployments.added({ ...deployment('later'), metadata });
    await settle();
    expect(running()).to.equal(1);
  });
});
