import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedCluster } from '../../src/playground/cluster.ts';
import { describeContract } from '../cluster/contract/contract.ts';

describeContract({
  title: 'the simulated cluster',
  forgets: true,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-monkey-contract-'));
    const cluster = await startSimulatedCluster();
    const kubeconfigPath = join(folder, 'kubeconfig');
    await cluster.writeKubeconfig(kubeconfigPath);
    return {
      kubeconfigPath,
      forgetHistory: async () => cluster.store.compact(),
      async close() {
        await cluster[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
      },
    };
  },
});
