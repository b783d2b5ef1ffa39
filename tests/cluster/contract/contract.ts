import { type OpenedCluster, useCluster } from '../support/cluster-fixture.ts';
import { describeDeletes } from './deletes.ts';
import { describeDiscovery } from './discovery.ts';
import { describeForgottenHistory, describeHistory } from './history.ts';
import { describeKubectl } from './kubectl.ts';
import { describeLists } from './lists.ts';
import { describeMetrics } from './metrics.ts';
import { describePatches } from './patches.ts';
import { describeRefusals } from './refusals.ts';
import { describeSelectors } from './selectors.ts';
import { describeSubresources } from './subresources.ts';
import { describeTables } from './tables.ts';
import { describeValidation } from './validation.ts';
import { describeWatches } from './watches.ts';
import { describeWorkloads } from './workloads.ts';
import { describeWrites } from './writes.ts';

export interface ContractOptions {
  /** What cluster it is about, for the reports. */
  readonly title: string;
  readonly open: () => Promise<OpenedCluster>;
  /** Whether the opened cluster has `forgetHistory`. */
  readonly forgets: boolean;
}

/**
 * What the program and its users rely on in a Kubernetes API. The same for every cluster, so that what
 * passes on the simulated one means something for a real one.
 */
export function describeContract({ title, open, forgets }: ContractOptions): void {
  describe(`contract of ${title}`, function () {
    this.timeout(20_000);
    const cluster = useCluster(open);
    describeWatches(cluster);
    describeLists(cluster);
    describeHistory(cluster);
    describeWrites(cluster);
    describeRefusals(cluster);
    describePatches(cluster);
    describeSubresources(cluster);
    describeSelectors(cluster);
    describeDeletes(cluster);
    describeWorkloads(cluster);
    describeTables(cluster);
    describeValidation(cluster);
    describeDiscovery(cluster);
    describeMetrics(cluster);
    describeKubectl(cluster);
    if (forgets) describeForgottenHistory(cluster);
  });
}
