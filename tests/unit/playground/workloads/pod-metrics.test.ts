import { expect } from 'chai';
import type { JsonObject } from '../../../../src/playground/patch/json.ts';
import { PodMetrics } from '../../../../src/playground/workloads/pod-metrics.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

const START = Date.parse('2030-01-01T00:00:00Z');

function pod(name: string, more: JsonObject = {}): JsonObject {
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      labels: { app: 'web' },
      ...Object(more.metadata),
    },
    spec: { containers: [{ name: 'web' }, { name: 'side' }] },
    status: { phase: 'Running', startTime: '2030-01-01T00:00:00Z', ...Object(more.status) },
  };
}

describe('metrics of pods', () => {
  it('are per container, in nanocores and kibibytes, with time and window', () => {
    const metrics = new PodMetrics({ clock: new FakeClock(START + 20_000), seed: 's' });
    const measured = Object(metrics.of(pod('a')));
    expect(measured).to.deep.include({
      kind: 'PodMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      timestamp: '2030-01-01T00:00:15Z',
      window: '15s',
    });
    expect(measured.metadata).to.deep.include({
      name: 'a',
      namespace: 'default',
      labels: { app: 'web' },
    });
    expect(measured.containers.map(({ name }: JsonObject) => name)).to.deep.equal(['web', 'side']);
    for (const { usage } of measured.containers) {
      expect(usage.cpu).to.match(/^[1-9]\d*n$/);
      expect(usage.memory).to.match(/^[1-9]\d*Ki$/);
    }
  });

  it('wander with time, differ between pods, and are the same for the same seed', async () => {
    const clock = new FakeClock(START);
    const cpu = (seed: string, name: string) =>
      Object(new PodMetrics({ clock, seed }).of(pod(name))).containers[0].usage.cpu;
    const [first, other, seeded] = [cpu('s', 'a'), cpu('s', 'b'), cpu('t', 'a')];
    expect(new Set([first, other, seeded]).size).to.equal(3);
    expect(cpu('s', 'a')).to.equal(first);
    await clock.advance(15_000);
    expect(cpu('s', 'a')).to.not.equal(first);
  });

  it('can be set, and let go again', () => {
    const metrics = new PodMetrics({ clock: new FakeClock(START), seed: 's' });
    const usage = () => Object(metrics.of(pod('a'))).containers[0].usage;
    const before = usage();
    metrics.setLoad('default', 'a', { cpu: 1.5, memory: 2048 });
    expect(usage()).to.deep.equal({ cpu: '1500000000n', memory: '2Ki' });
    metrics.setLoad('default', 'a', undefined);
    expect(usage()).to.deep.equal(before);
  });

  it('are not there for a pod that is young, not running, or going', async () => {
    const clock = new FakeClock(START);
    const metrics = new PodMetrics({ clock, seed: 's', minimumAgeMs: 10_000 });
    await clock.advance(9_999);
    expect(metrics.of(pod('a'))).to.equal(undefined);
    await clock.advance(1);
    expect(metrics.of(pod('a'))).to.not.equal(undefined);
    expect(metrics.of(pod('a', { status: { phase: 'Pending' } }))).to.equal(undefined);
    expect(
      metrics.of(pod('a', { metadata: { deletionTimestamp: '2030-01-01T00:00:00Z' } })),
    ).to.equal(undefined);
    expect(metrics.of({ metadata: { name: 'a' }, status: { phase: 'Running' } })).to.equal(
      undefined,
    );
  });

  it('are never older than the pod', () => {
    const metrics = new PodMetrics({ clock: new FakeClock(START + 10_000), seed: 's' });
    const young = pod('a', { status: { startTime: '2030-01-01T00:00:05Z' } });
    expect(Object(metrics.of(young)).timestamp).to.equal('2030-01-01T00:00:10Z');
  });

  it('sum up to those of a node', () => {
    const metrics = new PodMetrics({ clock: new FakeClock(START), seed: 's' });
    for (const name of ['a', 'b'])
      metrics.setLoad('default', name, { cpu: 0.1, memory: 1024 * 1024 });
    const node = Object(
      metrics.ofNode({ metadata: { name: 'n' } }, [
        pod('a'),
        pod('b'),
        pod('c', { status: { phase: 'Failed' } }),
      ]),
    );
    expect(node.usage).to.deep.equal({ cpu: '450000000n', memory: `${(512 + 4) * 1024}Ki` });
  });
});
