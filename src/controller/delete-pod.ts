import { isApiError } from '../kubernetes/client.ts';
import { resourcePath } from '../kubernetes/resource.ts';
import { type Pod, pods } from '../kubernetes/resources/pods.ts';
import { ChaosError } from '../runtime/errors.ts';
import type { ControllerContext } from './controller-context.ts';
import type { Acted, Skip } from './tick.ts';

/** How long one call of an act may take, ms. Not cut short by a stop: a delete half sent is worse than a slow end. */
export const ACT_DEADLINE_MS = 8_000;

/**
 * Deletes exactly this pod, at once (grace period 0), and nobody who has its name after it: the UID is a
 * precondition. Where the answer was lost, looks whether the pod is gone; it is not deleted a second time.
 */
export async function deletePod(
  { client, announcer }: Pick<ControllerContext, 'client' | 'announcer'>,
  pod: Pod,
): Promise<Acted | Skip> {
  const { namespace, name, uid } = pod.metadata;
  const path = resourcePath(pods, namespace, name);
  const signal = AbortSignal.timeout(2 * ACT_DEADLINE_MS);
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: 0,
    preconditions: { uid },
  };
  try {
    const deadlineMs = ACT_DEADLINE_MS;
    await client.call({ verb: 'delete', resource: 'pods', path, body, deadlineMs }, signal);
  } catch (error) {
    if (isApiError(error, 404) || isApiError(error, 409)) return gone(name);
    if (!(error instanceof ChaosError) || !isUncertain(error)) throw error;
    if (!(await isGone(client, pod, signal))) throw error;
  }
  announcer.podKilled(pod);
  return { kind: 'acted', message: `killed pod ${name}`, victims: [{ kind: 'Pod', name, uid }] };
}

function gone(name: string): Skip {
  return {
    kind: 'skip',
    reason: 'VictimGone',
    message: `pod ${name} was gone before it could be killed`,
  };
}

/** Whether nobody knows if the call took effect. */
function isUncertain({ code }: ChaosError): boolean {
  return (
    code === 'ERR_KUBERNETES_TRANSPORT' ||
    code === 'ERR_KUBERNETES_DEADLINE' ||
    code === 'ERR_KUBERNETES_RESPONSE'
  );
}

async function isGone(
  client: ControllerContext['client'],
  { metadata: { namespace, name, uid } }: Pod,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const path = resourcePath(pods, namespace, name);
    const found = pods.strip(await client.call({ verb: 'get', resource: 'pods', path }, signal));
    return found.metadata.uid !== uid || found.terminating;
  } catch (error) {
    if (isApiError(error, 404)) return true;
    throw error;
  }
}
