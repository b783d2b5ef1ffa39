import type { ObjectStore } from '../store.ts';
import { nodeOf } from '../workloads/nodes.ts';
import { namespaceStrategy } from './namespaces.ts';

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** What is in every cluster from its start. @param nodes how many ready nodes */
export function bootstrap(store: ObjectStore, nodes: number): void {
  for (let index = 0; index < nodes; index++) {
    store.collection('nodes').create(nodeOf(`node-${index + 1}`, index, store.clock.now()));
  }
  const namespaces = store.collection('namespaces');
  for (const name of NAMESPACES) {
    const namespace = { kind: 'Namespace', apiVersion: 'v1', metadata: { name } };
    namespaces.create(namespaceStrategy.prepareForCreate?.(namespace) ?? namespace);
  }
}
