import type { Namespace } from '../kubernetes/resources/namespaces.ts';
import { ConfigurationSet } from './configuration-set.ts';
import type { ControllerContext } from './controller-context.ts';

export interface CrdWatcherOptions {
  readonly context: ControllerContext;
  readonly namespace: Namespace;
  /** Whether the namespace was made, or opted in, while we were looking. */
  readonly isNew: boolean;
}

/**
 * Keeps a watcher running for every configuration of one opted-in namespace, until `signal` aborts.
 * When it ends and the program does not, the replicas that its watchers changed are put back.
 */
export async function watchConfigurations(
  options: CrdWatcherOptions,
  signal: AbortSignal,
): Promise<void> {
  const { context, namespace, isNew } = options;
  const { name } = namespace.metadata;
  using metrics = context.metrics.crdWatcher(name);
  using _counted = context.census.configurationWatcher();
  using _restarts = context.restarts.subscribe(
    'chaosmonkeyconfigurations',
    () => metrics.restarted(),
    name,
  );
  await using configurations = new ConfigurationSet({ context, namespace: name, metrics }, signal);
  let announced = false;
  const announce = () => {
    if (!announced) context.announcer.namespaceAdded(namespace);
    announced = true;
  };
  if (isNew) announce();
  context.restorer.unsettle(name);
  for await (const event of context.configurations.events({ namespace: name }, signal)) {
    if (event.type === 'SYNCED') {
      context.restorer.settle(name);
      if (configurations.size > 0 && configurations.untouched) announce();
      continue;
    }
    const began = context.clock.monotonic();
    if (configurations.handle(event)) {
      metrics.event(event.type, (context.clock.monotonic() - began) * 1_000);
    }
  }
}
