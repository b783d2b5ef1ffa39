/** One of the `details.causes` of a Status. */
export interface PatchErrorCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export type PatchErrorCode = 400 | 409 | 422 | 500;

const REASONS: Readonly<Record<PatchErrorCode, string | undefined>> = {
  400: 'BadRequest',
  409: 'Conflict',
  422: 'Invalid',
  500: undefined,
};

/**
 * A patch that the API server refuses. Code, reason, message and causes are those of the Status it
 * answers with: 400 for a patch that cannot be read, 422 for one that cannot be applied, 409 for
 * fields that others own, and 500, without a reason, for a strategic merge patch that contradicts
 * itself. What a Status keeps to itself is in `cause`.
 */
export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly code: PatchErrorCode;
  readonly causes: readonly PatchErrorCause[];

  constructor(
    code: PatchErrorCode,
    message: string,
    options: ErrorOptions & { readonly causes?: readonly PatchErrorCause[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.causes = options.causes ?? [];
  }

  /** The Status's `reason`; 500 has none. */
  get reason(): string | undefined {
    return REASONS[this.code];
  }
}
