import { expect } from 'chai';
import { MetricsRegistry } from '../../../../src/observability/metrics/metrics-registry.ts';
import { renderInSlices } from '../../../../src/observability/metrics/slices.ts';
import { readExposition } from '../../../fakes/read-exposition.ts';

describe('the new metrics', () => {
  it('count ticks, requests, watches, Events and what is held', async () => {
    const registry = new MetricsRegistry({
      rootNamespace: 'chaosmonkey',
      behavior: 'DENYALL',
      version: '4.0.0',
    });
    let cached = 1;
    registry.tick({ mode: 'killPod', result: 'acted', reason: '', latenessSeconds: 0.02 });
    registry.tick({ mode: 'killPod', result: 'skipped', reason: 'NoReadyPods' });
    registry.watchRestarted('pods', 'reset');
    registry.apiRequest({ verb: 'get', resource: 'pods', code: 200, seconds: 0.3 });
    registry.apiRequest({ verb: 'get', resource: 'pods', code: 'deadline', seconds: 10.1 });
    registry.apiReconnected();
    registry.kubernetesEvent('aggregated');
    registry.namespaces({ watched: 3, opted_out: 2, protected: 4, terminating: 0 });
    registry.cachedObjects('pods', () => cached);
    cached = 12;
    const text = (await Array.fromAsync(renderInSlices(registry.sources()))).join('');
    const { samples, types } = readExposition(text);
    const lines = text.split('\n');
    for (const line of [
      'chaos_monkey_tick_outcomes_total{mode="killPod",result="acted",reason=""} 1',
      'chaos_monkey_tick_outcomes_total{mode="killPod",result="skipped",reason="NoReadyPods"} 1',
      'chaos_monkey_tick_lateness_seconds_bucket{mode="killPod",le="0.01"} 0',
      'chaos_monkey_tick_lateness_seconds_bucket{mode="killPod",le="0.025"} 1',
      'chaos_monkey_tick_lateness_seconds_count{mode="killPod"} 1',
      'chaos_monkey_watch_restarts_total{resource="pods",cause="reset"} 1',
      'chaos_monkey_api_requests_total{verb="get",resource="pods",code="200"} 1',
      'chaos_monkey_api_requests_total{verb="get",resource="pods",code="deadline"} 1',
      'chaos_monkey_api_request_duration_seconds_bucket{verb="get",le="10"} 1',
      'chaos_monkey_api_request_duration_seconds_bucket{verb="get",le="+Inf"} 2',
      'chaos_monkey_api_reconnects_total 1',
      'chaos_monkey_kubernetes_events_total{result="aggregated"} 1',
      'chaos_monkey_namespaces{state="watched"} 3',
      'chaos_monkey_namespaces{state="terminating"} 0',
      'chaos_monkey_cached_objects{resource="pods"} 12',
      'chaos_monkey_build_info{version="4.0.0"} 1',
    ]) {
      expect(lines).to.include(line);
    }
    expect(samples.every(({ value }) => Number.isFinite(value))).to.equal(true);
    for (const [name, type] of types) {
      if (name.endsWith('_total')) expect(type, name).to.equal('counter');
    }
  });
});
