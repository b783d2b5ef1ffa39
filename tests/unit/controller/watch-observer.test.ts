import { expect } from 'chai';
import { ControllerHealth } from '../../../src/controller/controller-health.ts';
import { watchObserver } from '../../../src/controller/watch-observer.ts';
import { WatchRestarts } from '../../../src/controller/watch-restarts.ts';
import { causeOf } from '../../../src/kubernetes/restart-cause.ts';
import { MetricsRegistry } from '../../../src/observability/metrics/metrics-registry.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { Capture } from '../../fakes/capture.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { lostAnswer, refusal } from '../../fakes/scripted-client.ts';

function observing() {
  const output = new Capture();
  const health = new ControllerHealth(new FakeClock(), () => ({
    totalWatchers: 1,
    leadership: { leading: true },
    awaited: [],
    problems: ['conversion: broken'],
  }));
  const restarts = new WatchRestarts();
  const metrics = new MetricsRegistry({
    rootNamespace: 'chaosmonkey',
    behavior: 'ALLOWALL',
    version: '0',
  });
  const logger = createLogger({ level: 'info', format: 'json', output });
  const observe = (resource: string, namespace?: string) => {
    const observer = watchObserver({ resource, namespace, health, restarts, metrics, logger });
    return {
      reached: () => observer.reached?.(),
      restarted: () => observer.restarted?.('timeout'),
      failed: (error: Error) => observer.failed?.(error, causeOf(error)),
    };
  };
  return { health, restarts, observe, log: () => output.lines.map((line) => JSON.parse(line).msg) };
}

describe('the observer of a watch', () => {
  for (const [resource, namespace, code, says] of [
    ['pods', undefined, 403, 'not allowed to list and watch pods: grant both verbs'],
    ['pods', 'shop', 403, 'not allowed to list and watch pods in namespace shop: grant both verbs'],
    ['namespaces', undefined, 403, 'not allowed to list and watch namespaces: grant both verbs'],
    ['namespaces', 'shop', 403, 'not allowed to get namespace shop: if it exists, grant the verb'],
    ['namespaces', 'shop', 404, 'namespace shop does not exist: waiting for it'],
    ['chaosmonkeyconfigurations', 'shop', 404, 'the CustomResourceDefinition chaosmonkey'],
    ['pods', 'shop', 500, 'pods in namespace shop cannot be watched at present'],
  ] as const) {
    it(`says once of ${resource} of ${namespace ?? 'all'} that answer ${code}: ${says}`, () => {
      const { observe, log } = observing();
      const observer = observe(resource, namespace);
      observer.failed(refusal(code));
      observer.failed(refusal(code));
      expect(log()).to.have.length(1);
      expect(log()[0]).to.include(says).and.to.include(`answered ${code}`);
    });
  }

  it('tells health of one namespace apart from the other', () => {
    const { observe, health } = observing();
    const [shop, bank] = [observe('pods', 'shop'), observe('pods', 'bank')];
    expect(health.read().awaited).to.deep.equal([
      'the first answer about pods in namespace shop',
      'the first answer about pods in namespace bank',
    ]);
    shop.reached();
    bank.failed(lostAnswer());
    expect(health.read().api).to.include({ reached: false, error: 'the connection broke' });
    shop.reached();
    expect(health.read().api.reached).to.equal(false);
    bank.reached();
    expect(health.read().api.reached).to.equal(true);
    expect(health.read().awaited).to.deep.equal([]);
  });

  it('has a refusal among the problems until there is an answer', () => {
    const { observe, health } = observing();
    const observer = observe('pods', 'shop');
    observer.failed(refusal(403));
    expect(health.read().api.reached).to.equal(true);
    expect(health.read().problems).to.deep.equal([
      'pods in namespace shop: get things (/things): 403: answered 403',
      'conversion: broken',
    ]);
    observer.reached();
    expect(health.read().problems).to.deep.equal(['conversion: broken']);
  });

  it('tells of a restart those in its namespace, and all where it is of all', () => {
    const { observe, restarts } = observing();
    const told: string[] = [];
    for (const namespace of ['shop', 'bank', undefined]) {
      restarts.subscribe('pods', () => told.push(namespace ?? 'any'), namespace);
    }
    observe('pods', 'shop').restarted();
    expect(told.splice(0)).to.deep.equal(['shop', 'any']);
    observe('pods').restarted();
    expect(told.splice(0)).to.deep.equal(['shop', 'bank', 'any']);
    observe('deployments').restarted();
    expect(told).to.deep.equal([]);
  });
});
