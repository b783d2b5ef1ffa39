import type { JsonObject } from '../patch/json.ts';
import { conditionOf, listAt, nameOf, namespaceOf, numberAt, textAt } from '../workloads/fields.ts';
import { type AccountLine, localTime, type Verdict } from './account-line.ts';

export interface ConfigurationChange {
  /** Undefined when the configuration is new. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** An occasion that has passed: its result, and what suffered. */
export interface Outcome {
  readonly result: string;
  readonly reason: string;
  readonly message: string;
  readonly victims: readonly string[];
}

/** The outcome that a change of a configuration's status tells of; undefined when it tells of none. */
export function outcomeOf({
  before,
  after,
}: Pick<ConfigurationChange, 'before' | 'after'>): Outcome | undefined {
  const tick = numberAt(after, 'status', 'lastOutcome', 'tick');
  if (tick === 0 || tick === numberAt(before, 'status', 'lastOutcome', 'tick')) return undefined;
  const result = textAt(after, 'status', 'lastOutcome', 'result');
  return {
    result,
    reason: textAt(after, 'status', 'lastOutcome', 'reason'),
    message: textAt(after, 'status', 'lastOutcome', 'message'),
    victims: result === 'Acted' ? podNames(after) : [],
  };
}

function podNames(configuration: JsonObject): readonly string[] {
  return listAt(configuration, 'status', 'lastVictims')
    .filter((victim) => textAt(victim, 'kind') === 'Pod')
    .map((victim) => textAt(victim, 'name'));
}

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['Acted', 'acted'],
  ['Skipped', 'skipped'],
]);

/**
 * What a change of a configuration's status means to people: an occasion that has passed, or a watcher
 * that has begun or does not begin, and why.
 * @param others how many pods of the target were there besides the victims
 */
export function configurationLines(
  change: ConfigurationChange,
  others: number,
): readonly AccountLine[] {
  const { after, time } = change;
  const subject = `${namespaceOf(after)}/${nameOf(after)}`;
  const activity = activityOf(change);
  const outcome = outcomeOf(change);
  const lines: AccountLine[] = activity ? [{ time, subject, ...activity }] : [];
  if (outcome) {
    const verdict = VERDICTS.get(outcome.result) ?? 'failed';
    lines.push({ time, subject, verdict, text: describeOutcome(outcome, others) });
  }
  return lines;
}

function describeOutcome({ result, reason, message, victims }: Outcome, others: number): string {
  if (result !== 'Acted') return `${reason}: ${message}`;
  if (victims.length === 0) return message;
  return `${message}; ${others === 0 ? 'it had no others' : `${others} ${others === 1 ? 'other was' : 'others were'} left alone`}`;
}

function activityOf({
  before,
  after,
}: ConfigurationChange): Pick<AccountLine, 'verdict' | 'text'> | undefined {
  const now = conditionOf(after, 'Active');
  const was = before && conditionOf(before, 'Active');
  if (!now || textAt(now, 'message') === textAt(was, 'message')) return undefined;
  const message = textAt(now, 'message');
  if (textAt(now, 'status') !== 'True') return { verdict: 'spared', text: message };
  const next = Date.parse(textAt(after, 'status', 'nextExecution'));
  return {
    verdict: 'watched',
    text: Number.isNaN(next) ? message : `${message}, first at ${localTime(next)}`,
  };
}
