import { once } from 'node:events';
import { serveSimulatedCluster } from '../../src/playground/serve.ts';
import { seedSimulated } from './seed-simulated.ts';

/**
 * A simulated cluster as a process of its own, which lasts as long as the one that forked it is connected.
 * The first message says where its kubeconfig goes and what it is filled with; it answers when it is.
 */
const [{ kubeconfig: kubeconfigPath, content }] = await once(process, 'message');
const parent = new AbortController();
process.once('disconnect', () => parent.abort());
await serveSimulatedCluster(
  {
    kubeconfigPath,
    // All that a controller may still ask for while it lists fifty thousand pods.
    historyLimit: 200_000,
    async onReady(cluster) {
      await seedSimulated(cluster, content);
      process.send?.('ready');
    },
  },
  parent.signal,
);
