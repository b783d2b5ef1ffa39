import type { JsonObject } from '../patch/json.ts';
import { expired } from '../status-error.ts';

/** The Status in an ERROR event. */
export type ErrorEvent = JsonObject;

/** What a running watch is told whose place in the history has been forgotten. */
export const expiredWatch: ErrorEvent = expired(
  'The resourceVersion for the provided watch is too old.',
).toStatus();
