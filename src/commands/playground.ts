import { randomBytes } from 'node:crypto';
import { painter } from '../playground/demo/painter.ts';
import { runDemo } from '../playground/demo/run-demo.ts';
import { duration, optionalDuration, optionalText, port } from '../settings/kinds.ts';
import { defineCommand } from './command.ts';

/** Names of their own: what tells a controller its cluster must not tell the demo where to write. */
const PREFIX = 'CHAOSMONKEY_PLAYGROUND_';

const settings = {
  for: optionalDuration({
    description: 'How long to run; then a summary is printed and the demo ends.',
    otherwise: 'until Ctrl-C',
    environment: `${PREFIX}FOR`,
    minimum: '1s',
  }),
  every: duration({
    description: 'Time between two acts of a configuration; the three modes differ a little.',
    environment: `${PREFIX}EVERY`,
    minimum: '1s',
    defaultText: '5s',
  }),
  port: port({
    description: 'Port of the simulated API on loopback; 0 is any free one.',
    environment: `${PREFIX}PORT`,
    defaultText: '0',
  }),
  seed: optionalText({
    description: 'Seed of all that is drawn: names of pods, loads and victims.',
    otherwise: 'drawn, and printed',
    environment: `${PREFIX}SEED`,
  }),
  kubeconfig: optionalText(
    {
      description:
        'Where to write the kubeconfig: a path where nothing is yet. Removed at the end.',
      otherwise: 'a new folder for temporary files',
      environment: `${PREFIX}KUBECONFIG`,
    },
    'FILE',
  ),
};

export const command = defineCommand({
  name: 'playground',
  summary: 'Show the controller at work on a simulated cluster.',
  description:
    'Starts a simulated Kubernetes API on loopback with demo deployments, and the real controller ' +
    'against it, and tells what happens to which pod and why not to others. Ordinary kubectl works ' +
    'with the kubeconfig that is printed. Nothing outside this process is touched.',
  settings,
  async run(
    { settings: { for: durationMs, every, port, seed, kubeconfig }, env, version, stdout, stderr },
    signal,
  ) {
    await runDemo(
      {
        durationMs,
        everyMs: every,
        port,
        seed: seed ?? randomBytes(4).toString('hex'),
        kubeconfig,
        version,
        paint: painter({ isTTY: stdout.isTTY === true, env }),
        stdout,
        stderr,
      },
      signal,
    );
    return 0;
  },
});
