import { Compile } from 'typebox/compile';
import { v1SpecSchema } from './v1-spec.ts';
import { conditionSchema, v1StatusSchema, victimSchema } from './v1-status.ts';

/** Compiled once: every object of every watch passes here, and interpreting a schema takes 20 times as long. */
export const v1SpecValidator = Compile(v1SpecSchema);
export const v1StatusValidator = Compile(v1StatusSchema);
export const conditionValidator = Compile(conditionSchema);
export const victimValidator = Compile(victimSchema);
