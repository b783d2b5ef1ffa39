/** Whether the program does its work, as seen at one moment. */
export interface Health {
  /** The namespace watcher, the configuration watchers and their children: the leader's, on every replica. */
  readonly totalWatchers: number;
  readonly leadership: LeadershipState;
  /** Whether the API server answers. */
  readonly api: ApiReach;
  /** What has not been read once yet: `the first list of namespaces`. Empty when everything has been. */
  readonly awaited: readonly string[];
  /** What somebody has to mend, while everything else goes on: `conversion: …`. */
  readonly problems: readonly string[];
  /** What is broken for good, so that only a restart helps; absent while nothing is. */
  readonly broken?: string;
}

export interface LeadershipState {
  /** Whether this replica acts. */
  readonly leading: boolean;
  /** Identity of the replica that acts; absent when nobody does or nobody is known to. */
  readonly leader?: string;
}

export interface ApiReach {
  readonly reached: boolean;
  /** Since when that is so, ms since the epoch. */
  readonly sinceMs: number;
  /** Why it is not reached. */
  readonly error?: string;
}

/** Who knows. Asked at each request: it must be quick. */
export interface HealthSource {
  health(): Health;
}

/** What `/health` says besides, which does not change while the program runs. */
export interface ProgramFacts {
  readonly rootNamespace: string;
  /** `ALLOWALL` or `DENYALL`. */
  readonly behavior: string;
  readonly logLevel: string;
  readonly version: string;
}

/** An HTTP status and the JSON that goes with it. */
export interface Answer {
  readonly code: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * `/health`. The first five keys are those of chaos-monkey 3, whose manifests use this as liveness probe:
 * it is 503 only when a restart would help, and an API server that is away is no such case.
 */
export function healthAnswer(health: Health, facts: ProgramFacts): Answer {
  const { api, broken, leadership, problems, totalWatchers } = health;
  const body = {
    status: broken === undefined ? 'up' : 'down',
    root_namespace: facts.rootNamespace,
    behavior: facts.behavior,
    loglevel: facts.logLevel,
    total_watchers: totalWatchers,
    version: facts.version,
    leader: leadership.leader ?? null,
    leading: leadership.leading,
    api: {
      reached: api.reached,
      since: new Date(api.sinceMs).toISOString(),
      ...(api.error !== undefined && { error: api.error }),
    },
    ...(problems.length > 0 && { problems }),
    ...(broken !== undefined && { reason: broken }),
  };
  return { code: broken === undefined ? 200 : 503, body };
}

/** `/livez`: whether a restart would help. */
export function liveAnswer({ broken }: Health): Answer {
  return broken === undefined
    ? { code: 200, body: { status: 'live' } }
    : { code: 503, body: { status: 'broken', reasons: [broken] } };
}

/** `/readyz`: whether the API server is reached and everything has been read once. */
export function readyAnswer({ api, awaited, broken, problems }: Health): Answer {
  const since = new Date(api.sinceMs).toISOString();
  const why = api.error === undefined ? '' : `: ${api.error}`;
  const reasons = [
    ...(broken === undefined ? [] : [broken]),
    ...(api.reached ? [] : [`the API server is not reached since ${since}${why}`]),
    ...awaited.map((what) => `waiting for ${what}`),
  ];
  const known = problems.length > 0 && { problems };
  return reasons.length === 0
    ? { code: 200, body: { status: 'ready', ...known } }
    : { code: 503, body: { status: 'not ready', reasons, ...known } };
}
