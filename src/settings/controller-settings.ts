import { LOG_FORMATS, LOG_LEVELS } from '../runtime/logger.ts';
import { electionSettings } from './election-settings.ts';
import { choice, duration, nameList, optionalText, port, text } from './kinds.ts';
import type { Setting, SettingsOf } from './setting.ts';
import { webhookSettings } from './webhook-settings.ts';

/**
 * In `--protected-namespaces`, the namespace the program runs in. No namespace can have this name.
 */
export const OWN_NAMESPACE = '@own';

/** A DNS label (RFC 1123), which every namespace's name is. */
const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';

/** The rule that decides which namespaces are targets, as `/health` and the metrics spell it. */
export type Behavior = 'ALLOWALL' | 'DENYALL';

/** What every role says about its log. */
export const logSettings = {
  logLevel: choice(
    LOG_LEVELS,
    {
      description: 'Least severe messages to log.',
      environment: 'CHAOSMONKEY_LOGLEVEL',
      lenient: true,
      defaultText: 'info',
    },
    'LEVEL',
  ),
  logFormat: choice(LOG_FORMATS, {
    description: 'One JSON object per line, or text for people; auto is text on a terminal.',
    defaultText: 'auto',
  }),
};

/** How a role finds its cluster. */
export const clusterSettings = {
  kubeconfig: optionalText(
    {
      description: 'File that says which cluster to talk to and how.',
      otherwise: "$KUBECONFIG, else inside a pod its service account, else '~/.kube/config'",
    },
    'FILE',
  ),
  context: optionalText(
    {
      description: 'Context of the kubeconfig to use.',
      otherwise: "the kubeconfig's current-context",
    },
    'NAME',
  ),
  namespace: optionalText(
    {
      description: 'Namespace that the program itself runs in.',
      otherwise: 'that of the service account, else chaosmonkey',
    },
    'NAME',
  ),
};

const behavior: Setting<Behavior> = upperCased(
  choice(['AllowAll', 'DenyAll'], {
    description:
      'Namespaces to work in: all but those labelled cm.massix.github.io/namespace=false (AllowAll), ' +
      'or only those labelled =true (DenyAll).',
    lenient: true,
    defaultText: 'AllowAll',
  }),
);

function watchTimeout(of: string, environment: string) {
  return duration({
    description: `How long one watch of ${of} lasts before it is renewed; no event is lost by it.`,
    environment,
    lenient: true,
    minimum: '1s',
    defaultText: '48h',
  });
}

/** The settings of `chaos-monkey controller`. */
export const controllerSettings = {
  behavior,
  protectedNamespaces: nameList({
    description:
      `Namespaces never to touch; ${OWN_NAMESPACE} is the one the program runs in. ` +
      'Replaces the default; empty protects none.',
    of: `namespace names, or ${OWN_NAMESPACE},`,
    pattern: new RegExp(`^(?:${DNS_LABEL}|${OWN_NAMESPACE})$`),
    defaultText: `${OWN_NAMESPACE},kube-system,kube-public,kube-node-lease`,
  }),
  watchNamespaces: nameList({
    description:
      'The only namespaces to look at, where rights are given in namespaces and not in the whole cluster; ' +
      'empty looks at all.',
    of: 'namespace names',
    pattern: new RegExp(`^${DNS_LABEL}$`),
    defaultText: '',
  }),
  seed: optionalText({
    description:
      'Seed of every configuration without one: the same seed and cluster choose the same victims.',
    otherwise: 'drawn for each configuration and written to its status',
  }),
  ...clusterSettings,
  metricsAddress: text(
    {
      description: 'Address that /metrics, /health and the others listen on.',
      defaultText: '0.0.0.0',
    },
    'ADDRESS',
  ),
  metricsPort: port({
    description: 'Port that /metrics, /health and the others listen on; 0 is any free one.',
    defaultText: '9000',
  }),
  nsTimeout: watchTimeout('namespaces', 'CHAOSMONKEY_NS_TIMEOUT'),
  crdTimeout: watchTimeout('configurations', 'CHAOSMONKEY_CRD_TIMEOUT'),
  podTimeout: watchTimeout('pods and deployments', 'CHAOSMONKEY_POD_TIMEOUT'),
  ...electionSettings,
  ...webhookSettings,
  ...logSettings,
};

/** Validated and frozen; durations in ms. */
export type ControllerSettings = SettingsOf<typeof controllerSettings>;

function upperCased<const V extends string>(setting: Setting<V>): Setting<Uppercase<V>> {
  // `toUpperCase` is typed as a plain string.
  const upper = (value: V) => value.toUpperCase() as Uppercase<V>;
  return {
    ...setting,
    read: (given) => upper(setting.read(given)),
    absent: () => upper(setting.absent()),
  };
}
