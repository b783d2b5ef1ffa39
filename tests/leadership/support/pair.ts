import { setTimeout as pause } from 'node:timers/promises';
import { randomStream } from '../../../src/runtime/random.ts';
import { World } from '../../integration/controller/support/world.ts';
import { eventually } from './eventually.ts';
import { ReplicaProcess } from './replica-process.ts';
import { TlsDoor } from './tls-door.ts';
import { WriteJudge } from './write-judge.ts';

/** How long a leader is paused, ms: longer than its lease, and than another needs to take it. */
const STOP_MS = 5_000;
/** A leader is paused at some instant within this time, ms: several ticks of each configuration. */
const WITHIN_MS = 2_000;
/** How long a woken process is looked at before the next one is paused, ms. */
const AFTERMATH_MS = 1_000;
/** A leader acts that often before it is paused. */
const SOME_ACTS = 5;

const KILLED = ['a', 'b', 'c', 'd', 'e', 'f'];
const SCALED = ['x', 'y'];

/** What a stop has shown. */
export interface Stop {
  /** Whether another held the lease when the process was woken: without that it shows nothing. */
  readonly overtaken: boolean;
  /** Writes that were in the socket when the process was stopped, and were carried out then. */
  readonly inFlight: number;
  /** Writes that the woken process kept back. */
  readonly keptBack: number;
  /**
   * Writes of the woken process that were accepted while another held the lease: one, when it was stopped in
   * the tenth of a millisecond between its look at the clock and the system call that sends.
   */
  readonly late: number;
}

const NOTHING: Stop = { overtaken: false, inFlight: 0, keptBack: 0, late: 0 };

/** Two replicas on a simulated cluster of their own, with eight ticks a second. */
export class Pair implements AsyncDisposable {
  readonly judge: WriteJudge;
  readonly #replicas: readonly ReplicaProcess[];
  readonly #resources: AsyncDisposableStack;
  readonly #random: () => number;

  private constructor(
    judge: WriteJudge,
    replicas: readonly ReplicaProcess[],
    resources: AsyncDisposableStack,
    seed: string,
  ) {
    this.judge = judge;
    this.#replicas = replicas;
    this.#resources = resources;
    this.#random = randomStream('stops', seed);
  }

  static async start(program: string, directory: string, seed: string): Promise<Pair> {
    await using stack = new AsyncDisposableStack();
    const world = stack.use(await World.start());
    await prepare(world);
    const judge = stack.use(new WriteJudge(world.cluster));
    const door = stack.use(await TlsDoor.open(world.cluster.port));
    const replicas: ReplicaProcess[] = [];
    for (const letter of ['a', 'b']) {
      const user = `${seed}-${letter}`;
      world.cluster.access.addToken(user, { name: user, groups: [] });
      const kubeconfig = door.kubeconfig(user);
      replicas.push(
        stack.use(await ReplicaProcess.start({ program, directory, user, kubeconfig })),
      );
    }
    return new Pair(judge, replicas, stack.move(), seed);
  }

  /** What the processes have logged last. */
  get log(): string {
    return this.#replicas.map(({ user, log }) => `${user}:\n${log}`).join('\n');
  }

  /** Pauses the leader at some instant, and wakes it when its lease is long over. */
  async stopLeader(): Promise<Stop> {
    await eventually(
      'a leader that acts',
      () => this.#acts() >= SOME_ACTS,
      () => this.log,
    );
    await pause(this.#random() * WITHIN_MS);
    const leader = this.#leader();
    if (leader === undefined) return NOTHING;
    const { ends, refusals, user } = leader;
    await leader.pause();
    const stoppedAt = this.judge.now;
    await pause(STOP_MS);
    const wokenAt = this.judge.now;
    const { holder } = this.judge;
    leader.wake();
    await eventually(
      `${user} to notice`,
      () => leader.ends > ends,
      () => this.log,
    );
    await pause(AFTERMATH_MS);
    const { writes, trespasses } = this.judge;
    const inFlight = writes.filter(
      (write) => write.user === user && write.id > stoppedAt && write.id <= wokenAt,
    ).length;
    const late = trespasses.filter((write) => write.user === user && write.id > wokenAt).length;
    const overtaken = holder !== '' && holder !== user;
    return { overtaken, inFlight, keptBack: leader.refusals - refusals, late };
  }

  /** Tells the leader to end as the kubelet does, and waits until the other one leads. */
  async endLeader(): Promise<{ readonly exitCode: unknown; readonly handOverMs: number }> {
    await eventually(
      'a leader that acts',
      () => this.#acts() >= SOME_ACTS,
      () => this.log,
    );
    const leader = this.#leader();
    const began = performance.now();
    const ended = leader?.end();
    await eventually(
      'the other one to lead',
      () => this.judge.holder !== '' && this.#leader() !== leader,
      () => this.log,
    );
    const handOverMs = performance.now() - began;
    return { exitCode: await ended, handOverMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
  }

  #leader(): ReplicaProcess | undefined {
    const { holder } = this.judge;
    return this.#replicas.find(({ user }) => user === holder);
  }

  /** How often the present leader has acted since another did. */
  #acts(): number {
    const { holder, writes } = this.judge;
    const last = writes.findLastIndex(({ kind, user }) => kind === 'act' && user !== holder);
    return writes.slice(last + 1).filter(({ kind }) => kind === 'act').length;
  }
}

async function prepare(world: World): Promise<void> {
  await world.namespace('chaosmonkey');
  await world.namespace('shop');
  for (const name of [...KILLED, ...SCALED]) {
    await world.deploy('shop', name, 3);
    const spec = { deployment: { name }, timeout: '1s', minReplicas: 1, maxReplicas: 4 };
    const scalingMode = KILLED.includes(name) ? 'killPod' : 'randomScale';
    await world.configure('shop', name, { ...spec, scalingMode });
  }
}
