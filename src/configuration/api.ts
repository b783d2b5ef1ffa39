/** How a ChaosMonkeyConfiguration is named in the Kubernetes API. */
export const GROUP = 'cm.massix.github.io';
export const KIND = 'ChaosMonkeyConfiguration';
export const PLURAL = 'chaosmonkeyconfigurations';

/** The version that is stored. */
export const V1 = `${GROUP}/v1`;
/** The deprecated version, converted on the fly. */
export const V1ALPHA1 = `${GROUP}/v1alpha1`;
