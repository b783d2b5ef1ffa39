import { type ApiClient, bodyOf } from '../../tests/cluster/support/api-client.ts';
import { pathOf } from '../../tests/cluster/support/paths.ts';
import type { Bench } from '../bench.ts';
import type { Measurement } from '../measurement.ts';
import { concurrently } from '../support/concurrently.ts';
import { quantile } from '../support/quantile.ts';
import { until } from '../support/until.ts';
import type { RealScene } from './scene.ts';
import { LANES, OPT_IN_LABEL } from './seed.ts';

const FLIPS = 200;

/** The configuration watcher of a namespace, and its child. */
const WATCHERS_EACH = 2;

/** How soon a namespace that opts out is left alone, from when the label is sent. */
export const flips: Bench<RealScene> = {
  name: 'flips',
  async run({ api, program, namespaces }, signal) {
    const chosen = namespaces.slice(0, FLIPS);
    const before = await program.totalWatchers();
    const times: number[] = [];
    for (const [index, namespace] of chosen.entries()) {
      const sent = performance.now();
      const wanted = before - WATCHERS_EACH * (index + 1);
      await Promise.all([
        label(api, namespace, 'false'),
        until(
          `${wanted} watchers`,
          () => program.totalWatchers(),
          (total) => total === wanted,
          { everyMs: 1, timeoutMs: 10_000 },
          signal,
        ),
      ]);
      times.push(performance.now() - sent);
    }
    await concurrently(LANES, chosen, (namespace) => label(api, namespace, 'true'));
    await until(
      'all watchers again',
      () => program.totalWatchers(),
      (total) => total === before,
      { everyMs: 20, timeoutMs: 30_000 },
      signal,
    );
    return report(times);
  },
};

function report(times: readonly number[]): Measurement[] {
  const what = 'label flipped to false → its watchers stopped';
  return [
    { what: `${what}: how often`, value: times.length, unit: 'count', atLeast: FLIPS },
    { what: `${what}: p50`, value: quantile(times, 0.5), unit: 'ms' },
    { what: `${what}: p99`, value: quantile(times, 0.99), unit: 'ms', atMost: 100 },
    { what: `${what}: longest`, value: quantile(times, 1), unit: 'ms' },
  ];
}

async function label(api: ApiClient, namespace: string, value: string): Promise<void> {
  const patch = { metadata: { labels: { [OPT_IN_LABEL]: value } } };
  await bodyOf(api.patch(pathOf('namespaces', '', namespace), 'merge', patch));
}
