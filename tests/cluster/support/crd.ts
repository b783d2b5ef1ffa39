import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type ApiClient, bodyOf } from './api-client.ts';
import { pathOf } from './paths.ts';
import { at, conditionOf, listAt, nameOf } from './value.ts';
import { waitFor } from './wait-for.ts';

const NAME = 'chaosmonkeyconfigurations.cm.massix.github.io';

const FILE = new URL('../../../crds/chaosmonkey-configuration.yaml', import.meta.url);

/**
 * Installs the ChaosMonkeyConfiguration of `crds/` without its conversion webhook (which has to run
 * inside the cluster), unless the cluster has it already.
 * @returns whether it was installed by this call, and so is to be removed in the end
 */
export async function installCrd(client: ApiClient): Promise<boolean> {
  const { code } = await client.get(pathOf('customresourcedefinitions', '', NAME));
  if (code === 404) {
    const crd: unknown = parse(await readFile(FILE, 'utf8'));
    await bodyOf(client.post(pathOf('customresourcedefinitions'), withoutWebhook(crd)));
  }
  await waitFor(client, pathOf('customresourcedefinitions'), 'the kind to be served', (crds) =>
    crds.some((one) => nameOf(one) === NAME && conditionOf(one, 'Established') === 'True'),
  );
  // What is established is served a moment later.
  await waitFor(client, pathOf('chaosmonkeyconfigurations'), 'the first list', () => true);
  return code === 404;
}

export async function removeCrd(client: ApiClient): Promise<void> {
  const path = pathOf('customresourcedefinitions');
  await bodyOf(client.delete(`${path}/${NAME}`));
  const gone = (crds: readonly unknown[]) => crds.every((one) => nameOf(one) !== NAME);
  await waitFor(client, path, 'the kind to go', gone);
}

function withoutWebhook(crd: unknown) {
  const versions = listAt(crd, 'spec', 'versions').map((version) => ({
    ...Object(version),
    ...(at(version, 'storage') !== true && { served: false }),
  }));
  return {
    ...Object(crd),
    spec: { ...Object(at(crd, 'spec')), conversion: { strategy: 'None' }, versions },
  };
}
