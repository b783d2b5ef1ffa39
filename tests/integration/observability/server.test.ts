import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { makeAuthority } from '../../../src/controller/certificates/make-certificates.ts';
import type { CertificateSource } from '../../../src/observability/certificate-source.ts';
import { MetricsRegistry } from '../../../src/observability/metrics/metrics-registry.ts';
import { ProcessMetrics } from '../../../src/observability/metrics/process-metrics.ts';
import { scrape } from '../../../src/observability/metrics/scrape.ts';
import { type ServerOptions, serveEndpoints } from '../../../src/observability/server.ts';
import { aborted } from '../../../src/runtime/abort.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { silentLogger } from '../../../src/runtime/logger.ts';
import { readExposition } from '../../fakes/read-exposition.ts';

const registry = new MetricsRegistry({
  rootNamespace: 'chaosmonkey',
  behavior: 'ALLOWALL',
  version: '4.0.0',
});
const processMetrics = new ProcessMetrics();

const OPTIONS: ServerOptions = {
  address: '127.0.0.1',
  port: 0,
  metrics: () => scrape(registry, processMetrics),
  health: {
    health: () => ({
      totalWatchers: 1,
      leadership: { leading: true },
      api: { reached: true, sinceMs: 0 },
      awaited: [],
      problems: [],
    }),
  },
  facts: { rootNamespace: 'chaosmonkey', behavior: 'ALLOWALL', logLevel: 'info', version: '4.0.0' },
  convert: (review) => review,
  logger: silentLogger,
};

/** A server that listens, and how to end it. */
async function start(options: Partial<ServerOptions> = {}) {
  const ending = new AbortController();
  const { promise: listening, resolve } = Promise.withResolvers<number>();
  const ended = serveEndpoints({ ...OPTIONS, ...options, onListening: resolve }, ending.signal);
  const port = await Promise.race([listening, ended.then(() => 0)]);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    ended,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await ended;
    },
  };
}

/** A source that gives one certificate, and no other. */
async function oneCertificate(): Promise<CertificateSource> {
  const span = { fromMs: Date.now(), untilMs: Date.now() + 60_000 };
  const pair = await makeAuthority('a server', span);
  return {
    current: () => pair,
    async *changes(signal) {
      yield pair;
      await aborted(signal);
    },
  };
}

function noCertificate(): CertificateSource {
  return {
    current: () => undefined,
    async *changes(signal) {
      await aborted(signal);
      yield* [];
    },
  };
}

async function listenFailure(options: Partial<ServerOptions>): Promise<ChaosError> {
  try {
    await serveEndpoints({ ...OPTIONS, ...options }, new AbortController().signal);
  } catch (error) {
    if (error instanceof ChaosError) return error;
    throw error;
  }
  throw new Error('it listened');
}

describe('serveEndpoints', () => {
  it('serves a scrape that Prometheus can read, with the metrics of the process', async () => {
    await using server = await start();
    const response = await fetch(`${server.url}/metrics`);
    const { types } = readExposition(await response.text());
    expect(response.status).to.equal(200);
    expect([...types.keys()]).to.include.members([
      'chaos_monkey_nswatcher_events',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ]);
  });

  it('ends at once on abort, open keep-alive connections and a half-sent request included', async () => {
    const server = await start();
    await (await fetch(`${server.url}/health`)).text();
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /convertcrd HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n');
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await server[Symbol.asyncDispose]();
    await closed;
  });

  it('ends a scrape whose reader has gone, and serves the next', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    async function* endless() {
      try {
        for (;;) yield 'x'.repeat(100_000);
      } finally {
        resolve();
      }
    }
    await using server = await start({ metrics: endless });
    const leaving = new AbortController();
    const response = await fetch(`${server.url}/metrics`, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await left;
    expect((await fetch(`${server.url}/livez`)).status).to.equal(200);
  });

  it('does not listen when it is told to end before', async () => {
    await serveEndpoints(
      { ...OPTIONS, onListening: () => expect.fail('it listened') },
      AbortSignal.abort(),
    );
  });

  it('names address, port and settings of a port in use', async () => {
    await using server = await start();
    const error = await listenFailure({ port: server.port });
    expect(error.code).to.equal('ERR_SERVER_LISTEN');
    expect(error.message).to.equal(
      `cannot listen on 127.0.0.1:${server.port} (set by --metrics-address and --metrics-port)`,
    );
    expect(error.cause).to.have.property('code', 'EADDRINUSE');
  });

  it('names an address that is not of this machine', async () => {
    const error = await listenFailure({ address: '192.0.2.1' });
    expect(error.message).to.match(/^cannot listen on 192\.0\.2\.1:0 /);
  });

  describe('POST /convertcrd on the plain port', () => {
    const post = async (options: Partial<ServerOptions>) => {
      await using server = await start(options);
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', body: '{"a":1}', headers };
      const response = await fetch(`${server.url}/convertcrd`, init);
      return { code: response.status, body: await response.json() };
    };

    it('is converted when the settings say so', async () => {
      expect(await post({ plainConversion: true })).to.deep.equal({ code: 200, body: { a: 1 } });
    });

    it('says where it is converted otherwise', async () => {
      const https = { address: '127.0.0.1', port: 9443, certificates: noCertificate() };
      expect(await post({ https })).to.deep.equal({
        code: 403,
        body: {
          code: 403,
          error_message:
            'nothing is converted on this port, expected it over HTTPS on port 9443, or --plain-conversion',
        },
      });
    });

    it('says what to set where nothing is converted', async () => {
      const { code, body } = await post({});
      expect(code).to.equal(403);
      expect(JSON.stringify(body)).to.contain('expected --webhook-service').and.contain('--plain');
    });
  });

  it('names address, port and settings of a port in use for HTTPS', async () => {
    await using server = await start();
    const certificates = await oneCertificate();
    const https = { address: '127.0.0.1', port: server.port, certificates };
    const error = await listenFailure({ https });
    expect(error.message).to.equal(
      `cannot listen on 127.0.0.1:${server.port} (set by --webhook-address and --webhook-port)`,
    );
  });

  it('serves HTTP while there is no certificate for HTTPS', async () => {
    const onListening = () => expect.fail('it listened');
    const certificates = noCertificate();
    const https = { address: '127.0.0.1', port: 0, certificates, onListening };
    await using server = await start({ https });
    expect((await fetch(`${server.url}/livez`)).status).to.equal(200);
  });

  it('gives its port free again', async () => {
    const server = await start();
    await server[Symbol.asyncDispose]();
    const again = createServer().listen(server.port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
    await once(again, 'close');
  });
});
