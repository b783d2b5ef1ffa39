import type { JsonObject } from '../patch/json.ts';
import { listAt, objectAt, textAt } from '../tables/read.ts';

/** The definition with the status of one whose names are accepted and that is served. */
export function establishedStatus(crd: JsonObject, time: string): JsonObject {
  const condition = (type: string, reason: string, message: string) => {
    const known = listAt(crd, 'status', 'conditions').find((each) => textAt(each, 'type') === type);
    return known ?? { type, status: 'True', lastTransitionTime: time, reason, message };
  };
  const stored = listAt(crd, 'spec', 'versions')
    .filter((version) => objectAt({ version }, 'version').storage === true)
    .map((version) => textAt(version, 'name'));
  const known = listAt(crd, 'status', 'storedVersions').map(String);
  return {
    ...crd,
    status: {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: objectAt(crd, 'spec', 'names'),
      storedVersions: [...new Set([...known, ...stored])],
    },
  };
}
