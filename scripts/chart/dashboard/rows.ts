import { average, median, metric, perMinute, type Row, sum } from './panel.ts';

const NAMESPACE = '{{namespace}}';
const PODS = '{{namespace}}: {{label_selector}}';
const DEPLOYMENT = '{{namespace}}/{{deployment}}';
const SELECTED = '{{namespace}}: {{selector}}';

/** The panels of chaos-monkey 3 with queries that are right, and a row for what is new. */
export const rows: readonly Row[] = [
  {
    title: 'Basic Monitoring',
    panels: [
      {
        title: 'Namespaces Monitored',
        type: 'gauge',
        queries: [{ expr: sum(metric('nswatcher_cmc_active')), legend: 'namespaces' }],
      },
      {
        title: 'Active PodWatchers',
        type: 'bargauge',
        queries: [{ expr: sum(metric('crdwatcher_pw_active'), 'namespace'), legend: NAMESPACE }],
      },
      {
        title: 'Active DeploymentWatchers',
        type: 'bargauge',
        queries: [{ expr: sum(metric('crdwatcher_dw_active'), 'namespace'), legend: NAMESPACE }],
      },
      {
        title: 'Active AntiHPAWatchers',
        type: 'bargauge',
        queries: [{ expr: sum(metric('crdwatcher_ah_active'), 'namespace'), legend: NAMESPACE }],
      },
      {
        title: 'Restarts per component',
        type: 'bargauge',
        queries: [
          { expr: sum(metric('podwatcher_restarts')), legend: 'PodWatcher' },
          { expr: sum(metric('crdwatcher_restarts')), legend: 'CRDWatcher' },
          { expr: sum(metric('nswatcher_restarts')), legend: 'NamespaceWatcher' },
        ],
      },
      {
        title: 'Total Events Processed',
        type: 'barchart',
        queries: [
          {
            expr: sum(metric('nswatcher_events'), 'event_type'),
            legend: 'namespaces: {{event_type}}',
          },
          {
            expr: sum(metric('crdwatcher_events'), 'event_type'),
            legend: 'configurations: {{event_type}}',
          },
        ],
      },
      {
        title: 'Time spent treating events in us for CRD Watchers',
        type: 'timeseries',
        unit: 'µs',
        queries: [{ expr: median('crdwatcher_event_duration', 'namespace'), legend: NAMESPACE }],
      },
      {
        title: 'Time spent treating events in us for NS Watchers',
        type: 'timeseries',
        unit: 'µs',
        queries: [{ expr: median('nswatcher_event_duration'), legend: 'median' }],
      },
    ],
  },
  {
    title: 'PodWatchers',
    panels: [
      {
        title: 'Pods killed per minute',
        type: 'timeseries',
        queries: [
          {
            expr: perMinute('podwatcher_pods_killed', 'namespace', 'label_selector'),
            legend: PODS,
          },
        ],
      },
      {
        title: 'Currently targeted pods',
        type: 'gauge',
        queries: [
          {
            expr: sum(metric('podwatcher_pods_active'), 'namespace', 'label_selector'),
            legend: PODS,
          },
        ],
      },
      {
        title: 'Pods added per minute',
        type: 'timeseries',
        queries: [
          { expr: perMinute('podwatcher_pods_added', 'namespace', 'label_selector'), legend: PODS },
        ],
      },
      {
        title: 'Pods removed per minute',
        type: 'timeseries',
        queries: [
          {
            expr: perMinute('podwatcher_pods_removed', 'namespace', 'label_selector'),
            legend: PODS,
          },
        ],
      },
    ],
  },
  {
    title: 'DeploymentWatchers',
    panels: [
      {
        title: 'Number of deployments scaled per minute',
        type: 'timeseries',
        queries: [
          {
            expr: perMinute('deploymentwatcher_deployments_rescaled', 'namespace', 'deployment'),
            legend: DEPLOYMENT,
          },
        ],
      },
      {
        title: 'Average values for rescale',
        type: 'timeseries',
        queries: [
          {
            expr: average(
              'deploymentwatcher_random_distribution_sum',
              'deploymentwatcher_random_distribution_count',
              'namespace',
              'deployment',
            ),
            legend: DEPLOYMENT,
          },
        ],
      },
      {
        title: 'Last used scale',
        type: 'stat',
        queries: [
          {
            expr: `max by (namespace, deployment) (${metric('deploymentwatcher_last_scale')})`,
            legend: DEPLOYMENT,
          },
        ],
      },
    ],
  },
  {
    title: 'AntiHPAWatchers',
    panels: [
      {
        title: 'Pods killed per minute',
        type: 'timeseries',
        queries: [
          {
            expr: perMinute('antihpawatcher_pods_killed', 'namespace', 'selector'),
            legend: SELECTED,
          },
        ],
      },
      {
        title: 'Average Value of CPU for Pods killed',
        type: 'timeseries',
        description: 'Cores that a pod used when it was killed.',
        queries: [
          {
            expr: average(
              'antihpawatcher_killed_cpu_cores_total',
              'antihpawatcher_pods_killed',
              'namespace',
              'selector',
            ),
            legend: SELECTED,
          },
        ],
      },
    ],
  },
  {
    title: 'The program',
    panels: [
      {
        title: 'Leader',
        type: 'stat',
        description: 'One replica acts; the others show 0.',
        queries: [{ expr: metric('leader'), legend: '{{instance}}' }],
      },
      {
        title: 'Ticks per minute by outcome',
        type: 'timeseries',
        queries: [
          {
            expr: perMinute('tick_outcomes_total', 'result', 'reason'),
            legend: '{{result}} {{reason}}',
          },
        ],
      },
      {
        title: 'Requests to the API server per minute',
        type: 'timeseries',
        queries: [
          { expr: perMinute('api_requests_total', 'verb', 'code'), legend: '{{verb}} {{code}}' },
        ],
      },
    ],
  },
];
