import { expect } from 'chai';
import { permissions } from '../../../src/controller/permissions.ts';
import { conversions } from '../../../src/playground/demo/convert-in-process.ts';
import { until } from '../controller/support/until.ts';
import { World } from '../controller/support/world.ts';
import { breakConversion, installDefinition } from './support/conversion.ts';
import { InstalledProgram } from './support/installed-program.ts';
import {
  allows,
  describeRequest,
  describeRight,
  type Installation,
  rightsOf,
} from './support/rights.ts';
import { disturb, holderOf } from './support/scene.ts';

const OWN = 'chaosmonkey';
const NAME = 'chaos-monkey';

/** Ticks go by the system's clock, at their shortest timeout. */
const TIMEOUT_MS = 60_000;

const names: Installation['names'] = {
  lease: NAME,
  deployment: NAME,
  servingSecret: `${NAME}-webhook-tls`,
  authoritySecret: `${NAME}-webhook-ca`,
  definition: 'chaosmonkeyconfigurations.cm.massix.github.io',
};

/** As the chart's Deployment has it, but for ports that tests do not share. */
const environment = {
  CHAOSMONKEY_NAMESPACE: OWN,
  CHAOSMONKEY_DEPLOYMENT: NAME,
  CHAOSMONKEY_LEADER_ELECTION: 'true',
  CHAOSMONKEY_LEASE_NAME: NAME,
  CHAOSMONKEY_LEASE_DURATION: '3s',
  CHAOSMONKEY_LEASE_RENEW_DEADLINE: '2s',
  CHAOSMONKEY_LEASE_RETRY_PERIOD: '200ms',
  CHAOSMONKEY_METRICS_ADDRESS: '127.0.0.1',
  CHAOSMONKEY_METRICS_PORT: '0',
  CHAOSMONKEY_WEBHOOK_ADDRESS: '127.0.0.1',
  CHAOSMONKEY_WEBHOOK_PORT: '0',
};

const SOME = ['shop', 'cart'];

const installations: Readonly<Record<string, Installation>> = {
  'in the whole cluster': {
    own: OWN,
    watchNamespaces: [],
    conditions: ['leaderElection', 'conversion'],
    names,
  },
  'in some namespaces only': {
    own: OWN,
    watchNamespaces: SOME,
    conditions: ['leaderElection', 'watchNamespaces'],
    names,
  },
  'in some namespaces only, where it converts all the same': {
    own: OWN,
    watchNamespaces: SOME,
    conditions: ['leaderElection', 'watchNamespaces', 'conversion'],
    names,
  },
};

describe('the rights of the program', () => {
  for (const [where, installation] of Object.entries(installations)) {
    it(`are what it asks the API server for ${where}, and no more`, async function () {
      this.timeout(TIMEOUT_MS);
      const requests = await requestsOf(installation);
      const rights = rightsOf(permissions, installation);
      const missing = requests.filter((request) => !rights.some((right) => allows(right, request)));
      const needless = rights.filter(
        (right) => !requests.some((request) => allows(right, request)),
      );
      const asked = [...new Set(missing.map(describeRequest))].join('\n');
      expect(asked, 'asked for without a rule').to.equal('');
      expect(needless.map(describeRight).join('\n'), 'rules that nothing asks for').to.equal('');
    });
  }
});

/** Everything that a whole life of the program asks for, and another's beside it that stands by. */
async function requestsOf({ watchNamespaces, conditions }: Installation) {
  const converts = conditions.includes('conversion');
  await using world = await World.start({ crd: !converts, conversions });
  if (converts) await installDefinition(world);
  for (const namespace of [OWN, ...SOME]) await world.namespace(namespace);
  await world.deploy(OWN, NAME, 0);
  const env = {
    ...environment,
    ...(converts && { CHAOSMONKEY_WEBHOOK_SERVICE: NAME }),
    ...(watchNamespaces.length > 0 && { CHAOSMONKEY_WATCH_NAMESPACES: watchNamespaces.join() }),
  };
  await using leader = await InstalledProgram.start(world, env);
  await until('a leader', () => holderOf(world, OWN, NAME) !== '');
  await using follower = await InstalledProgram.start(world, env);
  const standingBy = () => world.cluster.faults.openWatches({ resource: 'leases' }) > 0;
  await until('another that stands by', standingBy);
  await Promise.all([
    ...SOME.map((namespace) => disturb(world, leader, namespace)),
    converts ? breakConversion(world, { namespace: OWN, ...names }) : undefined,
  ]);
  await leader.stop();
  await follower.stop();
  return leader.requests;
}
