import { bodyOf } from './api-client.ts';
import { pathOf } from './paths.ts';
import type { Release } from './release.ts';
import { listAt, textAt } from './value.ts';
import { waitUntil } from './wait-until.ts';

/** Where a release may say what is wrong. */
export type Place = 'log' | 'readiness' | 'Event';

/** Waits until some pod of the release says, at each of these places, something that matches. */
export async function untilComplains(
  release: Release,
  places: readonly Place[],
  pattern: RegExp,
): Promise<void> {
  for (const place of places) {
    const said = (texts: readonly string[]) => texts.some((text) => pattern.test(text));
    await waitUntil(`${place} to say ${pattern}`, () => read(release, place), said);
  }
}

async function read(release: Release, place: Place): Promise<readonly string[]> {
  if (place === 'Event') {
    const events = await bodyOf(release.cluster.client.get(pathOf('events', release.namespace)));
    return listAt(events, 'items').map((event) => textAt(event, 'message'));
  }
  const pods = await release.podNames();
  if (place === 'log') {
    const logs = await Promise.all(pods.map((pod) => release.logs(pod)));
    return logs.flatMap((log) => log.split('\n'));
  }
  const answers = await Promise.all(pods.map((pod) => release.ask(pod, '/readyz')));
  return answers.map(({ body }) => (typeof body === 'string' ? body : JSON.stringify(body)));
}
