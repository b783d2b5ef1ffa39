import { type OpenedCluster, useCluster } from '../support/cluster-fixture.ts';
import { describeForgottenHistory, describeHistory } from './history.ts';
import { describeLists } from './lists.ts';
import { describeWatches } from './watches.ts';

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
    if (forgets) describeForgottenHistory(cluster);
  });
}
