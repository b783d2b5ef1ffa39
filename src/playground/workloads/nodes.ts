import type { JsonObject } from '../patch/json.ts';
import { timestamp } from './fields.ts';

/** The version the simulated cluster says it is. */
const KUBELET_VERSION = 'v1.34.4';

const CAPACITY = { cpu: '8', memory: '32Gi', pods: '110000', 'ephemeral-storage': '100Gi' };

/**
 * A ready node of the simulated cluster.
 * @param index from 0: gives it an address
 * @param now milliseconds since the epoch
 */
export function nodeOf(name: string, index: number, now: number): JsonObject {
  const time = timestamp(now);
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
    reason,
    message,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
      },
    },
    spec: { podCIDR: `10.244.${index}.0/24`, podCIDRs: [`10.244.${index}.0/24`] },
    status: {
      addresses: [
        { type: 'InternalIP', address: `192.168.0.${index + 10}` },
        { type: 'Hostname', address: name },
      ],
      capacity: CAPACITY,
      allocatable: CAPACITY,
      conditions: [
        condition(
          'MemoryPressure',
          'False',
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition(
          'DiskPressure',
          'False',
          'KubeletHasNoDiskPressure',
          'kubelet has no disk pressure',
        ),
        condition(
          'PIDPressure',
          'False',
          'KubeletHasSufficientPID',
          'kubelet has sufficient PID available',
        ),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      nodeInfo: {
        architecture: 'amd64',
        bootID: '',
        containerRuntimeVersion: 'containerd://2.1.0',
        kernelVersion: '6.12.0',
        kubeProxyVersion: '',
        kubeletVersion: KUBELET_VERSION,
        machineID: '',
        operatingSystem: 'linux',
        osImage: 'Simulated Linux',
        systemUUID: '',
      },
    },
  };
}
