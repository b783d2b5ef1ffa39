import { type Suite, suite } from '../bench.ts';
import { inCluster, inClusterLimited } from './in-cluster.ts';
import { openInstalledScene } from './scene.ts';

/** Run only when they are asked for: they need helm, and nodes that have the image. */
export const INSTALLED_BENCHES = [inCluster, inClusterLimited];

const NAMESPACES = 1_000;

/** What is measured inside the cluster that KUBECONFIG names. @param keep whether what is made there stays there */
export function installedSuite(keep: boolean): Suite {
  return suite(() => openInstalledScene({ keep, namespaces: NAMESPACES }), INSTALLED_BENCHES);
}
