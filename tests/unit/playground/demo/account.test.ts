import { expect } from 'chai';
import { Account, CONFIGURATIONS } from '../../../../src/playground/demo/account.ts';
import {
  type AccountLine,
  formatLine,
  localTime,
} from '../../../../src/playground/demo/account-line.ts';
import type { JsonObject } from '../../../../src/playground/patch/json.ts';
import { deployment, WorkloadCluster } from '../../../fakes/workload-cluster.ts';

const LABEL = 'cm.massix.github.io/namespace';

describe('the account of the demo', () => {
  let cluster: WorkloadCluster;
  let account: Account;
  let lines: AccountLine[];

  beforeEach(async () => {
    cluster = new WorkloadCluster();
    cluster.store.register({
      group: 'cm.massix.github.io',
      resource: 'chaosmonkeyconfigurations',
      kind: 'ChaosMonkeyConfiguration',
      version: 'v1',
      namespaced: true,
    });
    cluster.createNamespace('quiet');
    lines = [];
    account = new Account({
      store: cluster.store,
      now: () => cluster.clock.now(),
      isProtected: (name) => name === 'kube-system',
      isOptedIn: (namespace) =>
        Object(Object(namespace.metadata).labels)[LABEL] !== 'false' &&
        Object(namespace.metadata).name !== 'quiet',
      write: (line) => lines.push(line),
    });
    cluster.store.collection('deployments.apps').create(deployment('web'));
    await cluster.advance(300);
    cluster.store.collection(CONFIGURATIONS).create({
      metadata: { name: 'kill-web', namespace: 'default' },
      spec: { scalingMode: 'killPod', deployment: { name: 'web' } },
    });
  });
  afterEach(async () => {
    account[Symbol.dispose]();
    await cluster[Symbol.asyncDispose]();
  });

  const writeStatus = (status: JsonObject) =>
    cluster.store.collection(CONFIGURATIONS).modify('default', 'kill-web', (now) => ({
      ...now,
      status: { ...Object(now.status), ...status },
    }));
  const told = () => lines.map(({ verdict, subject, text }) => [verdict, subject, text]);
  const outcome = (tick: number, result: string, reason: string, message: string) => ({
    lastOutcome: { tick, result, reason, message },
  });

  it('says when a configuration is watched, and when it acts first', () => {
    const next = '2026-01-01T00:00:07.000Z';
    writeStatus({
      nextExecution: next,
      conditions: [
        { type: 'Active', status: 'True', message: 'killPod on deployment web every 5s' },
      ],
    });
    expect(told()).to.deep.equal([
      [
        'watched',
        'default/kill-web',
        `killPod on deployment web every 5s, first at ${localTime(Date.parse(next))}`,
      ],
    ]);
  });

  it('says why a configuration is left alone, once', () => {
    const conditions = [
      { type: 'Active', status: 'False', message: 'namespace default is not opted in' },
    ];
    writeStatus({ conditions });
    writeStatus({ conditions, observedGeneration: 2 });
    expect(told()).to.deep.equal([
      ['spared', 'default/kill-web', 'namespace default is not opted in'],
    ]);
  });

  it('tells what was done to whom, how many were left alone, and when all is well again', async () => {
    const [victim = ''] = cluster.names('pods', 'default');
    cluster.store.collection('pods').delete('default', victim, { gracePeriodSeconds: 0 });
    writeStatus({
      ticks: 1,
      ...outcome(1, 'Acted', 'Acted', `killed pod ${victim}`),
      lastVictims: [{ kind: 'Pod', name: victim }],
    });
    await cluster.advance(300);
    expect(told()).to.deep.equal([
      ['acted', 'default/kill-web', `killed pod ${victim}; 2 others were left alone`],
      ['healed', 'default/web', '3 of 3 pods ready, after 0.3 s'],
    ]);
    expect(account.tally.victims).to.deep.equal([`default/${victim}`]);
  });

  it('tells each occasion once, whatever else is written to the status', () => {
    writeStatus({ ticks: 1 });
    writeStatus(outcome(1, 'Skipped', 'NoReadyPods', '0 of 3 pods ready'));
    writeStatus({ seed: 's' });
    writeStatus(outcome(2, 'Skipped', 'NoReadyPods', '0 of 3 pods ready'));
    writeStatus(outcome(3, 'Failed', 'Forbidden', 'delete pods: 403'));
    expect(told()).to.deep.equal([
      ['skipped', 'default/kill-web', 'NoReadyPods: 0 of 3 pods ready'],
      ['skipped', 'default/kill-web', 'NoReadyPods: 0 of 3 pods ready'],
      ['failed', 'default/kill-web', 'Forbidden: delete pods: 403'],
    ]);
    expect(account.tally.total).to.equal(3);
  });

  it('names no victims of an occasion that was skipped', () => {
    writeStatus({
      ...outcome(1, 'Acted', 'Acted', 'killed pod a'),
      lastVictims: [{ kind: 'Pod', name: 'a' }],
    });
    writeStatus(outcome(2, 'Skipped', 'NoReadyPods', 'none'));
    expect(account.tally.victims).to.deep.equal(['default/a']);
  });

  it('tells of a scaled deployment without naming it a victim', () => {
    writeStatus({
      ...outcome(1, 'Acted', 'Acted', 'scaled deployment web from 3 to 5 replicas'),
      lastVictims: [{ kind: 'Deployment', name: 'web' }],
    });
    expect(told()).to.deep.equal([
      ['acted', 'default/kill-web', 'scaled deployment web from 3 to 5 replicas'],
    ]);
    expect(account.tally.victims).to.deep.equal([]);
  });

  it('tells of a namespace that changes its mind', () => {
    const label = (value: string) =>
      cluster.store.collection('namespaces').modify('', 'default', (now) => ({
        ...now,
        metadata: { ...Object(now.metadata), labels: { [LABEL]: value } },
      }));
    label('false');
    label('true');
    expect(told()).to.deep.equal([
      ['spared', 'default', 'the namespace opted out: everything in it stops'],
      ['watched', 'default', 'the namespace opted in'],
    ]);
  });

  it('counts the pods that others lose', async () => {
    cluster.store.collection('deployments.apps').create(deployment('ledger', {}, 'quiet'));
    await cluster.advance(300);
    const [first = '', second = ''] = cluster.names('pods', 'quiet');
    cluster.store.collection('pods').delete('quiet', first, { gracePeriodSeconds: 0 });
    cluster.store.collection('pods').delete('quiet', second);
    await cluster.advance(1000);
    expect(account.tally.summary(account.namespaces(), 1, (_style, text) => text)).to.contain(
      'elsewhere     2 pods lost',
    );
    expect(account.namespaces()).to.deep.equal({
      disturbed: ['default'],
      optedOut: ['quiet'],
      protected: [],
    });
  });

  it('says nothing any more once it is disposed of', () => {
    account[Symbol.dispose]();
    writeStatus(outcome(1, 'Acted', 'Acted', 'killed pod a'));
    expect(lines).to.deep.equal([]);
  });

  it('is aligned, and no text moves the cursor', () => {
    const line = formatLine(
      { time: 0, verdict: 'acted', subject: 'a/b', text: 'x\u001b[2Jy\nz' },
      (_style, text) => text,
    );
    expect(line).to.equal(`${localTime(0)}  acted     ${'a/b'.padEnd(24)}  x [2Jy z`);
  });
});
