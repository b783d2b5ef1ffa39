import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { JsonObject } from '../patch/json.ts';
import type { ObjectStore } from '../store.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { OwnerIndex } from './owner-index.ts';

/** How long a pod takes; the simulated time between the steps of its life. */
export interface PodTiming {
  /** From its node to running containers, ms. */
  readonly startMs: number;
  /** From running to ready, ms; Infinity: never. */
  readonly readyMs: number;
  /** From SIGTERM to its end, ms; never longer than its grace period. */
  readonly stopMs: number;
}

/** What all controllers of the cluster share. */
export interface WorkloadContext {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Names of pods come from here: the same seed, the same names. */
  readonly random: Random;
  /** Undefined: no Events are left. */
  readonly recorder: EventRecorder | undefined;
  readonly podsOf: OwnerIndex;
  readonly setsOf: OwnerIndex;
  readonly timing: (pod: JsonObject) => PodTiming;
}
