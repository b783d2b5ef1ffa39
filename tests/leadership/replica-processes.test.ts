import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Pair, type Stop } from './support/pair.ts';

/** How often a leader is paused in all. */
const STOPS = Number(process.env.STOPS ?? 20);
/** Instants belong to it. */
const SEED = process.env.STOP_SEED ?? 'paused';
/** Pairs of replicas that run at the same time, each on a cluster of its own. */
const PAIRS = 4;
/** How many of the stops may have hit the moment in which a write is on its way to its system call. */
const MOST_LATE = Math.max(1, 0.02 * STOPS);
/** What a rolling update may cost, ms. */
const LONGEST_HAND_OVER_MS = 3_000;
/** A stop takes 5 s and what goes before and after it; on a busy machine more. */
const LONGEST_STOP_MS = 150_000;
const PREPARATION_MS = 120_000;

describe('Replicas as processes', () => {
  let directory = '';
  let program = '';

  before(async function () {
    this.timeout(PREPARATION_MS);
    directory = await mkdtemp(join(tmpdir(), 'chaos-monkey-leadership-'));
    program = join(directory, 'dist', 'chaos-monkey.js');
    await promisify(execFile)(process.execPath, ['scripts/build.ts', join(directory, 'dist')]);
  });

  after(() => rm(directory, { recursive: true, force: true }));

  it('hand over within 3 s when the leader is told to end', async function () {
    this.timeout(PREPARATION_MS);
    await using pair = await Pair.start(program, directory, `${SEED}-end`);
    const { exitCode, handOverMs } = await pair.endLeader();
    process.stdout.write(`    the other one leads after ${Math.round(handOverMs)} ms\n`);
    expect(exitCode).to.equal(0);
    expect(handOverMs).to.be.below(LONGEST_HAND_OVER_MS);
    expect(pair.judge.trespasses).to.deep.equal([]);
  });

  it(`do not act after a pause in which another took the lease, ${STOPS} times`, async function () {
    this.timeout(PREPARATION_MS + (STOPS / PAIRS) * LONGEST_STOP_MS);
    await using stack = new AsyncDisposableStack();
    const pairs: Pair[] = [];
    for (let n = 0; n < PAIRS; n += 1) {
      pairs.push(stack.use(await Pair.start(program, directory, `${SEED}-${n}`)));
    }
    const stops: Stop[] = [];
    let begun = 0;
    const keepStopping = async (pair: Pair) => {
      while (begun < STOPS) {
        begun += 1;
        const stop = await pair.stopLeader();
        // A stop after which nobody else had the lease shows nothing.
        if (stop.overtaken) stops.push(stop);
        else begun -= 1;
      }
    };
    await Promise.all(pairs.map(keepStopping));
    const writes = pairs.flatMap(({ judge }) => judge.writes);
    const trespasses = pairs.flatMap(({ judge }) => judge.trespasses);
    const sum = (count: (stop: Stop) => number) =>
      stops.reduce((total, stop) => total + count(stop), 0);
    process.stdout.write(
      `    ${stops.length} stops: ${writes.filter(({ kind }) => kind === 'act').length} acts, ` +
        `${writes.length} writes in all; ${sum(({ inFlight }) => inFlight)} were in the socket when the ` +
        `leader was stopped, ${sum(({ keptBack }) => keptBack)} it kept back when it was woken, ` +
        `${trespasses.length} were accepted while another held the lease\n`,
    );
    const log = pairs.map((pair) => pair.log).join('\n');
    expect(stops).to.have.length(STOPS);
    expect(
      trespasses.filter(({ kind }) => kind === 'act'),
      log,
    ).to.deep.equal([]);
    expect(trespasses, log).to.have.length(sum(({ late }) => late));
    expect(Math.max(...stops.map(({ late }) => late)), log).to.be.at.most(1);
    expect(trespasses.length, log).to.be.at.most(MOST_LATE);
  });
});
