import { expect } from 'chai';
import type { ApiClient } from './api-client.ts';
import { pathOf } from './paths.ts';
import { conditionReasonOf, nameOf, numberAt, textAt } from './value.ts';
import { waitFor } from './wait-for.ts';

/** The ticks of the configurations of a namespace, as their statuses showed them one after the other. */
export class TickHistory {
  readonly #executions = new Map<string, Map<number, number>>();
  /** The ticks whose outcome was written, in order. */
  readonly #told = new Map<string, number[]>();

  /** Writes down all ticks until every configuration is disabled, whatever the API server does meanwhile. */
  async follow(client: ApiClient, namespace: string, timeoutMs: number): Promise<void> {
    const path = pathOf('chaosmonkeyconfigurations', namespace);
    const noted = (monkeys: readonly unknown[]) => {
      for (const monkey of monkeys) this.#note(monkey);
      return monkeys.every((monkey) => conditionReasonOf(monkey, 'Active') === 'Disabled');
    };
    await waitFor(client, path, 'all configurations to be disabled', noted, { timeoutMs });
  }

  /** How many ticks there were. */
  ticks(name: string): number {
    return Math.max(0, ...(this.#executions.get(name)?.keys() ?? []));
  }

  /** No two ticks of a configuration were claimed for less than a timeout apart. */
  expectApart(name: string, timeoutMs: number): void {
    const executions = [...(this.#executions.get(name) ?? [])].sort(([a], [b]) => a - b);
    for (const [index, [tick, at]] of executions.entries()) {
      const before = executions[index - 1];
      if (before === undefined) continue;
      const between = `${name}: from tick ${before[0]} to tick ${tick}`;
      expect(at - before[1], between).to.be.at.least((tick - before[0]) * timeoutMs - ROUNDING_MS);
    }
  }

  /** No tick was claimed and then forgotten: the outcome of each was written, whatever came of it. */
  expectAllTold(name: string): void {
    const told = this.#told.get(name) ?? [];
    const [first = 0] = told;
    const all = Array.from({ length: told.length }, (_, index) => first + index);
    expect(told, `${name}: the ticks with an outcome`).to.deep.equal(all);
    expect(told.at(-1), `${name}: the last tick with an outcome`).to.be.at.least(
      this.ticks(name) - 1,
    );
  }

  #note(monkey: unknown): void {
    const outcome = numberAt(monkey, 'status', 'lastOutcome', 'tick');
    const told = this.#told.get(nameOf(monkey)) ?? [];
    if (outcome > (told.at(-1) ?? 0)) this.#told.set(nameOf(monkey), [...told, outcome]);
    const tick = numberAt(monkey, 'status', 'ticks');
    if (!(tick > 0)) return;
    const executions = this.#executions.get(nameOf(monkey)) ?? new Map<number, number>();
    this.#executions.set(nameOf(monkey), executions);
    const execution = Date.parse(textAt(monkey, 'status', 'lastExecution'));
    const known = executions.get(tick) ?? execution;
    expect(execution, `tick ${tick} of ${nameOf(monkey)} was claimed once`).to.equal(known);
    executions.set(tick, execution);
  }
}

/** Statuses carry whole milliseconds. */
const ROUNDING_MS = 5;
