import type { Json, JsonObject } from '../../patch/json.ts';
import { ageCell, at, listAt, nameOf, orNone, textAt } from '../read.ts';
import { AGE, column, NAME, NONE, type TableFormat, WIDE } from '../table.ts';

export const namespaceFormat: TableFormat = {
  columns: [NAME, column('Status', 'The status of the namespace'), AGE],
  cells: (namespace, now) => [
    nameOf(namespace),
    textAt(namespace, 'status', 'phase'),
    ageCell(namespace, now),
  ],
};

export const nodeFormat: TableFormat = {
  columns: [
    NAME,
    column('Status', 'The status of the node'),
    column('Roles', 'The roles of the node'),
    AGE,
    column('Version', 'Kubelet version reported by the node.'),
    column('Internal-IP', 'The address by which the node is reached from within.', WIDE),
    column('External-IP', 'The address by which the node is reached from outside.', WIDE),
    column('OS-Image', 'Operating system reported by the node.', WIDE),
    column('Kernel-Version', 'Kernel version reported by the node.', WIDE),
    column('Container-Runtime', 'Container runtime reported by the node.', WIDE),
  ],
  cells: (node, now) => [
    nameOf(node),
    nodeStatus(node),
    nodeRoles(node),
    ageCell(node, now),
    textAt(node, 'status', 'nodeInfo', 'kubeletVersion'),
    address(node, 'InternalIP'),
    address(node, 'ExternalIP'),
    info(node, 'osImage'),
    info(node, 'kernelVersion'),
    info(node, 'containerRuntimeVersion'),
  ],
};

function nodeStatus(node: JsonObject): string {
  const ready = listAt(node, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'Ready',
  );
  const known =
    ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${known},SchedulingDisabled` : known;
}

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function nodeRoles(node: JsonObject): string {
  const labels = Object.keys(Object(at(node, 'metadata', 'labels')));
  const roles = labels
    .filter((key) => key.startsWith(ROLE_PREFIX))
    .map((key) => key.slice(ROLE_PREFIX.length));
  return orNone(roles.sort().join(','));
}

function address(node: JsonObject, type: string): string {
  const found = listAt(node, 'status', 'addresses').find(
    (candidate) => textAt(candidate, 'type') === type,
  );
  return orNone(textAt(found, 'address'));
}

function info(node: JsonObject, field: string): string {
  return textAt(node, 'status', 'nodeInfo', field) || '<unknown>';
}

export const leaseFormat: TableFormat = {
  columns: [NAME, column('Holder', 'Who holds the lease.'), AGE],
  cells: (lease, now) => [
    nameOf(lease),
    textAt(lease, 'spec', 'holderIdentity'),
    ageCell(lease, now),
  ],
};

export const serviceFormat: TableFormat = {
  columns: [
    NAME,
    column('Type', 'How the service is exposed.'),
    column('Cluster-IP', 'The address of the service.'),
    column('External-IP', 'The addresses by which the service is reached from outside.'),
    column('Port(s)', 'The ports that are exposed by this service.'),
    AGE,
    column('Selector', 'The labels of the pods that get the traffic.', WIDE),
  ],
  cells: (service, now) => [
    nameOf(service),
    textAt(service, 'spec', 'type'),
    orNone(textAt(service, 'spec', 'clusterIP')),
    orNone(listAt(service, 'spec', 'externalIPs').map(String).join(',')),
    orNone(listAt(service, 'spec', 'ports').map(port).join(',')),
    ageCell(service, now),
    selector(service),
  ],
};

function port(raw: Json): string {
  const nodePort = at(raw, 'nodePort');
  return `${at(raw, 'port')}${nodePort === undefined ? '' : `:${nodePort}`}/${textAt(raw, 'protocol') || 'TCP'}`;
}

function selector(service: JsonObject): string {
  const labels = Object.entries(Object(at(service, 'spec', 'selector'))).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return labels.length === 0 ? NONE : labels.map(([key, value]) => `${key}=${value}`).join(',');
}

export const customResourceDefinitionFormat: TableFormat = {
  columns: [NAME, column('Created At', 'When the object was created.', { type: 'date' })],
  cells: (definition) => [nameOf(definition), textAt(definition, 'metadata', 'creationTimestamp')],
};
