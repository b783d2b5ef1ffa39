import type { AcceptedSpec } from '../configuration/read-spec.ts';
import { isApiError, type KubernetesClient } from '../kubernetes/client.ts';
import type { Deployment } from '../kubernetes/resources/deployments.ts';
import type { DeploymentWatcherMetrics } from '../observability/metrics/controller-metrics.ts';
import { type Random, randomInteger } from '../runtime/random.ts';
import { checkAutoscalers } from './autoscalers.ts';
import { ACT_DEADLINE_MS } from './delete-pod.ts';
import { patchReplicas, readDeployment, scale } from './deployment-calls.ts';
import type { DeploymentWatcher, DisturbOptions } from './disturb.ts';
import { nextRestoreNote, parseRestoreNote } from './restore-annotation.ts';
import { runTicks } from './run-ticks.ts';
import type { Acted, Mode, Skip } from './tick.ts';

/** `randomScale`: sets the replicas of the deployment to a random number at each tick. */
export const watchDeploymentScale: DeploymentWatcher = async (options, signal) => {
  const { context, record, spec } = options;
  using metrics = context.metrics.deploymentWatcher(record.namespace, spec.deploymentName);
  const looked = checkAutoscalers(options, signal);
  try {
    await runTicks({ ...options, mode: randomScale(options, metrics) }, signal);
  } finally {
    await looked;
  }
};

/** `max(random integer in 0..maxReplicas, minReplicas)`: the old program's formula, kept. */
export function chooseReplicas({ minReplicas, maxReplicas }: AcceptedSpec, random: Random): number {
  return Math.max(randomInteger(random, maxReplicas + 1), minReplicas);
}

function randomScale(options: DisturbOptions, metrics: DeploymentWatcherMetrics): Mode {
  const { context, record, spec } = options;
  const { client } = context;
  return {
    async decide({ random }, signal) {
      await checkAutoscalers(options, signal);
      const found = await lookAt(options, signal);
      if ('kind' in found) return found;
      const wanted = chooseReplicas(spec, random);
      if (found.replicas === wanted) {
        return skip(
          'NothingToChange',
          `deployment ${spec.deploymentName} has ${wanted} replicas already`,
        );
      }
      return {
        kind: 'act',
        async perform() {
          const result = await rescale(
            { client, record, spec, restores: spec.restoreReplicas },
            found,
            wanted,
          );
          if (result.kind === 'acted') {
            metrics.rescaled(wanted);
            context.announcer.rescaled(found, wanted);
          }
          return result;
        },
      };
    },
  };
}

/** The deployment as it is now, or why it is no target. */
async function lookAt(
  { context, record, deployment }: DisturbOptions,
  signal: AbortSignal,
): Promise<Deployment | Skip> {
  const { name, uid } = deployment.metadata;
  try {
    const found = await readDeployment(context.client, record.namespace, name, signal);
    if (found.terminating) return skip('TargetTerminating', `deployment ${name} is being deleted`);
    if (found.metadata.uid !== uid)
      return skip('TargetMissing', `deployment ${name} was replaced by another`);
    return found;
  } catch (error) {
    if (isApiError(error, 404)) return skip('TargetMissing', `deployment ${name} is gone`);
    throw error;
  }
}

interface Rescaling extends Pick<DisturbOptions, 'record' | 'spec'> {
  readonly client: KubernetesClient;
  readonly restores: boolean;
}

/** How often a scale that met a newer resourceVersion is tried again, if the replicas are still those found. */
const ATTEMPTS = 5;

/**
 * Leaves the note first, then scales, each with the resourceVersion read: whoever dies in between leaves
 * a note that says so (see `stillOurs`). A conflict did nothing, and is tried again only while the
 * deployment still has the replicas that were found. (The deployment controller answers the note with a
 * status of its own, so the first scale after a note often meets a newer resourceVersion; the note is there
 * by then and not left again.)
 */
async function rescale(
  options: Rescaling,
  found: Deployment,
  wanted: number,
): Promise<Acted | Skip> {
  const { client, spec } = options;
  const { namespace, name } = found.metadata;
  const signal = AbortSignal.timeout(2 * ACT_DEADLINE_MS);
  let current = found;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await scaleOnce(options, current, wanted, signal);
    } catch (error) {
      if (isApiError(error, 404)) return skip('TargetMissing', `deployment ${name} is gone`);
      if (!isApiError(error, 409) || attempt === ATTEMPTS) throw error;
    }
    current = await readDeployment(client, namespace, name, signal);
    if (current.metadata.uid !== found.metadata.uid || current.replicas !== found.replicas) {
      return skip(
        'NothingToChange',
        `deployment ${spec.deploymentName} was scaled by somebody else at the same time`,
      );
    }
  }
}

async function scaleOnce(
  { client, record, spec, restores }: Rescaling,
  found: Deployment,
  wanted: number,
  signal: AbortSignal,
): Promise<Acted> {
  const { name, uid } = found.metadata;
  const before = parseRestoreNote(found.restoreNote);
  const note = restores ? nextRestoreNote(before, found, wanted, record.uid) : undefined;
  const isNoted = note === undefined || note === before;
  const noted = isNoted ? found : await patchReplicas(client, found, { note }, signal);
  await scale(client, noted, wanted, signal);
  return {
    kind: 'acted',
    message: `scaled deployment ${spec.deploymentName} from ${found.replicas} to ${wanted} replicas`,
    victims: [{ kind: 'Deployment', name, uid }],
    ...(note !== undefined && { originalReplicas: note.replicas }),
  };
}

function skip(reason: Skip['reason'], message: string): Skip {
  return { kind: 'skip', reason, message };
}
