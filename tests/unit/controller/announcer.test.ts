import { expect } from 'chai';
import { Announcer } from '../../../src/controller/announcer.ts';
import { eventBody } from '../../../src/kubernetes/event-body.ts';
import type { EventNote } from '../../../src/kubernetes/event-recorder.ts';
import { pod } from '../../fakes/stripped-objects.ts';

const shop = {
  metadata: { name: 'shop', namespace: '', uid: 'u1', resourceVersion: '1' },
  labels: new Map<string, string>(),
  terminating: false,
};

/** Where the Events about a namespace and about a pod in it are, and in which namespace they say it is. */
function told(options?: { readonly namespaced: boolean }) {
  const notes: EventNote[] = [];
  const announcer = new Announcer({ record: (note) => void notes.push(note) }, options);
  announcer.namespaceAdded(shop);
  announcer.namespaceDeleted(shop);
  announcer.podKilled(pod('a'));
  return notes.map((note) => {
    const { metadata, involvedObject } = eventBody(note, 0);
    return `${involvedObject.kind} ${metadata.namespace} ${involvedObject.namespace}`;
  });
}

describe('the announcer', () => {
  it('writes what happens to a namespace where kubectl looks for it, in default', () => {
    const about = 'Namespace default undefined';
    expect(told()).to.deep.equal([about, about, 'Pod shop shop']);
  });

  it('writes it into the namespace where there are Roles only', () => {
    const about = 'Namespace shop shop';
    expect(told({ namespaced: true })).to.deep.equal([about, about, 'Pod shop shop']);
  });
});
