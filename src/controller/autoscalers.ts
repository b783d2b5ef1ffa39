import { isApiError } from '../kubernetes/client.ts';
import { resourcePath } from '../kubernetes/resource.ts';
import { describeError } from '../runtime/errors.ts';
import { autoscaled, notAutoscaled } from './configuration-conditions.ts';
import type { DisturbOptions } from './disturb.ts';

const autoscalers = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' };

/**
 * Looks whether a HorizontalPodAutoscaler works on the deployment and says so in a condition and once in
 * an Event. It is no reason not to act. One call; not being allowed to look is no failure either.
 */
export async function checkAutoscalers(
  options: DisturbOptions,
  signal: AbortSignal,
): Promise<void> {
  const { context, record, spec, generation } = options;
  const { client, logger, announcer } = context;
  const { namespace } = record;
  try {
    const path = resourcePath(autoscalers, namespace);
    const names = targeting(
      await client.call({ verb: 'list', resource: autoscalers.plural, path }, signal),
      spec.deploymentName,
    );
    if (names.length > 0) {
      record.setConditions(generation, autoscaled(names));
      announcer.autoscaled(record.object, autoscaled(names).message);
    } else if (
      record.status.conditions.some(
        ({ type, status }) => type === 'Autoscaled' && status === 'True',
      )
    ) {
      record.setConditions(generation, notAutoscaled());
    }
  } catch (error) {
    if (signal.aborted || isApiError(error, 403) || isApiError(error, 404)) return;
    logger.debug(
      { namespace, configuration: record.name },
      `autoscalers not looked at: ${describeError(error)}`,
    );
  }
}

/** Names of the autoscalers in the list that target the deployment. */
function targeting(list: unknown, deployment: string): string[] {
  const { items = [] } = list as { items?: readonly Autoscaler[] };
  return items
    .filter(
      ({ spec }) =>
        spec?.scaleTargetRef?.kind === 'Deployment' && spec.scaleTargetRef.name === deployment,
    )
    .map(({ metadata }) => metadata?.name ?? '')
    .sort();
}

interface Autoscaler {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string } };
}
