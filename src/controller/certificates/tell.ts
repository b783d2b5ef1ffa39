import type { EventNote, EventRecorder } from '../../kubernetes/event-recorder.ts';
import type { OwnerReference } from '../../kubernetes/owner-reference.ts';
import type { Logger } from '../../runtime/logger.ts';

/** Says something about the installation. */
export type Tell = (note: Pick<EventNote, 'type' | 'reason' | 'message'>) => void;

export interface TellOptions {
  readonly logger: Logger;
  readonly recorder: Pick<EventRecorder, 'record'>;
  /** The Deployment that the Events are about; undefined: it is not known, so that there are none. */
  readonly owner: () => OwnerReference | undefined;
  readonly namespace: string;
}

/** Says it in the log and, where people look for it, in an Event on the Deployment. */
export function teller({ logger, recorder, owner, namespace }: TellOptions): Tell {
  return ({ type, reason, message }) => {
    if (type === 'Warning') logger.warn({ reason }, message);
    else logger.info({ reason }, message);
    const object = owner();
    if (object !== undefined) {
      recorder.record({ object: { ...object, namespace }, type, reason, message });
    }
  };
}
