import type { ObjectMetadata } from '../kubernetes/resource.ts';
import type { ConfigurationStatus } from './status.ts';

export type { ScalingMode } from './schema/v1-spec.ts';

/** A ChaosMonkeyConfiguration of v1 as it is kept in memory. */
export interface ChaosMonkeyConfiguration {
  readonly metadata: ObjectMetadata;
  /** Counts the changes of the spec. */
  readonly generation: number;
  /** Milliseconds since the epoch; 0 when unknown. */
  readonly createdAt: number;
  /** Whether its deletion has begun. */
  readonly terminating: boolean;
  /** As stored; `readSpec` says what it means. */
  readonly spec: unknown;
  readonly status: ConfigurationStatus;
}
