import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { readCertificates } from '../../../src/controller/certificates/read-certificate.ts';
import { secrets } from '../../../src/kubernetes/resources/secrets.ts';
import { at } from '../../cluster/support/value.ts';
import { until } from '../controller/support/until.ts';
import { ConversionClient } from './support/conversion-client.ts';
import { NAMESPACE, type WebhookReplica } from './support/webhook-replica.ts';
import {
  AUTHORITY,
  chartDefinition,
  DEFINITION,
  definitions,
  encode,
  oldDefinition,
  SERVING,
  WebhookStage,
} from './support/webhook-stage.ts';

const MINUTE = 60_000;

describe('certificates for conversion', () => {
  let stage: WebhookStage;

  afterEach(() => stage[Symbol.asyncDispose]());

  const lead = (shape = {}): WebhookReplica => {
    const leader = stage.replica({ name: 'leader', ...shape });
    leader.lead();
    return leader;
  };

  /** Until it is said in the log, by readiness, and in an Event. */
  const untilSaid = async (leader: WebhookReplica, what: string) => {
    const places = {
      log: () => leader.messages,
      readiness: () => leader.facts.problems,
      Event: () => stage.events,
    };
    for (const [place, read] of Object.entries(places)) {
      await until(`${place} to say ${what}`, () => read().some((one) => one.includes(what)), read);
    }
  };

  const SOMEBODY = { apiVersion: 'v1', kind: 'ConfigMap', name: 'somebody', uid: 'u' };
  for (const [what, metadata, told] of [
    [
      'that belongs to something else',
      { ownerReferences: [SOMEBODY], labels: { 'app.kubernetes.io/managed-by': 'chaos-monkey' } },
      'it belongs to ConfigMap somebody',
    ],
    [
      'that another program manages',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
      'its label says that it is managed by Helm',
    ],
    ['without any mark', {}, 'it has no label app.kubernetes.io/managed-by: chaos-monkey'],
  ] as const) {
    for (const name of [SERVING, AUTHORITY]) {
      it(`leave ${name} alone ${what}, say so, and are made when it is gone`, async () => {
        stage = await WebhookStage.start();
        const data = { password: encode('mine') };
        await stage.world.create(secrets, NAMESPACE, {
          ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', data },
          metadata: { name, ...metadata },
        });
        const [secret, definition] = [stage.secret(name), stage.definition];
        const leader = lead();
        await untilSaid(leader, `${name} is somebody else's and left alone: ${told}`);
        expect(leader.facts.awaited).to.deep.equal(['a certificate for HTTPS']);
        await stage.world.clock.skip(20_000);
        expect([stage.secret(name), stage.definition]).to.deep.equal([secret, definition]);
        expect(leader.facts.awaited, 'not for ever').to.deep.equal([]);
        const said = leader.log.lines.filter((line) => line.includes('somebody else'));
        expect(said, 'said once').to.have.length(1);
        await stage.world.remove(secrets, NAMESPACE, name);
        await stage.pass('the certificates', () => stage.isWhole);
        await stage.pass('nothing to be wrong', () => leader.facts.problems.length === 0);
      });
    }
  }

  it('are kept when the Deployment was made again: only the owner changes', async () => {
    stage = await WebhookStage.start();
    const before = lead({ owner: { ...stage.owner, uid: 'before' } });
    await stage.untilWhole();
    await before.follow();
    const [leaf, trusted] = [stage.leaf, stage.trusted];
    const after = stage.replica({ name: 'after' });
    after.lead();
    const owners = (name: string) => at(stage.secret(name), 'metadata', 'ownerReferences');
    await stage.pass('the owner to change', () =>
      [SERVING, AUTHORITY].every((name) => isDeepStrictEqual(owners(name), [stage.owner])),
    );
    expect([stage.leaf, stage.trusted]).to.deep.equal([leaf, trusted]);
  });

  it('are made without a Deployment that is known', async () => {
    stage = await WebhookStage.start();
    lead({ owner: undefined });
    await stage.untilWhole();
    expect(at(stage.secret(SERVING), 'metadata', 'ownerReferences')).to.equal(undefined);
    expect(stage.events).to.deep.equal([]);
  });

  it('follow the name of the Service', async () => {
    stage = await WebhookStage.start();
    const first = lead();
    await stage.untilWhole();
    await first.follow();
    const leader = stage.replica({ name: 'renamed', service: 'ape' });
    leader.lead();
    const service = { namespace: NAMESPACE, name: 'ape', port: 443, path: '/convertcrd' };
    await stage.pass('the Service to be entered', () => {
      const entered = at(stage.conversion, 'webhook', 'clientConfig', 'service', 'name');
      return entered === service.name && stage.isWhole;
    });
    const clientConfig = at(stage.conversion, 'webhook', 'clientConfig');
    expect(at(clientConfig, 'service')).to.deep.equal(service);
    const options = { port: await leader.port, trusted: () => stage.trusted };
    using posting = new ConversionClient({ ...options, servername: 'ape.chaosmonkey.svc' }, false);
    await until('it to be shown', async () => (await posting.convert({})).code === 200);
  });

  it('take over the definition of the old program, and change nothing else in it', async () => {
    stage = await WebhookStage.start(oldDefinition());
    const before = Object(at(stage.definition, 'spec'));
    const hardCoded = stage.trusted;
    lead();
    await stage.untilWhole();
    expect(stage.trusted).not.to.equal(hardCoded);
    const after = Object(at(stage.definition, 'spec'));
    const { caBundle: _before, ...others } = before.conversion.webhook.clientConfig;
    const { caBundle: _after, ...kept } = after.conversion.webhook.clientConfig;
    expect(kept).to.deep.equal(others);
    expect({ ...after, conversion: undefined }).to.deep.equal({ ...before, conversion: undefined });
    await until('an Event', () =>
      stage.events.some((one) => /^ConversionEntered: .*caBundle/.test(one)),
    );
  });

  it('take a definition over that has its objects converted at a URL', async () => {
    const definition = chartDefinition();
    const webhook = {
      conversionReviewVersions: ['v1beta1', 'v1'],
      clientConfig: { url: 'https://example.com/convert' },
    };
    const spec = { ...definition.spec, conversion: { strategy: 'Webhook', webhook } };
    stage = await WebhookStage.start({ ...definition, spec });
    lead();
    await stage.untilWhole();
    expect(at(stage.conversion, 'webhook', 'clientConfig', 'url')).to.equal(undefined);
    expect(at(stage.conversion, 'webhook', 'conversionReviewVersions')).to.deep.equal(['v1']);
  });

  it('wait for the definition, say so, and are served meanwhile', async () => {
    stage = await WebhookStage.start(null);
    const leader = lead();
    await untilSaid(
      leader,
      `waiting for the CustomResourceDefinition ${DEFINITION}, which is not there`,
    );
    await leader.port;
    expect(leader.facts.awaited).to.deep.equal([]);
    await stage.world.create(definitions, '', chartDefinition());
    await stage.pass('it to be entered', () => stage.isWhole);
    await stage.pass('nothing to be wrong', () => leader.facts.problems.length === 0);
  });

  for (const [verb, verbs] of [
    ['patch', '["patch"]'],
    ['get', '["get","patch"]'],
  ] as const) {
    it(`name the rule that is missing to ${verb} the definition, and are entered when it is there`, async () => {
      stage = await WebhookStage.start();
      const forbidden = stage.world.cluster.access.forbid({
        ...{ user: 'leader', verb, resource: definitions.plural },
      });
      const leader = lead();
      const rule = `{apiGroups: ["apiextensions.k8s.io"], resources: ["${definitions.plural}"], resourceNames: ["${DEFINITION}"], verbs: ${verbs}}`;
      await untilSaid(leader, `a ClusterRole with the rule ${rule}`);
      await untilSaid(leader, 'v1 goes on working');
      await leader.port;
      forbidden[Symbol.dispose]();
      await stage.pass('it to be entered', () => stage.isWhole);
      await stage.pass('nothing to be wrong', () => leader.facts.problems.length === 0);
    });
  }

  for (const [verb, named] of [
    ['create', ''],
    ['get', 'resourceNames: ["chaos-monkey-webhook-ca"], '],
  ] as const) {
    it(`name the rule that is missing to ${verb} a Secret`, async () => {
      stage = await WebhookStage.start();
      const resource = 'secrets';
      const forbidden = stage.world.cluster.access.forbid({ user: 'leader', verb, resource });
      const leader = lead();
      const rule = `a Role in the namespace "chaosmonkey" with the rule {apiGroups: [""], resources: ["secrets"], ${named}verbs: ["${verb}"]}`;
      await untilSaid(leader, rule);
      forbidden[Symbol.dispose]();
      await stage.pass('the certificates', () => stage.isWhole);
    });
  }

  it('name the rule that a replica lacks to watch its Secret', async () => {
    stage = await WebhookStage.start();
    const forbidden = stage.world.cluster.access.forbid({
      ...{ user: 'follower', verb: 'watch', resource: 'secrets' },
    });
    const follower = stage.replica({ name: 'follower' });
    const rule = 'resourceNames: ["chaos-monkey-webhook-tls"], verbs: ["watch"]';
    await until('readiness to say so', () =>
      follower.facts.problems.some((problem) => problem.includes(rule)),
    );
    lead();
    await stage.untilWhole();
    forbidden[Symbol.dispose]();
    await stage.pass('nothing to be wrong', () => follower.facts.problems.length === 0, 2_000);
    await follower.port;
  });

  it('mind no clocks that are ten minutes apart', async () => {
    stage = await WebhookStage.start();
    const lives = { certificateMs: 60 * MINUTE, authorityMs: 120 * MINUTE };
    const ahead = stage.replica({ name: 'ahead', skewMs: 10 * MINUTE, lives });
    const behind = stage.replica({ name: 'behind', skewMs: -10 * MINUTE, lives });
    ahead.lead();
    await stage.untilWhole();
    const leaves = new Set([stage.leaf]);
    const trusted = () => stage.trusted;
    for (const [leader, follower] of [
      [behind, ahead],
      [ahead, behind],
      [behind, ahead],
    ] as const) {
      await follower.follow();
      leader.lead();
      for (let minute = 0; minute < 6; minute += 1) {
        await stage.world.clock.skip(MINUTE);
        leaves.add(stage.leaf);
        for (const replica of stage.replicas) {
          await replica.untilShows(stage.leaf);
          using posting = new ConversionClient({ port: await replica.port, trusted }, false);
          expect((await posting.convert({ minute })).code).to.equal(200);
        }
      }
    }
    expect(leaves.size).to.equal(1);
    expect(readCertificates(stage.trusted)).to.have.length(1);
  });
});
