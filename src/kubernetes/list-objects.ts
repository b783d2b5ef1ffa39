import { ChaosError } from '../runtime/errors.ts';
import { type GuardedStreamOptions, guardedStream } from './guarded-stream.ts';
import { ItemSplitter } from './item-splitter.ts';
import { acceptedTypes, type KubernetesObject, type Resource, resourcePath } from './resource.ts';

export interface ListOptions<T extends KubernetesObject> extends GuardedStreamOptions {
  readonly resource: Resource<T>;
  readonly namespace?: string | undefined;
  /** Objects asked for at a time. */
  readonly pageSize: number;
}

/**
 * Lists all objects page by page, handing each over, stripped, as it comes; nothing else is held.
 * @returns the resourceVersion of the list, from which a watch goes on without a gap
 * @throws KubernetesApiError 410 when a page token expired in between: then what was handed over is no whole
 */
export async function listObjects<T extends KubernetesObject>(
  { resource, namespace, pageSize, ...stream }: ListOptions<T>,
  take: (object: T) => void,
  signal: AbortSignal,
): Promise<string> {
  const path = resourcePath(resource, namespace);
  let token: string | undefined;
  for (;;) {
    const query = { limit: pageSize, continue: token };
    const accept = acceptedTypes('list', resource.metadataOnly);
    const request = {
      verb: 'list',
      resource: resource.plural,
      path,
      query,
      accept,
    } as const;
    const splitter = new ItemSplitter();
    for await (const chunk of guardedStream(stream, request, signal)) {
      for (const item of splitter.push(chunk)) take(resource.strip(item));
    }
    const { metadata = {} } = splitter.end();
    token = metadata.continue || undefined;
    if (token !== undefined) continue;
    if (metadata.resourceVersion === undefined) {
      const message = `list ${resource.plural}: expected metadata.resourceVersion, got none`;
      throw new ChaosError('ERR_KUBERNETES_RESPONSE', message);
    }
    return metadata.resourceVersion;
  }
}
