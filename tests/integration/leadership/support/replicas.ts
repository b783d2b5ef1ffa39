import { setImmediate } from 'node:timers/promises';
import { leases } from '../../../../src/kubernetes/resources/leases.ts';
import type { LoggedRequest } from '../../../../src/playground/http/request-log.ts';
import { at, numberAt, textAt } from '../../../cluster/support/value.ts';
import type { RunningController } from '../../controller/support/running-controller.ts';
import { until } from '../../controller/support/until.ts';
import { World } from '../../controller/support/world.ts';

export const HOME = 'chaosmonkey';
export const LEASE = 'chaos-monkey';
export const DURATION_MS = 15_000;
export const RENEW_DEADLINE_MS = 10_000;
/** Between two renewals, at the longest, ms. */
export const LONGEST_RETRY_MS = 2_400;

/** Three pods and a configuration that kills one every 10 s, and the namespace of the program. */
export async function startScene(): Promise<World> {
  const world = await World.start();
  await world.namespace(HOME);
  await world.namespace('shop');
  await world.deploy('shop', 'web', 3);
  await world.configure('shop', 'kill');
  return world;
}

/** Starts a replica and waits until it knows who leads. */
export async function startReplica(world: World, replica: string): Promise<RunningController> {
  const started = world.controller({ replica });
  await until(`${replica} to know who leads`, () => started.health.leadership.leader !== undefined);
  return started;
}

/** How many turns of the event loop a request on loopback and its answer take, and some more. */
const TURNS = 40;

/** Lets time pass so slowly that what is sent is also answered: a renewal must not be late by our doing. */
export async function pass(world: World, durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= 400) {
    await world.clock.skip(Math.min(left, 400));
    for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
  }
}

/** Lets time pass until the next tick has its outcome. */
export async function nextTick(world: World): Promise<void> {
  const number = world.ticks('shop', 'kill') + 1;
  await until(
    `the outcome of tick ${number}`,
    async () => {
      await pass(world, 1_000);
      return numberAt(world.status('shop', 'kill'), 'lastOutcome', 'tick') >= number;
    },
    () => world.status('shop', 'kill'),
  );
}

export function holder(world: World): string {
  return textAt(world.find(leases, HOME, LEASE), 'spec', 'holderIdentity');
}

export function leaseSpec(world: World, field: string): unknown {
  return at(world.find(leases, HOME, LEASE), 'spec', field);
}

/** What this replica has written apart from the Lease, that was accepted. */
export function writes(world: World, replica: string): readonly LoggedRequest[] {
  return world.cluster.requests
    .recent()
    .filter(({ user, verb }) => user === replica && !READS.has(verb))
    .filter(({ resource, code }) => resource !== leases.plural && code < 300 && code > 0);
}

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
