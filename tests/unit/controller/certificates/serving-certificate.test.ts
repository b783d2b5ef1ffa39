import { expect } from 'chai';
import {
  issueCertificate,
  makeAuthority,
} from '../../../../src/controller/certificates/make-certificates.ts';
import { SecretStore } from '../../../../src/controller/certificates/secret-store.ts';
import { ServingCertificate } from '../../../../src/controller/certificates/serving-certificate.ts';
import type { KeyPair } from '../../../../src/observability/certificate-source.ts';
import { ChaosError, describeError } from '../../../../src/runtime/errors.ts';
import { createLogger } from '../../../../src/runtime/logger.ts';
import { Capture } from '../../../fakes/capture.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

const MINUTE = 60_000;
const NAMES = { namespace: 'chaosmonkey', name: 'chaos-monkey-webhook-tls' };

function secret({ certificate, key }: KeyPair, labels: object = MARK): object {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  return {
    metadata: { ...NAMES, labels },
    data: { 'tls.crt': encode(certificate), 'tls.key': encode(key) },
  };
}

const MARK = { 'app.kubernetes.io/managed-by': 'chaos-monkey' };

describe('ServingCertificate', () => {
  let clock: FakeClock;
  let log: Capture;
  let serving: ServingCertificate;
  let stop: AbortController;
  let running: Promise<void>;
  /** What the API server writes into the watch. */
  let write: (text: string) => void;
  let end: () => void;
  let authority: KeyPair;

  before(async () => {
    const now = new FakeClock().now();
    authority = await makeAuthority('authority', { fromMs: now, untilMs: now + 100 * MINUTE });
  });

  beforeEach(() => {
    clock = new FakeClock();
    log = new Capture();
    stop = new AbortController();
    const stream = async (_request: unknown, signal: AbortSignal) => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      signal.addEventListener('abort', () => void writer.abort(signal.reason).catch(() => {}));
      write = (text) => void writer.write(Buffer.from(text)).catch(() => {});
      end = () => void writer.close().catch(() => {});
      return readable;
    };
    serving = new ServingCertificate({
      client: { stream },
      clock,
      random: () => 0,
      logger: createLogger({ output: log, level: 'debug', format: 'json' }),
      namespace: NAMES.namespace,
      secretName: NAMES.name,
    });
    running = serving.run(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    await running;
    expect(clock.sleeping).to.equal(0);
  });

  const issue = (lifeMs: number) => {
    const subject = { commonName: 'x', usages: ['server'], dnsNames: ['x'] } as const;
    const span = { fromMs: clock.now(), untilMs: clock.now() + lifeMs };
    return issueCertificate(authority, subject, span);
  };
  const tell = async (type: string, object: object) => {
    await clock.advance(0);
    write(`${JSON.stringify({ type, object })}\n`);
    await clock.advance(0);
  };
  const shown = () => serving.current()?.certificate;

  it('takes each certificate as it comes, and tells of it', async () => {
    const [first, second] = [await issue(MINUTE), await issue(2 * MINUTE)];
    const changes = serving.changes(stop.signal);
    expect(shown()).to.equal(undefined);
    await tell('ADDED', secret(first));
    expect((await changes.next()).value?.certificate).to.equal(first.certificate);
    await tell('MODIFIED', secret(second));
    expect((await changes.next()).value?.certificate).to.equal(second.certificate);
    const none = changes.next();
    stop.abort();
    expect((await none).done).to.equal(true);
  });

  it('keeps the last good one, and says what is wrong with the Secret', async () => {
    const [good, other] = [await issue(30 * MINUTE), await issue(MINUTE)];
    await tell('ADDED', secret(good));
    for (const [type, object, told] of [
      ['DELETED', {}, 'was deleted'],
      ['ADDED', secret({ ...other, key: good.key }), 'holds no certificate with its key'],
      [
        'MODIFIED',
        secret({ certificate: 'rubbish', key: '' }),
        'holds no certificate with its key',
      ],
      ['MODIFIED', { metadata: { labels: MARK }, data: 7 }, 'holds no certificate with its key'],
      ['MODIFIED', secret(other, {}), 'is not ours: expected the label'],
    ] as const) {
      await tell(type, object);
      expect(serving.problem).to.contain(`the Secret chaosmonkey/chaos-monkey-webhook-tls ${told}`);
      expect(shown()).to.equal(good.certificate);
    }
    await tell('MODIFIED', secret(other));
    expect(serving.problem).to.equal(undefined);
    expect(shown()).to.equal(other.certificate);
  });

  it('takes none that has expired, but minds no clock that is ten minutes ahead', async () => {
    const old = await issue(MINUTE);
    clock.jump(9 * MINUTE);
    await tell('ADDED', secret(old));
    expect(shown()).to.equal(old.certificate);
    expect(serving.problem).to.contain('has expired at');
    const next = await issue(MINUTE);
    clock.jump(12 * MINUTE);
    await tell('MODIFIED', secret(next));
    expect(shown()).to.equal(old.certificate);
    expect(serving.problem).to.contain('holds a certificate that has expired');
  });

  it('goes on after a watch that ends or breaks, and tells nobody what it held', async () => {
    const [first, second] = [await issue(MINUTE), await issue(2 * MINUTE)];
    const text = JSON.stringify({ type: 'ADDED', object: secret(first) });
    await clock.advance(0);
    write(text.slice(0, -40));
    end();
    await clock.advance(0);
    expect(shown()).to.equal(undefined);
    await clock.advance(5_000);
    await tell('ERROR', { kind: 'Status', code: 410, message: 'too old' });
    await clock.advance(5_000);
    await tell('ADDED', secret(second));
    expect(shown()).to.equal(second.certificate);
    expect(log.text).to.contain('one that cannot be read').and.contain('too old');
    expectNothingOf(first, log.text);
    expectNothingOf(second, log.text);
  });

  it('has a leader whose answers cannot be read tell nobody what they held', async () => {
    const pair = await issue(MINUTE);
    const quoted = JSON.stringify(secret(pair)).slice(-80);
    const message = `expected JSON, got something that ends in ${quoted}`;
    const call = () => Promise.reject(new ChaosError('ERR_KUBERNETES_RESPONSE', message));
    const store = new SecretStore({
      ...{ ...NAMES, client: { call }, type: 'kubernetes.io/tls', owner: () => undefined },
    });
    const error = await store.read(stop.signal).catch((reason: unknown) => reason);
    expect(describeError(error)).to.contain('one that cannot be read');
    expectNothingOf(pair, describeError(error));
  });
});

/** Not twenty characters of the key, in PEM or in base64 once more. */
function expectNothingOf({ key }: KeyPair, text: string): void {
  const encoded = Buffer.from(key).toString('base64');
  for (const secretText of [key.replaceAll('\n', ''), encoded]) {
    for (let at = 30; at + 20 <= secretText.length; at += 1) {
      if (text.includes(secretText.slice(at, at + 20)))
        throw new Error('a part of the key was told');
    }
  }
}
