/**
 * Every error code of the program, with what it means. A code is `ERR_<AREA>_<WHAT>`; the message
 * of an error says what was wrong, what was expected and what was got.
 */
export const ERROR_CODES = {
  ERR_RUNTIME_DURATION: 'a text is not a Go duration',
  ERR_RUNTIME_QUANTITY: 'a text is not a Kubernetes quantity',
  ERR_SETTINGS_INVALID:
    'a flag, environment variable or settings file holds a value that is not accepted',
  ERR_SETTINGS_KUBECONFIG: 'no usable cluster in the kubeconfig',
  ERR_KUBERNETES_CALL: 'the API server answered with an error',
  ERR_KUBERNETES_TRANSPORT: 'the API server could not be reached or the connection broke',
  ERR_KUBERNETES_DEADLINE: 'the API server did not answer in time',
  ERR_KUBERNETES_IDLE: 'a connection to the API server was silent for too long',
  ERR_KUBERNETES_RESPONSE: 'the API server answered with something that is not what was asked for',
  ERR_KUBERNETES_FORBIDDEN: 'a Role or ClusterRole lacks a rule',
  ERR_LEASE_NAMESPACE: 'the namespace of the Lease is missing or is being deleted',
  ERR_LEASE_LOST: 'another replica may hold the lease, so nothing may be written any more',
  ERR_CERTIFICATE_SECRET: "a Secret of the program's name is somebody else's",
  ERR_CERTIFICATE_MAKING: 'a certificate that was made cannot be read',
  ERR_CERTIFICATE_DEFINITION: 'the CustomResourceDefinition is not there',
  ERR_CONVERSION_INVALID: 'an object cannot be converted to the wanted version',
  ERR_SERVER_LISTEN: 'a port cannot be listened on',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The one error class: a code of {@link ERROR_CODES}, a message for people, and the cause. */
export class ChaosError extends Error {
  override readonly name: string = 'ChaosError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The message of anything thrown, with the messages of its causes: `outer: inner`. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message || error.name;
  return error.cause === undefined ? message : `${message}: ${describeError(error.cause)}`;
}
