import { expect } from 'chai';
import fc from 'fast-check';
import type { Change } from '../../../../src/playground/storage/change-log.ts';
import { metadataOf, nameOf, withMetadata } from '../../../../src/playground/storage/metadata.ts';
import { thing, thingStore } from './things.ts';

const names = (objects: Iterable<Parameters<typeof nameOf>[0]>) => [...objects].map(nameOf);

describe('a collection of the store', () => {
  it('gives a new object uid, time, generation and revision', () => {
    const { store, things } = thingStore();
    const { uid, ...metadata } = metadataOf(things.create(thing('x')));
    expect(uid).to.match(/^[0-9a-f-]{36}$/);
    expect(metadata).to.deep.equal({
      name: 'x',
      namespace: 'a',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      resourceVersion: String(store.revision),
    });
  });

  it('makes a name that is not taken from a prefix', () => {
    const { things } = thingStore();
    const made = things.create(thing('', {}, { generateName: 'x-' }));
    expect(nameOf(made)).to.match(/^x-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('refuses a second object of a name', () => {
    const { things } = thingStore();
    things.create(thing('x'));
    expect(() => things.create(thing('x'))).to.throw('things.example.com "x" already exists');
  });

  it('keeps no dry run', () => {
    const { things } = thingStore();
    things.create(thing('x'), { dryRun: true });
    expect(things.size).to.equal(0);
  });

  it('counts the generation by changes of the spec alone', () => {
    const { things } = thingStore();
    const first = things.create(thing('x', { a: 1 }));
    const labelled = things.update(withMetadata(first, { labels: { b: 'c' } }));
    const changed = things.update({ ...labelled, spec: { a: 2 } });
    const generations = [first, labelled, changed].map((each) => metadataOf(each).generation);
    expect(generations).to.deep.equal([1, 1, 2]);
  });

  it('makes no revision of an update that changes nothing', () => {
    const { store, things } = thingStore();
    const created = things.create(thing('x', { a: 1 }));
    const before = store.revision;
    expect(things.update({ ...created, spec: { a: 1 } })).to.equal(created);
    expect(store.revision).to.equal(before);
  });

  it('refuses an update of an older revision', () => {
    const { things } = thingStore();
    const created = things.create(thing('x'));
    things.update({ ...created, spec: { a: 1 } });
    expect(() => things.update({ ...created, spec: { a: 2 } })).to.throw(
      'the object has been modified',
    );
  });

  it('refuses to delete an object with another uid, or changed since', () => {
    const { things } = thingStore();
    const created = things.create(thing('x'));
    const del = (preconditions: { uid?: string; resourceVersion?: string }) => () =>
      things.delete('a', 'x', { preconditions });
    expect(del({ uid: 'other' })).to.throw('the UID in the precondition (other) does not match');
    things.update({ ...created, spec: { a: 1 } });
    const resourceVersion = String(metadataOf(created).resourceVersion);
    expect(del({ resourceVersion })).to.throw('The object might have been modified');
    expect(things.size).to.equal(1);
  });

  it('keeps an object with finalizers until the last is gone', () => {
    const { things } = thingStore();
    things.create(thing('x', {}, { finalizers: ['one', 'two'] }));
    const { removed, object } = things.delete('a', 'x');
    expect([removed, metadataOf(object).deletionTimestamp]).to.deep.equal([
      false,
      '2026-01-01T00:00:00Z',
    ]);
    things.modify('a', 'x', (now) => withMetadata(now, { finalizers: ['two'] }));
    expect(things.size).to.equal(1);
    things.modify('a', 'x', (now) => withMetadata(now, { finalizers: undefined }));
    expect(things.size).to.equal(0);
  });

  it('only marks an object that is granted time, until it is deleted at once', () => {
    const { things } = thingStore();
    things.create(thing('x', { grace: 30 }));
    const marked = things.delete('a', 'x');
    expect(marked.removed).to.equal(false);
    expect(metadataOf(marked.object)).to.include({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    expect(things.delete('a', 'x').object).to.equal(marked.object);
    expect(things.delete('a', 'x', { gracePeriodSeconds: 0 }).removed).to.equal(true);
  });

  it('leaves what orphans and foreground deletions wait for to a finalizer', () => {
    const { things } = thingStore();
    things.create(thing('x'));
    things.create(thing('y'));
    things.delete('a', 'x', { propagationPolicy: 'Foreground' });
    things.delete('a', 'y', { propagationPolicy: 'Orphan' });
    const finalizers = ['x', 'y'].map((name) => metadataOf(things.require('a', name)).finalizers);
    expect(finalizers).to.deep.equal([['foregroundDeletion'], ['orphan']]);
  });

  it('lists in the order of keys, where a namespace comes before its own prefix with a slash', () => {
    const { things } = thingStore();
    for (const namespace of ['b', 'a', 'a-b']) {
      for (const name of ['z', 'c-1', 'c']) things.create(thing(name, {}, { namespace }));
    }
    const listed = [...things.list()].map(
      (each) => `${metadataOf(each).namespace}/${nameOf(each)}`,
    );
    expect(listed).to.deep.equal([
      'a-b/c',
      'a-b/c-1',
      'a-b/z',
      'a/c',
      'a/c-1',
      'a/z',
      'b/c',
      'b/c-1',
      'b/z',
    ]);
  });

  it('lists what was there at a revision, whatever came, changed and went since', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const step = fc.record({ name, namespace: fc.constantFrom('a', 'b'), value: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step), fc.array(step), (before, after) => {
        const { store, things } = thingStore();
        const apply = (steps: typeof before) => {
          for (const { name: each, namespace, value } of steps) {
            const known = things.get(namespace, each);
            if (!known) things.create(thing(each, { value }, { namespace }));
            else if (value === 0) things.delete(namespace, each);
            else things.update({ ...known, spec: { value } });
          }
        };
        apply(before);
        const [revision, then] = [store.revision, [...things.list()]];
        apply(after);
        expect([...things.list({ revision })]).to.deep.equal(then);
        for (const [index, object] of then.entries()) {
          const at = { namespace: String(metadataOf(object).namespace), name: nameOf(object) };
          expect([...things.list({ revision, after: at })]).to.deep.equal(then.slice(index + 1));
        }
      }),
    );
  });

  it('tells a watch of all changes since a revision, then of those to come', () => {
    const { store, things } = thingStore();
    things.create(thing('x'));
    const { revision } = store;
    things.create(thing('y'));
    const told: string[] = [];
    using _watch = things.watch(revision, ({ type, name }) => told.push(`${type} ${name}`));
    things.delete('a', 'x');
    expect(told).to.deep.equal(['ADDED y', 'DELETED x']);
  });

  it('refuses a watch from a revision it has forgotten', () => {
    const { store, things } = thingStore();
    things.create(thing('x'));
    const { revision } = store;
    things.create(thing('y'));
    store.compact();
    expect(() => things.watch(revision, () => {})).to.throw('too old resource version');
    expect(() => [...things.list({ revision })]).to.throw('too old resource version');
  });

  it('forgets the oldest changes by itself', () => {
    const { store, things } = thingStore(10);
    const { revision } = store;
    for (let index = 0; index < 21; index++) things.create(thing(`x${index}`));
    expect(() => things.watch(revision, () => {})).to.throw('too old resource version');
    const told: string[] = [];
    things.watch(things.floor, ({ name }) => told.push(name))[Symbol.dispose]();
    expect(told).to.have.length(10);
  });

  it('tells everybody in the same order, also of what a listener does', () => {
    const { things } = thingStore();
    const told: string[][] = [[], []];
    const tell = (index: number) => (change: Change) => {
      told[index]?.push(`${change.type} ${change.name}`);
    };
    using _first = things.subscribe((change) => {
      tell(0)(change);
      if (change.name === 'x') things.create(thing('y'));
    });
    using _second = things.subscribe(tell(1));
    things.create(thing('x'));
    expect(told).to.deep.equal([
      ['ADDED x', 'ADDED y'],
      ['ADDED x', 'ADDED y'],
    ]);
  });

  it('lists the names of one namespace alone', () => {
    const { things } = thingStore();
    things.create(thing('x'));
    things.create(thing('y', {}, { namespace: 'b' }));
    expect(names(things.list({ namespace: 'b' }))).to.deep.equal(['y']);
    expect([things.size, things.sizeOf('a'), things.sizeOf('none')]).to.deep.equal([2, 1, 0]);
  });
});
