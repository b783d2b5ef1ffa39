import { once } from 'node:events';
import { connect, type SecureVersion } from 'node:tls';
import { expect } from 'chai';
import { readCertificates } from '../../../src/controller/certificates/read-certificate.ts';
import { until } from '../controller/support/until.ts';
import { type Conversion, ConversionClient, SERVER_NAME } from './support/conversion-client.ts';
import { digest, type WebhookReplica } from './support/webhook-replica.ts';
import { AUTHORITY, definitions, WebhookStage } from './support/webhook-stage.ts';

describe('conversion over HTTPS', () => {
  let stage: WebhookStage;
  let leader: WebhookReplica;
  let follower: WebhookReplica;

  beforeEach(async () => {
    stage = await WebhookStage.start();
    follower = stage.replica({ name: 'follower' });
    leader = stage.replica({ name: 'leader' });
    leader.lead();
    await stage.untilWhole();
    await Promise.all([leader.port, follower.port]);
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  const client = async (replica: WebhookReplica, keepAlive: boolean) =>
    new ConversionClient({ port: await replica.port, trusted: () => stage.trusted }, keepAlive);

  it('fails never while certificates and authorities are renewed, on new connections and on old', async function () {
    this.timeout(60_000);
    const answers: Conversion[] = [];
    const failures: unknown[] = [];
    let ended = false;
    const load = async (replica: WebhookReplica, keepAlive: boolean) => {
      using posting = await client(replica, keepAlive);
      for (let number = 0; !ended; number += 1) {
        const review = { number, replica: replica === leader, keepAlive };
        try {
          const answer = await posting.convert(review);
          expect(JSON.parse(answer.body)).to.deep.equal({ digest: digest(review) });
          answers.push(answer);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const loads = [leader, follower].flatMap((replica) => [
      load(replica, true),
      load(replica, false),
      load(replica, false),
    ]);
    const leaves = new Set<string>();
    const authorities = new Set<string>();
    // Four minutes, a second at a time, while requests are on their way.
    for (let second = 0; second < 240; second += 1) {
      const before = answers.length;
      await stage.world.clock.skip(1_000);
      leaves.add(stage.leaf);
      authorities.add(stage.text(AUTHORITY, 'tls.crt'));
      if (second % 5 === 0) await until('more answers', () => answers.length > before + 5);
    }
    ended = true;
    await Promise.all(loads);
    expect(failures.slice(0, 3)).to.deep.equal([]);
    expect(answers.length).to.be.above(300);
    expect(leaves.size).to.be.above(5);
    expect(authorities.size).to.be.above(2);
    const shown = new Set(answers.map(({ fingerprint }) => fingerprint));
    expect([...shown].filter((one) => !leaves.has(one))).to.deep.equal([]);
    expect(shown.size).to.be.above(5);
    expect(readCertificates(stage.trusted).length).to.be.below(12);
    const patches = stage.world.cluster.requests.recent({
      ...{ verb: 'patch', resource: definitions.plural },
    });
    expect(patches.length, 'changes of the definition').to.be.at.most(authorities.size + 1);
  });

  it('goes on with the certificate it has while the Secret is gone, and takes the next', async () => {
    await leader.follow();
    const before = stage.leaf;
    await stage.breakSecrets();
    using posting = await client(follower, false);
    expect((await posting.convert({})).fingerprint).to.equal(before);
    leader.lead();
    await stage.pass('the repair', () => stage.isWhole);
    expect(stage.leaf).not.to.equal(before);
    await until('the new one to be shown', async () => {
      return (await posting.convert({})).fingerprint === stage.leaf;
    });
  });

  it('goes on when another replica leads, with the certificate that there is', async () => {
    const before = [stage.leaf, stage.trusted];
    await leader.follow();
    follower.lead();
    await stage.world.clock.skip(20_000);
    expect([stage.leaf, stage.trusted]).to.deep.equal(before);
    await stage.pass('the next certificate', () => stage.leaf !== before[0]);
    using posting = await client(leader, false);
    await until('it to be shown', async () => {
      return (await posting.convert({})).fingerprint === stage.leaf;
    });
  });

  it('is for the names of the Service only', async () => {
    const port = await leader.port;
    const trusted = () => stage.trusted;
    for (const servername of [
      'chaos-monkey',
      'chaos-monkey.chaosmonkey',
      'chaos-monkey.chaosmonkey.svc',
      'chaos-monkey.chaosmonkey.svc.cluster.local',
    ]) {
      using posting = new ConversionClient({ port, trusted, servername }, false);
      expect((await posting.convert({})).code).to.equal(200);
    }
    using posting = new ConversionClient({ port, trusted, servername: 'other.svc' }, false);
    const error = await posting.convert({}).then(String, String);
    expect(error).to.match(/altnames|ERR_TLS_CERT_ALTNAME_INVALID/i);
  });

  const shake = async (port: number, version: SecureVersion): Promise<string> => {
    const socket = connect({
      ...{ host: '127.0.0.1', port, servername: SERVER_NAME, ca: stage.trusted },
      ...{ minVersion: version, maxVersion: version },
      // OpenSSL lets nobody use the old ones at its usual level.
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    try {
      await once(socket, 'secureConnect');
      return socket.getProtocol() ?? '';
    } finally {
      socket.destroy();
    }
  };

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`speaks ${version}, after a renewal too`, async () => {
      const port = await leader.port;
      expect(await shake(port, version)).to.equal(version);
      const before = stage.leaf;
      await stage.pass('the next certificate', () => stage.leaf !== before);
      await leader.untilShows(stage.leaf);
      expect(await shake(port, version)).to.equal(version);
    });
  }

  it('does not speak TLS 1.1, after a renewal either', async () => {
    const port = await leader.port;
    const before = stage.leaf;
    const refused = async () => {
      const error = await shake(port, 'TLSv1.1').then(String, String);
      expect(error).to.match(/alert protocol version/);
    };
    await refused();
    await stage.pass('the next certificate', () => stage.leaf !== before);
    await leader.untilShows(stage.leaf);
    await refused();
  });

  it('leaves the key of the authority to the leader', () => {
    const read = (userAgent: string) =>
      stage.world.cluster.requests
        .recent({ resource: 'secrets' })
        .filter((request) => request.userAgent === userAgent)
        .map(({ verb, name }) => `${verb} ${name}`.trim());
    expect(read('follower')).to.deep.equal(['watch']);
    expect(read('leader')).to.include('get chaos-monkey-webhook-ca');
  });
});
