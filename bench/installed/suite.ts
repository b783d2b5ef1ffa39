import { type Suite, suite } from '../bench.ts';
import { inCluster, inClusterLimited } from './in-cluster.ts';
import { inClusterStart } from './in-cluster-start.ts';
import { openInstalledScene } from './scene.ts';

/** Run only when they are asked for: they need helm, and nodes that have the image. */
export const INSTALLED_BENCHES = [inClusterStart, inCluster, inClusterLimited];

const NAMESPACES = 1_000;

/** What is measured inside the cluster that KUBECONFIG names. @param keep whether what is made there stays there */
export function installedSuites(keep: boolean): readonly Suite[] {
  return [
    suite(() => openInstalledScene({ keep, namespaces: 0 }), [inClusterStart]),
    suite(
      () => openInstalledScene({ keep, namespaces: NAMESPACES }),
      [inCluster, inClusterLimited],
    ),
  ];
}
