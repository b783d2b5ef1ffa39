import { aborted } from '../runtime/abort.ts';
import {
  type SimulatedCluster,
  type SimulatedClusterOptions,
  startSimulatedCluster,
} from './cluster.ts';

export interface ServeOptions extends SimulatedClusterOptions {
  /** Where to write the kubeconfig of the administrator. */
  readonly kubeconfigPath: string;
  /** Called once it listens and the kubeconfig is written: the place to fill it. */
  readonly onReady?: (cluster: SimulatedCluster) => void | Promise<void>;
}

/** Runs a simulated cluster until `signal` aborts. @throws ChaosError ERR_SERVER_LISTEN */
export async function serveSimulatedCluster(
  { kubeconfigPath, onReady, ...options }: ServeOptions,
  signal: AbortSignal,
): Promise<void> {
  await using cluster = await startSimulatedCluster(options);
  await cluster.writeKubeconfig(kubeconfigPath);
  await onReady?.(cluster);
  await aborted(signal);
}
