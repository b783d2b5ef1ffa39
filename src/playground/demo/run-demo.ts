import { judgeNamespace, NAMESPACE_LABEL, type OptInRule } from '../../controller/opt-in.ts';
import { ClusterCredentials } from '../../kubernetes/cluster-credentials.ts';
import { HttpKubernetesClient } from '../../kubernetes/http-client.ts';
import { isAbort } from '../../runtime/abort.ts';
import { ChildSet } from '../../runtime/child-set.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { createLogger, type LogOutput } from '../../runtime/logger.ts';
import { type SimulatedCluster, startSimulatedCluster } from '../cluster.ts';
import type { JsonObject } from '../patch/json.ts';
import { isTerminating, nameOf, numberAt, textAt } from '../workloads/fields.ts';
import { DEPLOYMENTS } from '../workloads/resources.ts';
import type { PodTiming } from '../workloads/workload-context.ts';
import { Account } from './account.ts';
import { formatLine } from './account-line.ts';
import { banner } from './banner.ts';
import { conversions } from './convert-in-process.ts';
import { runDemoController } from './demo-controller.ts';
import { type DemoObjects, demoObjects } from './demo-objects.ts';
import { installConfigurations, installDefinition, installWorkloads } from './install-demo.ts';
import type { Paint } from './painter.ts';
import { writeTemporaryKubeconfig } from './temporary-kubeconfig.ts';
import { until } from './until.ts';

export interface DemoOptions {
  /** Undefined: until the signal aborts. */
  readonly durationMs: number | undefined;
  /** Time between two acts of a configuration. */
  readonly everyMs: number;
  /** 0: any free port. */
  readonly port: number;
  readonly seed: string;
  /** Undefined: a folder of its own. Removed at the end in any case. */
  readonly kubeconfig: string | undefined;
  readonly version: string;
  readonly paint: Paint;
  readonly stdout: LogOutput;
  /** Where the controller's warnings go. */
  readonly stderr: LogOutput;
}

/** Slow enough to be watched, fast enough not to bore. */
const TIMING: PodTiming = { startMs: 700, readyMs: 900, stopMs: 1_500 };

const RULE: OptInRule = {
  behavior: 'ALLOWALL',
  protectedNamespaces: new Set(['chaosmonkey', 'kube-system', 'kube-public', 'kube-node-lease']),
};

/**
 * The demo: a simulated cluster with deployments and configurations, the controller at work on it over
 * HTTP, and an account of what happens. Ends, with a summary, when its time is up or `signal` aborts;
 * nothing is left then.
 * @throws ChaosError when the port is taken or the kubeconfig cannot be written
 */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const clock = systemClock;
  const { durationMs, paint, port, seed, stdout, version } = options;
  await using cluster = await startSimulatedCluster({
    clock,
    port,
    seed,
    conversions,
    workloads: { timing: TIMING },
  });
  await using kubeconfig = await writeTemporaryKubeconfig(cluster.kubeconfig, options.kubeconfig);
  await using client = new HttpKubernetesClient({
    credentials: new ClusterCredentials({ kubeconfig: kubeconfig.path }),
    userAgent: `chaos-monkey/${version} (playground)`,
    clock,
    random: Math.random,
  });
  const objects = demoObjects(options.everyMs);
  try {
    await installDefinition(client, signal);
    await installWorkloads(client, objects, signal);
    await until(cluster.store, DEPLOYMENTS, () => allReady(cluster, objects), signal);
    stdout.write(
      banner({ version, url: cluster.url, kubeconfig: kubeconfig.path, seed, durationMs }, paint),
    );
    await disturb({ ...options, clock, cluster, client, objects }, signal);
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
  }
}

interface Disturbance extends DemoOptions {
  readonly clock: Clock;
  readonly cluster: SimulatedCluster;
  readonly client: HttpKubernetesClient;
  readonly objects: DemoObjects;
}

/** Lets the controller work and tells about it, then sums up. */
async function disturb(disturbance: Disturbance, signal: AbortSignal): Promise<void> {
  const { clock, cluster, client, objects, paint, stdout, stderr, durationMs, seed, version } =
    disturbance;
  using account = new Account({
    store: cluster.store,
    now: () => clock.now(),
    isProtected: (name) => RULE.protectedNamespaces.has(name),
    isOptedIn,
    write: (line) => stdout.write(`${formatLine(line, paint)}\n`),
  });
  const began = clock.monotonic();
  const logger = createLogger({ level: 'warn', format: 'pretty', output: stderr });
  {
    await using controller = new ChildSet(signal);
    controller.start('controller', (childSignal) =>
      runDemoController({ client, rule: RULE, seed, version, logger, clock }, childSignal),
    );
    await installConfigurations(client, objects, signal);
    const over = new AbortController();
    try {
      const time = timePassed(clock, durationMs, AbortSignal.any([signal, over.signal]));
      await Promise.race([time, controller.ended()]);
    } finally {
      over.abort();
    }
  }
  const seconds = (clock.monotonic() - began) / 1000;
  stdout.write(`\n${account.tally.summary(account.namespaces(), seconds, paint)}`);
}

/** Resolves when the time is up, or nobody waits for that any more. */
async function timePassed(
  clock: Clock,
  durationMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.sleep(durationMs ?? Number.POSITIVE_INFINITY, signal);
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
  }
}

function isOptedIn(namespace: JsonObject): boolean {
  const optIn = textAt(namespace, 'metadata', 'labels', NAMESPACE_LABEL);
  const judged = {
    name: nameOf(namespace),
    optIn: optIn === '' ? undefined : optIn,
    terminating: isTerminating(namespace),
  };
  return judgeNamespace(judged, { ...RULE, protectedNamespaces: new Set() }) === 'watched';
}

function allReady({ store }: SimulatedCluster, { deployments }: DemoObjects): boolean {
  return deployments.every((wanted) => {
    const found = store
      .collection(DEPLOYMENTS)
      .get(textAt(wanted, 'metadata', 'namespace'), nameOf(wanted));
    return (
      found !== undefined &&
      numberAt(found, 'status', 'readyReplicas') === numberAt(wanted, 'spec', 'replicas')
    );
  });
}
