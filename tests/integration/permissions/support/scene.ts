import { textAt } from '../../../cluster/support/value.ts';
import { until } from '../../controller/support/until.ts';
import { PLURAL, type World } from '../../controller/support/world.ts';
import type { InstalledProgram } from './installed-program.ts';

/** As short as may be: the program goes by the system's clock. */
const OFTEN = { timeout: '1s' };

/** Lets the program do all it does in a namespace: the three modes, what is rare in them, and restoring. */
export async function disturb(
  world: World,
  program: InstalledProgram,
  namespace: string,
): Promise<void> {
  const { faults } = world.cluster;
  const asked = (verb: string, resource: string) =>
    until(
      `${verb} ${resource} in ${namespace}`,
      () => program.has(verb, resource, { namespace }),
      () => program.said.slice(-3_000),
    );
  for (const name of ['web', 'scaled', 'busy']) await world.deploy(namespace, name, 2);
  await world.configure(namespace, 'kill', OFTEN);
  await world.configure(namespace, 'press', {
    ...OFTEN,
    deployment: { name: 'busy' },
    scalingMode: 'antiPressure',
  });
  await world.configure(namespace, 'scale', {
    ...OFTEN,
    deployment: { name: 'scaled' },
    scalingMode: 'randomScale',
    minReplicas: 4,
    maxReplicas: 4,
  });
  const scaled = () => world.replicas(namespace, 'scaled') === 4;
  await until('a rescaled deployment', scaled, () => world.status(namespace, 'scale'));
  await asked('delete', 'pods');
  await until('a victim by its load', () => world.outcome(namespace, 'press') === 'Acted Acted');

  // The same Event once more is counted up.
  await world.scale(namespace, 'scaled', 1);
  await until('it to be rescaled again', scaled);
  await asked('patch', 'events');

  // An answer that is lost is looked for.
  using _reset = faults.plan(
    { verb: 'delete', resource: 'pods', namespace },
    { type: 'reset', when: 'after' },
  );
  await asked('get', 'pods');

  // After a conflict the object is read again.
  using _conflict = faults.plan(
    { verb: 'patch', resource: `${PLURAL}/status`, namespace },
    { type: 'status', code: 409, reason: 'Conflict' },
  );
  await asked('get', PLURAL);

  await world.unconfigure(namespace, 'scale');
  await until('the replicas to be put back', () => world.replicas(namespace, 'scaled') === 1);
}

/** The Lease as it is; its holder is empty when nobody leads. */
export function holderOf(world: World, namespace: string, name: string): string {
  return textAt(world.find(LEASES, namespace, name), 'spec', 'holderIdentity');
}

const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
