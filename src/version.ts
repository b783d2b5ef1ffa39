import manifest from '../package.json' with { type: 'json' };

/** Of the program: `4.0.0`. The bundle holds the version that it was built from. */
export const version: string = manifest.version;
