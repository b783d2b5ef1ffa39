import type { Outcome } from './configuration-lines.ts';
import type { Paint } from './painter.ts';
import { printable } from './painter.ts';

/** The namespaces by what the controller makes of them. */
export interface NamespaceCounts {
  readonly disturbed: readonly string[];
  readonly optedOut: readonly string[];
  readonly protected: readonly string[];
}

/** Victims that a summary names. */
const NAMED_VICTIMS = 8;

interface Row {
  acted: number;
  skipped: number;
  failed: number;
}

/** Counts what happened, for the summary at the end. */
export class Tally {
  readonly #ticks = new Map<string, Row>();
  readonly #skips = new Map<string, number>();
  readonly #victims: string[] = [];
  #lost = 0;

  /** @param mode `killPod`, `randomScale`, `antiPressure` */
  add(mode: string, namespace: string, outcome: Outcome): void {
    const row = this.#ticks.get(mode) ?? { acted: 0, skipped: 0, failed: 0 };
    this.#ticks.set(mode, row);
    if (outcome.result === 'Acted') row.acted++;
    else if (outcome.result === 'Skipped') {
      row.skipped++;
      this.#skips.set(outcome.reason, (this.#skips.get(outcome.reason) ?? 0) + 1);
    } else row.failed++;
    for (const victim of outcome.victims) this.#victims.push(`${namespace}/${victim}`);
  }

  /** A pod of a namespace that is not to be disturbed is gone. */
  lostElsewhere(): void {
    this.#lost++;
  }

  get victims(): readonly string[] {
    return this.#victims;
  }

  /** Ticks of all modes. */
  get total(): number {
    return this.#ticks
      .values()
      .reduce((sum, { acted, skipped, failed }) => sum + acted + skipped + failed, 0);
  }

  /** What is printed at the end. */
  summary(namespaces: NamespaceCounts, seconds: number, paint: Paint): string {
    const names = (list: readonly string[]) =>
      list.length === 0 ? 'none' : list.map(printable).join(', ');
    const ticks = [...this.#ticks].sort(([a], [b]) => (a < b ? -1 : 1));
    const shown = this.#victims.slice(-NAMED_VICTIMS).map(printable);
    const more = this.#victims.length - shown.length;
    return [
      paint('bold', `Summary of ${seconds.toFixed(0)} s`),
      `  namespaces    disturbed: ${names(namespaces.disturbed)}; opted out: ${names(namespaces.optedOut)}; protected: ${names(namespaces.protected)}`,
      ...ticks.map(
        ([mode, { acted, skipped, failed }]) =>
          `  ${mode.padEnd(14)}${acted} acted, ${skipped} skipped, ${failed} failed`,
      ),
      ...(ticks.length === 0
        ? ['  ticks         none yet: the first comes after one whole timeout']
        : []),
      ...(this.#skips.size === 0
        ? []
        : [
            `  skipped       ${[...this.#skips].map(([reason, count]) => `${reason} ${count}`).join(', ')}`,
          ]),
      `  victims       ${this.#victims.length === 0 ? 'none' : `${pods(this.#victims.length)}: ${more > 0 ? '… ' : ''}${shown.join(', ')}`}`,
      `  elsewhere     ${pods(this.#lost)} lost in namespaces that are opted out or protected`,
      '',
    ].join('\n');
  }
}

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
