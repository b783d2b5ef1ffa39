import { expect } from 'chai';
import fc from 'fast-check';
import { chooseBusiest } from '../../../src/controller/anti-pressure-watcher.ts';
import { chooseReplicas } from '../../../src/controller/deployment-scale-watcher.ts';
import type { PodUsage } from '../../../src/controller/pod-metrics.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { acceptedSpec, pod } from '../../fakes/stripped-objects.ts';

describe('chooseReplicas', () => {
  it('stays between minimum and maximum', () => {
    const bounds = fc
      .tuple(fc.nat(1_000), fc.nat(1_000))
      .map(([a, b]) => ({ minReplicas: Math.min(a, b), maxReplicas: Math.max(a, b) }));
    const number = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(bounds, number, ({ minReplicas, maxReplicas }, drawn) => {
        const replicas = chooseReplicas(acceptedSpec({ minReplicas, maxReplicas }), () => drawn);
        expect(replicas).to.be.within(minReplicas, maxReplicas);
        expect(Number.isInteger(replicas)).to.equal(true);
      }),
    );
  });

  it('is distributed as max(random integer in 0..max, min): the minimum (min+1)/(max+1) of the time', () => {
    const random = randomStream('distribution');
    const spec = acceptedSpec({ minReplicas: 2, maxReplicas: 4 });
    const drawn = Array.from({ length: 10_000 }, () => chooseReplicas(spec, random));
    const share = (replicas: number) => drawn.filter((one) => one === replicas).length / 10_000;
    expect(share(2)).to.be.closeTo(3 / 5, 0.03);
    expect(share(3)).to.be.closeTo(1 / 5, 0.03);
    expect(share(4)).to.be.closeTo(1 / 5, 0.03);
  });

  it('can mean none', () => {
    expect(chooseReplicas(acceptedSpec({ maxReplicas: 5 }), () => 0)).to.equal(0);
    expect(chooseReplicas(acceptedSpec({ maxReplicas: 0 }), () => 0.99)).to.equal(0);
  });
});

describe('chooseBusiest', () => {
  const now = 1_000_000;
  const pods = ['a', 'b', 'c'].map((name) => pod(name));
  const measured = (...usages: readonly [string, number, number?][]) =>
    new Map<string, PodUsage>(
      usages.map(([name, cpuCores, measuredAt = now]) => [name, { cpuCores, measuredAt }]),
    );
  const choose = (usages: ReadonlyMap<string, PodUsage>, ready = pods) => {
    const choice = chooseBusiest(ready, usages, now);
    return 'kind' in choice ? choice.reason : choice.pod.metadata.name;
  };

  it('takes the pod with the highest CPU', () => {
    expect(choose(measured(['a', 0.1], ['b', 0.2], ['c', 0.15]))).to.equal('b');
  });

  it('takes the oldest of equals', () => {
    expect(choose(measured(['c', 0.2], ['b', 0.2], ['a', 0.1]))).to.equal('b');
    expect(choose(measured(['a', 0], ['b', 0], ['c', 0]))).to.equal('a');
  });

  it('ignores what measures pods that are not ready', () => {
    expect(choose(measured(['x', 9], ['a', 0.1]))).to.equal('a');
  });

  it('ignores measurements that are older than 150 s, or than the pod', () => {
    expect(choose(measured(['a', 9, now - 150_001], ['b', 0.1, now - 150_000]))).to.equal('b');
    const successor = pod('a', { createdAt: now - 1_000 });
    expect(choose(measured(['a', 9, now - 2_000], ['b', 0.1]), [successor, pod('b')])).to.equal(
      'b',
    );
  });

  it('chooses nobody when all measurements are stale, or there is none', () => {
    expect(choose(measured(['a', 9, now - 150_001]))).to.equal('MetricsStale');
    expect(choose(measured())).to.equal('MetricsUnavailable');
    expect(choose(measured(['x', 9]))).to.equal('MetricsUnavailable');
  });
});
