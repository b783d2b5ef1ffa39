import { counter, gauge, histogram } from './family.ts';
import { seriesTable } from './series-table.ts';

/** What the metrics of chaos-monkey 3 do not say or measure badly: `_total` and seconds, few label values. */

const name = (suffix: string) => `chaos_monkey_${suffix}`;

export function tickOutcomeTable() {
  return seriesTable(['mode', 'result', 'reason'], {
    ticks: counter(
      name('tick_outcomes_total'),
      'Ticks by how they ended; reason is empty when they acted',
    ),
  });
}

export function tickLatenessTable() {
  return seriesTable(['mode'], {
    lateness: histogram(
      name('tick_lateness_seconds'),
      'How long after it was due a tick began',
      [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    ),
  });
}

export function watchRestartTable() {
  return seriesTable(['resource', 'cause'], {
    restarts: counter(name('watch_restarts_total'), 'Watches begun again after they broke'),
  });
}

export function apiRequestTable() {
  return seriesTable(['verb', 'resource', 'code'], {
    requests: counter(
      name('api_requests_total'),
      'Requests to the API server by their answer, or why there was none',
    ),
  });
}

export function apiDurationTable() {
  return seriesTable(['verb'], {
    duration: histogram(
      name('api_request_duration_seconds'),
      'Time from a request to the API server to its answer',
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ),
  });
}

export function kubernetesEventTable() {
  return seriesTable(['result'], {
    events: counter(
      name('kubernetes_events_total'),
      'Kubernetes Events sent, merged into one sent before, or dropped by the rate limit',
    ),
  });
}

export function namespaceStateTable() {
  return seriesTable(['state'], {
    namespaces: gauge(name('namespaces'), 'Namespaces by what the controller does with them'),
  });
}

export function cachedObjectTable() {
  return seriesTable(['resource'], {
    objects: gauge(name('cached_objects'), 'Objects of the API server held in memory'),
  });
}

export function programTable() {
  return seriesTable([], {
    reconnects: counter(
      name('api_reconnects_total'),
      'Times the API server was reached again after it was not',
    ),
  });
}

export function leaderTable() {
  return seriesTable([], {
    leader: gauge(name('leader'), '1 on the replica that acts, 0 on those that stand by'),
  });
}

export function buildInfoTable() {
  return seriesTable(['version'], {
    info: gauge(name('build_info'), 'Always 1; the version is in the label'),
  });
}
