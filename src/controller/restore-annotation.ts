/** The value of {@link RESTORE_ANNOTATION}, as JSON. */
export interface RestoreNote {
  /** The replicas found before the first scale. */
  readonly replicas: number;
  /** The replicas written last; what differs from it was written by somebody else. */
  readonly lastWritten: number;
  /** UID of the configuration that scales. */
  readonly configuration: string;
  /**
   * The deployment's generation with this note on it. While it is still that, the scale that the note
   * announced never happened (we ended in between), and what is there is what was there before it.
   */
  readonly generation: number;
}

/** What a note is compared with. */
export interface ScaledDeployment {
  readonly replicas: number;
  readonly generation: number;
}

/** Reads the annotation; undefined when it is missing or not ours to understand. */
export function parseRestoreNote(text: string | undefined): RestoreNote | undefined {
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { replicas, lastWritten, configuration, generation } = value as Record<string, unknown>;
  if (!isCount(replicas) || !isCount(lastWritten) || typeof configuration !== 'string')
    return undefined;
  return {
    replicas,
    lastWritten,
    configuration,
    generation: isCount(generation) ? generation : -1,
  };
}

export function formatRestoreNote(note: RestoreNote): string {
  const { replicas, lastWritten, configuration, generation } = note;
  return JSON.stringify({ replicas, lastWritten, configuration, generation });
}

/** Whether nobody else has scaled since the note was left, so that its original may be put back. */
export function stillOurs(note: RestoreNote, { replicas, generation }: ScaledDeployment): boolean {
  return replicas === note.lastWritten || generation === note.generation;
}

/**
 * The note to leave before scaling what was found to `wanted`, or `before` itself if that is it: the original is what an earlier note says as
 * long as nobody else has scaled since, and what was found otherwise. A deployment's generation grows with
 * its annotations as with its spec (Kubernetes, pkg/registry/apps/deployment/strategy.go).
 */
export function nextRestoreNote(
  before: RestoreNote | undefined,
  found: ScaledDeployment,
  wanted: number,
  configuration: string,
): RestoreNote {
  const isLeft =
    before?.lastWritten === wanted &&
    before.configuration === configuration &&
    before.generation === found.generation;
  if (isLeft) return before;
  const replicas =
    before !== undefined && stillOurs(before, found) ? before.replicas : found.replicas;
  return { replicas, lastWritten: wanted, configuration, generation: found.generation + 1 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
