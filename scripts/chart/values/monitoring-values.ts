import { Type } from 'typebox';
import { ANYTHING, flag, group, listOf, text, texts } from './kinds.ts';

/** As Prometheus writes it. */
const DURATION = '^([0-9]+(ms|s|m|h|d))*$';

function monitor(description: string, who: string) {
  return group(description, {
    enabled: flag(false, `Make one. ${who}`),
    interval: text('30s', 'How often metrics are read.', DURATION),
    scrapeTimeout: text(
      '',
      "How long reading may take; empty is Prometheus' own default.",
      DURATION,
    ),
    labels: texts({}, 'Labels by which your Prometheus selects it.'),
  });
}

/** What other programs want of it; each is off by default, and most need kinds that a cluster may not have. */
export const monitoringValues = {
  serviceMonitor: monitor(
    'A ServiceMonitor of the Prometheus operator.',
    'Either this or podMonitor, or metrics are read twice.',
  ),
  podMonitor: monitor(
    'A PodMonitor of the Prometheus operator.',
    'Either this or serviceMonitor, or metrics are read twice.',
  ),
  prometheusRule: group('Alerts, as a PrometheusRule of the Prometheus operator.', {
    enabled: flag(false, 'Make one.'),
    labels: texts({}, 'Labels by which your Prometheus selects it.'),
  }),
  grafanaDashboard: group('A dashboard, in a ConfigMap that the sidecar of Grafana loads.', {
    enabled: flag(false, 'Make one.'),
    labels: texts({ grafana_dashboard: '1' }, 'Labels by which your Grafana selects it.'),
    annotations: texts({}, 'Its annotations: the folder, for example.'),
  }),
  networkPolicy: group(
    'Lets the pods talk to the API server and to DNS, and nobody to them but as said here.',
    {
      enabled: flag(false, 'Make one. Needs a network that enforces policies.'),
      metricsFrom: listOf(
        ANYTHING,
        [],
        'Who may reach the port of metrics: a list of NetworkPolicy peers; empty is everybody.',
      ),
      apiServerPorts: listOf(
        Type.Integer({ minimum: 1, maximum: 65_535 }),
        [443, 6443],
        'Ports of the API server, before and behind its Service.',
      ),
      apiServerCidrs: listOf(
        Type.String({ pattern: '^[0-9a-fA-F.:]+/[0-9]+$' }),
        [],
        'Networks in which the API server is; empty is anywhere.',
      ),
    },
  ),
};
