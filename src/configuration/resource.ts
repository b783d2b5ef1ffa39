import type { Resource } from '../kubernetes/resource.ts';
import { GROUP, KIND, PLURAL } from './api.ts';
import { objectOrEmpty, property, stringOrEmpty } from './json.ts';
import { parseStatus } from './parse-status.ts';
import type { ChaosMonkeyConfiguration } from './types.ts';

/** Where ChaosMonkeyConfigurations are served, and what of them is kept. */
export const configurations: Resource<ChaosMonkeyConfiguration> = {
  group: GROUP,
  version: 'v1',
  plural: PLURAL,
  kind: KIND,
  namespaced: true,
  strip(raw) {
    const object = objectOrEmpty(raw);
    const metadata = objectOrEmpty(property(object, 'metadata'));
    const text = (key: string) => stringOrEmpty(property(metadata, key));
    const generation = property(metadata, 'generation');
    return {
      metadata: {
        name: text('name'),
        namespace: text('namespace'),
        uid: text('uid'),
        resourceVersion: text('resourceVersion'),
      },
      generation: typeof generation === 'number' ? generation : 0,
      createdAt: Date.parse(text('creationTimestamp')) || 0,
      terminating: text('deletionTimestamp') !== '',
      spec: property(object, 'spec'),
      status: parseStatus(property(object, 'status')),
    };
  },
};
