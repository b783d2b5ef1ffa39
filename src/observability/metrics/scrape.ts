import type { MetricsRegistry } from './metrics-registry.ts';
import type { ProcessMetrics } from './process-metrics.ts';
import { renderInSlices } from './slices.ts';

/** The text of a scrape: the controller's metrics, then those of the process. */
export async function* scrape(
  registry: MetricsRegistry,
  processMetrics: ProcessMetrics,
): AsyncGenerator<string> {
  yield* renderInSlices(registry.sources());
  yield await processMetrics.text();
}
