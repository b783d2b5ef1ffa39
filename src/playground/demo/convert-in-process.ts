import { GROUP, PLURAL } from '../../configuration/api.ts';
import {
  convertConfiguration,
  isConfigurationVersion,
} from '../../configuration/conversion/convert.ts';
import type { ConvertObject } from '../crd/version-codec.ts';
import type { JsonObject } from '../patch/json.ts';

/** Converts configurations as the conversion webhook does, without going over the network. */
export const conversions: Readonly<Record<string, ConvertObject>> = {
  [`${PLURAL}.${GROUP}`]: (object, apiVersion) => {
    if (!isConfigurationVersion(apiVersion)) return object;
    // Both sides are plain JSON; only their types differ.
    const converted: JsonObject = JSON.parse(
      JSON.stringify(convertConfiguration(object, apiVersion)),
    );
    return converted;
  },
};
