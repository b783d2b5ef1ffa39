import { expect } from 'chai';
import type { Health, HealthSource } from '../../../src/observability/health.ts';
import { buildHttpApp, type HttpAppOptions } from '../../../src/observability/http-app.ts';
import { silentLogger } from '../../../src/runtime/logger.ts';

const HEALTHY: Health = {
  totalWatchers: 3,
  leadership: { leading: false, leader: 'chaos-monkey-1' },
  api: { reached: true, sinceMs: Date.UTC(2026, 0, 2, 3, 4, 5) },
  awaited: [],
  problems: [],
};
const SINCE = '2026-01-02T03:04:05.000Z';
const UNREACHED: Health = {
  ...HEALTHY,
  api: { reached: false, sinceMs: HEALTHY.api.sinceMs, error: 'connect ECONNREFUSED' },
  awaited: ['the first list of namespaces'],
};
const BROKEN: Health = { ...HEALTHY, broken: 'the namespace watcher ended' };

function appOf(health: Health | HealthSource, options: Partial<HttpAppOptions> = {}) {
  return buildHttpApp({
    metrics: async function* () {
      yield 'one 1\n';
      yield 'two 2\n';
    },
    health: 'health' in health ? health : { health: () => health },
    facts: {
      rootNamespace: 'chaosmonkey',
      behavior: 'ALLOWALL',
      logLevel: 'info',
      version: '4.0.0',
    },
    convert: (review) => ({ answered: review }),
    logger: silentLogger,
    ...options,
  });
}

describe('GET /health', () => {
  it('has the keys and value types of chaos-monkey 3, and new ones', async () => {
    const response = await appOf(HEALTHY).inject('/health');
    expect(response.statusCode).to.equal(200);
    expect(response.headers['content-type']).to.match(/^application\/json/);
    expect(response.json()).to.deep.equal({
      status: 'up',
      root_namespace: 'chaosmonkey',
      behavior: 'ALLOWALL',
      loglevel: 'info',
      total_watchers: 3,
      version: '4.0.0',
      leader: 'chaos-monkey-1',
      leading: false,
      api: { reached: true, since: SINCE },
    });
  });

  it('says that nobody leads, and what somebody has to mend', async () => {
    const problems = ['conversion: grant patch on the CRD'];
    const health = { ...HEALTHY, leadership: { leading: false }, problems };
    const response = await appOf(health).inject('/health');
    expect(response.statusCode).to.equal(200);
    expect(response.json()).to.include({ leader: null, leading: false });
    expect(response.json().problems).to.deep.equal(problems);
    const ready = await appOf(health).inject('/readyz');
    expect(ready.statusCode).to.equal(200);
    expect(ready.json()).to.deep.equal({ status: 'ready', problems });
  });

  it('stays up while the API server is away, for a restart would not help', async () => {
    const response = await appOf(UNREACHED).inject('/health');
    expect(response.statusCode).to.equal(200);
    const { status, api } = response.json();
    expect(status).to.equal('up');
    expect(api).to.deep.equal({ reached: false, since: SINCE, error: 'connect ECONNREFUSED' });
  });

  it('is down when only a restart helps, and says why', async () => {
    const response = await appOf(BROKEN).inject('/health');
    expect(response.statusCode).to.equal(503);
    expect(response.json()).to.include({ status: 'down', reason: 'the namespace watcher ended' });
  });
});

describe('a program that leaves', () => {
  it('answers, and asks for the connection to be closed', async () => {
    const leaving = new AbortController();
    const app = appOf(HEALTHY, { leaving: leaving.signal });
    expect((await app.inject('/health')).headers.connection).to.equal('keep-alive');
    leaving.abort();
    const response = await app.inject('/health');
    expect(response.statusCode).to.equal(200);
    expect(response.headers.connection).to.equal('close');
  });
});

describe('the probes', () => {
  const cases: readonly [string, Health, number, number][] = [
    ['healthy', HEALTHY, 200, 200],
    ['API not reached', UNREACHED, 200, 503],
    ['not synced', { ...HEALTHY, awaited: ['the first list of pods'] }, 200, 503],
    ['broken', BROKEN, 503, 503],
  ];
  for (const [name, health, live, ready] of cases) {
    it(`${name}: /livez is ${live}, /readyz is ${ready}`, async () => {
      const app = appOf(health);
      expect((await app.inject('/livez')).statusCode).to.equal(live);
      expect((await app.inject('/readyz')).statusCode).to.equal(ready);
    });
  }

  it('/readyz gives every reason', async () => {
    const { status, reasons } = (await appOf(UNREACHED).inject('/readyz')).json();
    expect(status).to.equal('not ready');
    expect(reasons).to.deep.equal([
      `the API server is not reached since ${SINCE}: connect ECONNREFUSED`,
      'waiting for the first list of namespaces',
    ]);
  });
});

describe('GET /metrics', () => {
  it('sends the pieces as one text of the Prometheus format', async () => {
    const response = await appOf(HEALTHY).inject('/metrics');
    expect(response.statusCode).to.equal(200);
    expect(response.headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(response.body).to.equal('one 1\ntwo 2\n');
  });
});

describe('POST /convertcrd', () => {
  const json = { 'content-type': 'application/json' };
  const post = (payload: string, headers: Record<string, string> = json) =>
    appOf(HEALTHY).inject({ method: 'POST', url: '/convertcrd', payload, headers });

  it('hands the document over as it is, a label __proto__ and unicode included', async () => {
    const document = '{"labels":{"__proto__":"x","constructor":{"prototype":1},"ü":"日本"}}';
    const response = await post(document);
    expect(response.statusCode).to.equal(200);
    expect(response.headers['content-type']).to.match(/^application\/json/);
    expect(response.body).to.equal(`{"answered":${document}}`);
  });

  it('takes a content type with a charset', async () => {
    const response = await post('[]', { 'content-type': 'application/json; charset=utf-8' });
    expect(response.statusCode).to.equal(200);
  });

  const refused: readonly [string, string, Record<string, string>, number, RegExp][] = [
    ['no JSON', 'hello', json, 400, /expected one JSON document/],
    ['two documents', '{}{}', json, 400, /expected one JSON document/],
    ['half a document', '{"a":', json, 400, /expected one JSON document/],
    ['more than 3 MiB', `"${'x'.repeat(3 * 1024 * 1024)}"`, json, 413, /too large/],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 415, /Unsupported Media Type/],
  ];
  for (const [name, payload, headers, code, message] of refused) {
    it(`refuses ${name} with ${code} and a ConversionReview that failed`, async () => {
      const response = await post(payload, headers);
      expect(response.statusCode).to.equal(code);
      const { kind, apiVersion, response: answer } = response.json();
      expect({ kind, apiVersion }).to.deep.equal({
        kind: 'ConversionReview',
        apiVersion: 'apiextensions.k8s.io/v1',
      });
      expect(answer.uid).to.equal('');
      expect(answer.result.status).to.equal('Failure');
      expect(answer.result.message)
        .to.match(/^Failed to decode: /)
        .and.match(message);
    });
  }

  it('takes 3 MiB less a little', async () => {
    const response = await post(`"${'x'.repeat(3 * 1024 * 1024 - 2)}"`);
    expect(response.statusCode).to.equal(200);
  });

  it('logs what it cannot answer', async () => {
    const logged: unknown[] = [];
    const app = appOf(HEALTHY, {
      convert: () => {
        throw new Error('no idea');
      },
      logger: { ...silentLogger, error: (fields) => logged.push(fields) },
    });
    const response = await app.inject({
      method: 'POST',
      url: '/convertcrd',
      payload: '{}',
      headers: json,
    });
    expect(response.statusCode).to.equal(500);
    expect(logged).to.have.length(1);
  });
});

describe('what is not there', () => {
  it('is 404 in JSON, with what is', async () => {
    const response = await appOf(HEALTHY).inject('/nothing?x=1');
    expect(response.statusCode).to.equal(404);
    expect(response.json()).to.deep.equal({
      error_message:
        'nothing at /nothing: expected one of /metrics, /health, /livez, /readyz, /convertcrd',
      code: 404,
    });
  });

  const methods: readonly ['GET' | 'POST' | 'DELETE' | 'PUT', string, string][] = [
    ['GET', '/convertcrd', 'POST'],
    ['POST', '/metrics', 'GET, HEAD'],
    ['DELETE', '/health', 'GET, HEAD'],
    ['PUT', '/convertcrd', 'POST'],
  ];
  for (const [method, url, allowed] of methods) {
    it(`${method} ${url} is 405 in JSON, with the methods that are`, async () => {
      const response = await appOf(HEALTHY).inject({ method, url });
      expect(response.statusCode).to.equal(405);
      expect(response.headers.allow).to.equal(allowed);
      expect(response.json().error_message).to.equal(`${url} takes ${allowed}, got ${method}`);
    });
  }

  it('a failing health source is 500 in JSON', async () => {
    const failing = {
      health: () => {
        throw new Error('no watcher');
      },
    };
    const response = await appOf(failing).inject('/health');
    expect(response.statusCode).to.equal(500);
    expect(response.json()).to.deep.equal({ error_message: 'no watcher', code: 500 });
  });
});
