import { formatGoDuration } from '../../runtime/go-duration.ts';
import { OPTED_IN, OPTED_OUT, PROTECTED } from './demo-objects.ts';
import type { Paint } from './painter.ts';

export interface BannerFacts {
  readonly version: string;
  readonly url: string;
  readonly kubeconfig: string;
  readonly seed: string;
  /** Undefined: until Ctrl-C. */
  readonly durationMs: number | undefined;
}

/** What is running and what to try, printed once at the start. */
export function banner(
  { version, url, kubeconfig, seed, durationMs }: BannerFacts,
  paint: Paint,
): string {
  const commands: readonly (readonly [string, string])[] = [
    [`export KUBECONFIG=${shellWord(kubeconfig)}`, ''],
    [`kubectl get pods -n ${OPTED_IN} -w`, 'see pods go and come'],
    ['kubectl get cmc -A', 'what acts on what, and when next'],
    [`kubectl describe cmc kill-catalog -n ${OPTED_IN}`, 'why, in its status and Events'],
    [
      `kubectl label namespace ${OPTED_IN} cm.massix.github.io/namespace=false --overwrite`,
      'opt out: all stops',
    ],
    [
      `kubectl label namespace ${OPTED_OUT} cm.massix.github.io/namespace=true --overwrite`,
      'opt in: it starts',
    ],
  ];
  const width = Math.max(...commands.map(([command]) => command.length));
  const until = durationMs === undefined ? 'until Ctrl-C' : `for ${formatGoDuration(durationMs)}`;
  return [
    paint('bold', `chaos-monkey ${version} on a simulated cluster, ${until}`),
    `  API         ${url} (loopback only; nothing outside this process is touched)`,
    `  kubeconfig  ${kubeconfig} (removed at the end)`,
    `  seed        ${seed} (--seed ${shellWord(seed)} chooses the same again)`,
    `  disturbed   ${OPTED_IN}: catalog by killPod, checkout by randomScale, search by antiPressure`,
    `  left alone  ${OPTED_OUT}: opted out by its label; ${PROTECTED}: protected`,
    '',
    paint('bold', 'Try in a second terminal:'),
    ...commands.map(
      ([command, why]) =>
        `  ${paint('cyan', why === '' ? command : command.padEnd(width))}${why === '' ? '' : `  ${paint('dim', `# ${why}`)}`}`,
    ),
    '',
    '',
  ].join('\n');
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
