import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configuration } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, numberAt } from '../support/value.ts';
import { waitUntil } from '../support/wait-until.ts';
import { bytesOf, Kubectl, NEW, OLD, oldConfiguration } from './old-version.ts';

/** One way to change an object as v1alpha1: sets `spec.maxReplicas` to 4, or nothing where it says so. */
interface Writer {
  readonly name: string;
  write(kubectl: Kubectl, object: unknown): Promise<unknown>;
}

const changed = (object: unknown) => ({
  ...Object(object),
  spec: { ...Object(at(object, 'spec')), maxReplicas: 4 },
});

/** A manifest as a person keeps it: without what the API server adds. */
const manifest = (spec: Readonly<Record<string, unknown>>) => oldConfiguration('web', spec);

/** What the object under test reads as in v1alpha1. */
const SPEC = { enabled: true, minReplicas: 1, maxReplicas: 3, podMode: false, timeout: '1m30s' };

const WRITERS: readonly Writer[] = [
  {
    name: 'a merge patch',
    write: (kubectl) => patch(kubectl, 'merge', { spec: { maxReplicas: 4 } }),
  },
  {
    name: 'a JSON patch',
    write: (kubectl) =>
      patch(kubectl, 'json', [{ op: 'replace', path: '/spec/maxReplicas', value: 4 }]),
  },
  {
    name: 'replace of what was read',
    write: (kubectl, object) => kubectl.run(['replace', '-f', '-'], changed(object)),
  },
  {
    name: 'apply of a manifest',
    write: (kubectl) => kubectl.run(['apply', '-f', '-'], manifest({ ...SPEC, maxReplicas: 4 })),
  },
  {
    name: 'apply of what was read',
    write: (kubectl, object) => kubectl.run(['apply', '-f', '-'], changed(object)),
  },
  {
    name: 'server-side apply of one field',
    write: (kubectl) => serverSide(kubectl, { maxReplicas: 4 }),
  },
  {
    name: 'server-side apply of everything',
    write: (kubectl) => serverSide(kubectl, { ...SPEC, maxReplicas: 4 }),
  },
];

/** Writing as v1alpha1 leaves the v1 object as it is but for what was changed. */
export function describeRoundTrips(cluster: ClusterFixture): void {
  describe('written as v1alpha1, the v1 object keeps byte for byte what was not changed', () => {
    for (const { name, write } of WRITERS) {
      it(`by ${name}`, async () => {
        const kubectl = await scene(cluster);
        const before = await kubectl.get(NEW, 'web');
        await write(kubectl, await kubectl.get(OLD, 'web'));
        const after = await untilTold(kubectl);
        expect(bytes(after)).to.deep.equal(bytes(changed(before)));
      });
    }

    it('by apply twice, the second time of less', async () => {
      const kubectl = await scene(cluster);
      const before = await kubectl.get(NEW, 'web');
      await kubectl.run(['apply', '-f', '-'], manifest(SPEC));
      expect(bytes(await untilTold(kubectl))).to.deep.equal(bytes(before));
      await serverSide(kubectl, { maxReplicas: 4 });
      await serverSide(kubectl, { maxReplicas: 4, enabled: true });
      const after = await untilTold(kubectl);
      expect(bytes(after)).to.deep.equal(bytes(changed(before)));
    });

    it('by changes of labels and annotations, and those come through', async () => {
      const kubectl = await scene(cluster);
      const before = await kubectl.get(NEW, 'web');
      await kubectl.run(['label', OLD, 'web', 'team=blue']);
      await kubectl.run(['annotate', OLD, 'web', 'note=kept']);
      const after = await untilTold(kubectl);
      expect(bytes(after)).to.deep.equal(bytes(before));
      expect(at(after, 'metadata', 'labels')).to.deep.equal({ team: 'blue' });
      expect(at(after, 'metadata', 'annotations')).to.deep.equal({ note: 'kept' });
    });

    it('by a mode that is chosen anew, which wins', async () => {
      const kubectl = await scene(cluster);
      const before = Object(await kubectl.get(NEW, 'web'));
      await patch(kubectl, 'merge', { spec: { podMode: true } });
      const after = await untilTold(kubectl);
      const wanted = { ...before, spec: { ...before.spec, scalingMode: 'killPod' } };
      expect(bytes(after)).to.deep.equal(bytes(wanted));
    });
  });
}

/**
 * An object with everything that v1alpha1 has no place for, in a namespace that has not opted in: all that
 * the controller writes is, once for each generation, that it leaves it alone.
 */
async function scene(cluster: ClusterFixture): Promise<Kubectl> {
  const { client } = cluster;
  const namespace = await cluster.namespace();
  const object = configuration('web', {
    ...{ mode: 'antiPressure', minReplicas: 1, maxReplicas: 3, timeout: '90s' },
    more: { seed: 'monday', restoreReplicas: false },
  });
  await bodyOf(client.post(pathOf('chaosmonkeyconfigurations', namespace), object));
  const kubectl = new Kubectl(cluster, namespace);
  const told = await untilTold(kubectl);
  const path = pathOf('chaosmonkeyconfigurations', namespace, 'web', 'status');
  const conditions = [ACCEPTED, ...listAt(told, 'status', 'conditions')];
  await bodyOf(client.patch(path, 'merge', { status: { ...STATUS, conditions } }));
  return kubectl;
}

/** The stored object, once the controller has written what it writes about this generation. */
function untilTold(kubectl: Kubectl): Promise<unknown> {
  return waitUntil(
    'the controller to have seen it',
    () => kubectl.get(NEW, 'web'),
    (one) =>
      numberAt(one, 'status', 'observedGeneration') === numberAt(one, 'metadata', 'generation'),
  );
}

/** The spec and status byte for byte, but for the number of the generation that the controller has seen. */
function bytes(object: unknown) {
  const { spec, status } = bytesOf(object);
  return { spec, status: status.replaceAll(/"observedGeneration":\d+/g, '"observedGeneration":0') };
}

const ACCEPTED = {
  ...{ type: 'Accepted', status: 'True', reason: 'Accepted', message: 'as "written"\nhere' },
  ...{ lastTransitionTime: '2026-01-02T03:04:05Z', observedGeneration: 1 },
};

const STATUS = {
  seed: 'monday',
  ticks: 12_345_678_901,
  lastExecution: '2026-01-02T03:04:05.006Z',
  lastOutcome: {
    ...{ result: 'Skipped', reason: 'NoReadyPods', message: 'no pod — none', tick: 12_345_678_901 },
    time: '2026-01-02T03:04:05.007Z',
  },
};

function patch(kubectl: Kubectl, type: 'merge' | 'json', body: unknown): Promise<string> {
  return kubectl.run(['patch', OLD, 'web', '--type', type, '--patch', JSON.stringify(body)]);
}

function serverSide(
  kubectl: Kubectl,
  { maxReplicas, ...spec }: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { apiVersion, kind, metadata } = manifest({});
  const body = { apiVersion, kind, metadata, spec: { ...spec, maxReplicas } };
  return kubectl.run(['apply', '--server-side', '--force-conflicts', '-f', '-'], body);
}
