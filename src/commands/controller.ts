import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { answerConversionReview } from '../configuration/conversion/review.ts';
import {
  ConversionWebhook,
  type ConversionWebhookOptions,
} from '../controller/certificates/conversion-webhook.ts';
import { OwnDeployment, type OwnDeploymentOptions } from '../controller/own-deployment.ts';
import { createController, type ElectionTerms } from '../controller/run-controller.ts';
import { ClusterCredentials } from '../kubernetes/cluster-credentials.ts';
import { HttpKubernetesClient } from '../kubernetes/http-client.ts';
import { MetricsRegistry } from '../observability/metrics/metrics-registry.ts';
import { ProcessMetrics } from '../observability/metrics/process-metrics.ts';
import { scrape } from '../observability/metrics/scrape.ts';
import { serveEndpoints } from '../observability/server.ts';
import { ChildSet } from '../runtime/child-set.ts';
import { systemClock } from '../runtime/clock.ts';
import { createLogger } from '../runtime/logger.ts';
import { type ControllerSettings, controllerSettings } from '../settings/controller-settings.ts';
import { leaseTimes } from '../settings/election-settings.ts';
import type { Environment } from '../settings/load-settings.ts';
import { programNamespaces } from '../settings/namespaces.ts';
import { defineCommand } from './command.ts';

/**
 * How long the API server may still send reviews to a pod that ends, ms: until every node's proxy knows that
 * the Service has one backend less.
 */
const LEAVE_MS = 4_000;

export const command = defineCommand({
  name: 'controller',
  summary: 'Disturb deployments as ChaosMonkeyConfigurations say.',
  description:
    'Watches the opted-in namespaces of a cluster and carries out their ChaosMonkeyConfigurations. ' +
    'The cluster is that of the kubeconfig, or, inside a pod, of its service account.',
  settings: controllerSettings,
  async run({ settings, ignored, env, version, stdout }, signal) {
    const { logLevel, logFormat, behavior } = settings;
    const logger = createLogger({ level: logLevel, format: logFormat, output: stdout });
    for (const error of ignored) logger.error({}, error.message);
    const namespaces = programNamespaces(settings);
    const credentials = new ClusterCredentials({
      kubeconfig: settings.kubeconfig,
      kubeconfigVariable: env.KUBECONFIG,
      context: settings.context,
    });
    const metrics = new MetricsRegistry({ rootNamespace: namespaces.own, behavior, version });
    const processMetrics = new ProcessMetrics();
    await using client = new HttpKubernetesClient({
      credentials,
      userAgent: `chaos-monkey/${version} (controller)`,
      clock: systemClock,
      random: Math.random,
      observe: (call) => metrics.apiRequest(call),
    });
    const means = {
      client,
      clock: systemClock,
      random: Math.random,
      logger,
      namespace: namespaces.own,
    };
    const owner = ownDeployment(settings, means);
    const ownerReference = () => owner?.reference;
    const webhook = conversionWebhook(settings, { ...means, owner: ownerReference });
    const controller = createController({
      ...means,
      watchNamespaces: settings.watchNamespaces,
      election: electionTerms(settings, env, { namespace: namespaces.own, ownerReference }),
      ...(webhook && {
        duties: (means) => webhook.duties(means),
        facts: () => webhook.facts(),
      }),
      rule: { behavior, protectedNamespaces: namespaces.protected },
      seed: settings.seed,
      watchTimeoutsMs: {
        namespaces: settings.nsTimeout,
        configurations: settings.crdTimeout,
        workloads: settings.podTimeout,
      },
      metrics,
    });
    logger.info(
      { version, behavior, namespace: namespaces.own, server: credentials.server.host },
      `chaos-monkey ${version} on ${credentials.server.host}; protected: ${[...namespaces.protected].join(', ') || 'nothing'}`,
    );
    /** The endpoints answer until the controller has ended, and while others are still sent here. */
    const endpoints = new AbortController();
    const leaving = new AbortController();
    await using roles = new ChildSet(endpoints.signal);
    roles.start('endpoints', (childSignal) =>
      serveEndpoints(
        {
          address: settings.metricsAddress,
          port: settings.metricsPort,
          metrics: () => scrape(metrics, processMetrics),
          health: controller,
          facts: { rootNamespace: namespaces.own, behavior, logLevel, version },
          convert: answerConversionReview,
          plainConversion: settings.plainConversion,
          https: webhook && {
            address: settings.webhookAddress,
            port: settings.webhookPort,
            certificates: webhook.certificates,
          },
          leaving: leaving.signal,
          logger,
        },
        childSignal,
      ),
    );
    if (webhook !== undefined) roles.start('webhook', (childSignal) => webhook.run(childSignal));
    if (owner !== undefined) roles.start('owner', (childSignal) => owner.run(childSignal));
    try {
      await Promise.race([controller.run(signal), roles.ended()]);
      leaving.abort();
      if (webhook !== undefined) await systemClock.sleep(LEAVE_MS, endpoints.signal);
    } finally {
      endpoints.abort();
    }
    logger.info({}, 'stopped');
    return 0;
  },
});

type Means = Omit<OwnDeploymentOptions, 'name'>;

function ownDeployment(
  { deployment: name }: ControllerSettings,
  means: Means,
): OwnDeployment | undefined {
  return name === undefined ? undefined : new OwnDeployment({ ...means, name });
}

function conversionWebhook(
  settings: ControllerSettings,
  means: Means & Pick<ConversionWebhookOptions, 'owner'>,
): ConversionWebhook | undefined {
  const { webhookService, leaseName, certificateLife, certificateAuthorityLife } = settings;
  if (webhookService === undefined) return undefined;
  return new ConversionWebhook({
    ...means,
    prefix: leaseName,
    service: webhookService,
    lives: { certificateMs: certificateLife, authorityMs: certificateAuthorityLife },
  });
}

/** @see https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables */
function electionTerms(
  settings: ControllerSettings,
  env: Environment,
  place: Pick<ElectionTerms, 'namespace' | 'ownerReference'>,
): ElectionTerms | undefined {
  const times = leaseTimes(settings);
  const isPod = env.KUBERNETES_SERVICE_HOST !== undefined;
  if (!(settings.leaderElection ?? isPod)) return undefined;
  // A container that starts again in the same pod is another candidate.
  const identity = `${hostname()}_${randomUUID()}`;
  return { ...place, ...times, name: settings.leaseName, identity };
}
