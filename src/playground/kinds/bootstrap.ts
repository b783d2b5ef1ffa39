import type { ObjectStore } from '../store.ts';
import { namespaceStrategy } from './namespaces.ts';

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** What is in every cluster from its start. */
export function bootstrap(store: ObjectStore): void {
  const namespaces = store.collection('namespaces');
  for (const name of NAMESPACES) {
    const namespace = { kind: 'Namespace', apiVersion: 'v1', metadata: { name } };
    namespaces.create(namespaceStrategy.prepareForCreate?.(namespace) ?? namespace);
  }
}
