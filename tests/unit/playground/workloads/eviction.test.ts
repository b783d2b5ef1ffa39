import { expect } from 'chai';
import type { JsonObject } from '../../../../src/playground/patch/json.ts';
import { StatusError } from '../../../../src/playground/status-error.ts';
import type { DeleteOptions } from '../../../../src/playground/storage/deletion.ts';
import { evictPod } from '../../../../src/playground/workloads/eviction.ts';
import { deployment, TIMING, WorkloadCluster } from '../../../fakes/workload-cluster.ts';

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

describe('disruption budgets', () => {
  let cluster: WorkloadCluster;
  beforeEach(async () => {
    cluster = new WorkloadCluster();
    cluster.store.collection('deployments.apps').create(deployment('web', { replicas: 4 }));
    await cluster.advance(300);
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  const budget = (name: string, spec: JsonObject) =>
    cluster.store.collection('poddisruptionbudgets.policy').create({
      metadata: { name, namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    });
  const status = (name = 'pdb') => Object(cluster.get('poddisruptionbudgets.policy', name).status);

  function evict(name: string, options: DeleteOptions = {}, body = name): void {
    evictPod(cluster.store, {
      namespace: 'default',
      name,
      eviction: { metadata: { name: body } },
      options,
    });
  }

  function refusal(act: () => void): StatusError {
    try {
      act();
    } catch (error) {
      if (error instanceof StatusError) return error;
      throw error;
    }
    throw new Error('expected a StatusError, got none');
  }

  const needs: readonly (readonly [
    string,
    JsonObject,
    readonly [desired: number, allowed: number, expected: number],
  ])[] = [
    ['minAvailable', { minAvailable: 3 }, [3, 1, 4]],
    ['minAvailable in percent, rounded up', { minAvailable: '60%' }, [3, 1, 4]],
    ['maxUnavailable', { maxUnavailable: 2 }, [2, 2, 4]],
    ['maxUnavailable in percent, rounded up', { maxUnavailable: '30%' }, [2, 2, 4]],
    ['more than there is', { minAvailable: 9 }, [9, 0, 4]],
    ['nothing', { minAvailable: 0 }, [0, 4, 4]],
    [
      'expressions',
      { minAvailable: 1, selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } },
      [1, 3, 4],
    ],
    ['all pods by an empty selector', { minAvailable: 1, selector: {} }, [1, 3, 4]],
    ['no pods without a selector', { minAvailable: 1, selector: null }, [1, 0, 0]],
    [
      'pods that are not there',
      { maxUnavailable: 1, selector: { matchLabels: { app: 'none' } } },
      [0, 0, 0],
    ],
  ];
  for (const [name, spec, [desiredHealthy, disruptionsAllowed, expectedPods]] of needs) {
    it(`are computed: ${name}`, async () => {
      budget('pdb', spec);
      await cluster.settle();
      expect(status()).to.include({
        desiredHealthy,
        disruptionsAllowed,
        expectedPods,
        observedGeneration: 1,
      });
      const [condition] = status().conditions;
      expect(condition).to.include({
        type: 'DisruptionAllowed',
        status: disruptionsAllowed > 0 ? 'True' : 'False',
      });
    });
  }

  it('follow the pods', async () => {
    budget('pdb', { minAvailable: 3 });
    const [pod = ''] = cluster.names('pods');
    cluster.store.collection('pods').delete('default', pod, { gracePeriodSeconds: 0 });
    await cluster.settle();
    expect(status()).to.include({ currentHealthy: 3, disruptionsAllowed: 0 });
    await cluster.advance(300);
    expect(status()).to.include({ currentHealthy: 4, disruptionsAllowed: 1 });
  });

  it('let a pod be evicted, and refuse the next with cause and numbers', async () => {
    budget('pdb', { minAvailable: 3 });
    await cluster.settle();
    const [first = '', second = ''] = cluster.names('pods');
    evict(first);
    expect(Object(cluster.get('pods', first).metadata)).to.have.property('deletionTimestamp');
    expect(status()).to.include({ disruptionsAllowed: 0 });
    expect(Object.keys(status().disruptedPods)).to.deep.equal([first]);
    await cluster.settle();
    const error = refusal(() => evict(second));
    expect(error).to.include({ code: 429, reason: 'TooManyRequests', message: REFUSED });
    expect(error.details).to.deep.equal({
      causes: [
        {
          reason: 'DisruptionBudget',
          message: 'The disruption budget pdb needs 3 healthy pods and has 3 currently',
        },
      ],
    });
    await cluster.advance(1000);
    expect(status()).to.not.have.property('disruptedPods');
    expect(() => evict(second)).to.not.throw();
  });

  it('refuse while their status is behind', () => {
    budget('pdb', { minAvailable: 1 });
    const [pod = ''] = cluster.names('pods');
    const error = refusal(() => evict(pod));
    expect(error.code).to.equal(429);
    expect(error.details?.retryAfterSeconds).to.equal(10);
    expect(error.details?.causes?.[0]?.message).to.equal(
      'The disruption budget pdb is still being processed by the server.',
    );
  });

  it('are two too many for one pod', async () => {
    budget('one', { minAvailable: 0 });
    budget('two', { minAvailable: 0 });
    await cluster.settle();
    const [pod = ''] = cluster.names('pods');
    expect(refusal(() => evict(pod))).to.include({
      code: 500,
      reason: '',
      message:
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    });
  });

  it('are not used up by a dry run', async () => {
    budget('pdb', { minAvailable: 3 });
    await cluster.settle();
    const [pod = ''] = cluster.names('pods');
    evict(pod, { dryRun: true });
    expect(status()).to.include({ disruptionsAllowed: 1 });
    expect(Object(cluster.get('pods', pod).metadata)).to.not.have.property('deletionTimestamp');
  });

  it('do not protect a pod that is pending or going', async () => {
    budget('pdb', { minAvailable: 4 });
    await cluster.settle();
    const [pod = ''] = cluster.names('pods');
    cluster.store.collection('pods').delete('default', pod);
    await cluster.settle();
    const fresh = cluster.list('pods').find((each) => Object(each.status).phase === 'Pending');
    expect(() => evict(pod)).to.not.throw();
    expect(() => evict(Object(fresh?.metadata).name)).to.not.throw();
  });

  for (const [policy, refused] of [
    ['IfHealthyBudget', true],
    ['AlwaysAllow', false],
  ] as const) {
    it(`${refused ? 'protect' : 'do not protect'} a pod that runs unready in a budget that is short (${policy})`, async () => {
      await cluster[Symbol.asyncDispose]();
      cluster = new WorkloadCluster({ timing: { ...TIMING, readyMs: Number.POSITIVE_INFINITY } });
      cluster.store.collection('deployments.apps').create(deployment('web'));
      budget('pdb', { minAvailable: 2, unhealthyPodEvictionPolicy: policy });
      await cluster.advance(300);
      const [pod = ''] = cluster.names('pods');
      if (refused) expect(refusal(() => evict(pod)).code).to.equal(429);
      else expect(() => evict(pod)).to.not.throw();
    });
  }

  it('do not hold an eviction without a budget', () => {
    const [pod = ''] = cluster.names('pods');
    evict(pod, { gracePeriodSeconds: 0 });
    expect(cluster.names('pods')).to.not.include(pod);
  });

  const bad: readonly (readonly [string, (pod: string) => void, number])[] = [
    ['of a pod that does not exist', () => evict('nobody'), 404],
    ['of another pod than the path says', (pod) => evict(pod, {}, 'other'), 400],
    ['of a pod with another uid', (pod) => evict(pod, { preconditions: { uid: 'other' } }), 409],
  ];
  for (const [name, act, code] of bad) {
    it(`refuse an eviction ${name}`, () => {
      const [pod = ''] = cluster.names('pods');
      expect(refusal(() => act(pod)).code).to.equal(code);
      expect(cluster.names('pods')).to.include(pod);
    });
  }
});
