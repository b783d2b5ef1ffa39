/**
 * A ConversionReview that says why a request could not be read. Its uid is empty, as it is unknown:
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response
 */
export function conversionFailure(message: string) {
  return {
    kind: 'ConversionReview',
    apiVersion: 'apiextensions.k8s.io/v1',
    response: {
      uid: '',
      result: { status: 'Failure', message: `Failed to decode: ${message}` },
      convertedObjects: [],
    },
  };
}
