import { bodyOf } from '../support/api-client.ts';
import { configuration } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import type { Release } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { describeRepairs } from './certificate-repairs.ts';
import { describeRotation, type Rotation, rotate } from './certificate-rotation.ts';
import { describeOutages } from './conversion-outages.ts';
import { describeKubectl } from './kubectl-v1alpha1.ts';
import { oldPath } from './old-version.ts';
import { describeRoundTrips } from './round-trips.ts';

/** Short lives, so that everything is renewed more than once while the suite runs. */
const LIVES = { certificateLife: '60s', certificateAuthorityLife: '2m' };

describe('the conversion webhook of an installed release', function () {
  this.timeout(60_000);
  const ending = new AbortController();
  // Before the release is removed, whatever has been run.
  after(async () => {
    ending.abort();
    await rotation?.catch(() => undefined);
  });
  const releases = useReleases();
  let release: Release | undefined;
  let rotation: Promise<Rotation> | undefined;

  before(async function () {
    this.timeout(180_000);
    release = releases.release({ values: { behavior: 'DenyAll', conversion: LIVES } });
    await release.install();
    const paths = await objectsToRead(release);
    await release.untilConverting();
    rotation = rotate(release, paths, ending.signal);
    // Whoever fails before it is awaited has a better reason to tell.
    rotation.catch(() => undefined);
  });

  // What takes three minutes goes on beside what does not mind.
  describeKubectl(releases.cluster);
  describeRoundTrips(releases.cluster);
  describeRotation(
    () => present(release),
    () => present(rotation),
  );
  describeRepairs(() => present(release));
  describeOutages(() => present(release));
});

/** Objects in the program's own namespace, where nobody is disturbed; as v1alpha1 they have to be converted. */
async function objectsToRead({ cluster, namespace }: Release): Promise<string[]> {
  const names = Array.from({ length: 20 }, (_, index) => `read-${index}`);
  const path = pathOf('chaosmonkeyconfigurations', namespace);
  for (const name of names)
    await bodyOf(cluster.client.post(path, configuration(name, { enabled: false })));
  return names.map((name) => oldPath(namespace, name));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no release: it could not be installed');
  return value;
}
