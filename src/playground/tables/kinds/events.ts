import type { JsonObject } from '../../patch/json.ts';
import { ageOf } from '../age.ts';
import { at, nameOf, numberAt, textAt } from '../read.ts';
import { column, NAME, type TableFormat, WIDE } from '../table.ts';

/** Events of both API groups: core/v1 and events.k8s.io/v1 name some fields differently. */
export const eventFormat: TableFormat = {
  columns: [
    column('Last Seen', 'When the most recent occurrence of this event was recorded.'),
    column('Type', 'Type of this event (Normal, Warning).'),
    column('Reason', 'A short, machine understandable reason.'),
    column('Object', 'The object that this event is about.'),
    column('Subobject', 'The part of the object that this event is about.', WIDE),
    column('Source', 'The component reporting this event.', WIDE),
    column('Message', 'A human-readable description.'),
    column('First Seen', 'When the event was first recorded.', WIDE),
    column('Count', 'The number of times this event has occurred.', WIDE),
    { ...NAME, ...WIDE },
  ],
  cells: (event, now) => {
    const about = at(event, 'involvedObject') ?? at(event, 'regarding');
    const first = firstText(event, 'firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime');
    const last = lastSeen(event) || first;
    return [
      ageOf(last, now),
      textAt(event, 'type'),
      textAt(event, 'reason'),
      `${textAt(about, 'kind').toLowerCase()}/${textAt(about, 'name')}`,
      textAt(about, 'fieldPath'),
      source(event),
      (textAt(event, 'message') || textAt(event, 'note')).trim(),
      ageOf(first, now),
      count(event),
      nameOf(event),
    ];
  },
};

function firstText(event: JsonObject, ...fields: readonly string[]): string {
  return fields.map((field) => textAt(event, field)).find((text) => text !== '') ?? '';
}

function lastSeen(event: JsonObject): string {
  return (
    textAt(event, 'series', 'lastObservedTime') ||
    firstText(event, 'lastTimestamp', 'deprecatedLastTimestamp')
  );
}

function count(event: JsonObject): number {
  return (
    numberAt(event, 'series', 'count') ||
    numberAt(event, 'count') ||
    numberAt(event, 'deprecatedCount') ||
    1
  );
}

function source(event: JsonObject): string {
  const from = at(event, 'source') ?? at(event, 'deprecatedSource');
  const component =
    textAt(from, 'component') || firstText(event, 'reportingComponent', 'reportingController');
  const host = textAt(from, 'host') || textAt(event, 'reportingInstance');
  return host === '' ? component : `${component}, ${host}`;
}
