import { KubeConfig } from '@kubernetes/client-node';
import type { Bench } from '../bench.ts';
import { connectionsTo } from '../program/process-files.ts';
import type { RealScene } from './scene.ts';

/** What the controller holds open at the API server, by whose own count. */
export const watches: Bench<RealScene> = {
  name: 'watches',
  async run({ kubeconfig, program, watches: opened }) {
    const total = [...opened.values()].reduce((sum, count) => sum + count, 0);
    const list = [...opened].map(([resource, count]) => `${resource} ${count}`).join(', ');
    return [
      { what: `open watches (${list})`, value: total, unit: 'count', atLeast: 1, atMost: 6 },
      {
        what: 'connections to the API server',
        value: await connectionsTo(program.pid, portOf(kubeconfig)),
        unit: 'count',
        atLeast: 1,
        atMost: 12,
      },
    ];
  },
};

function portOf(kubeconfig: string): number {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { port, protocol } = new URL(config.getCurrentCluster()?.server ?? '');
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
