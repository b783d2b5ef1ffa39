import { StatusError } from '../status-error.ts';

/** How an answer is to be written. */
export interface Representation {
  readonly form: 'object' | 'table' | 'metadata';
  readonly yaml: boolean;
}

const MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

const STREAM_TYPES = [
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
];

const FORMS: Readonly<Record<string, Representation['form']>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
};

/**
 * The first of the accepted representations that there is. Protobuf there is not: a client that accepts
 * nothing else is told so.
 * @throws StatusError 406
 */
export function representationOf(accept: string): Representation {
  if (accept.trim() === '') return { form: 'object', yaml: false };
  for (const part of accept.split(',')) {
    const found = representation(part);
    if (found) return found;
  }
  const available = [...MEDIA_TYPES, ...STREAM_TYPES].join(', ');
  throw new StatusError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${available}`,
    { details: {} },
  );
}

function representation(part: string): Representation | undefined {
  const [type = '', ...parameters] = part.split(';').map((text) => text.trim());
  const { as, g, v } = Object.fromEntries(parameters.map((text) => text.split('=')));
  const yaml = type === 'application/yaml';
  if (!yaml && !['application/json', '*/*', 'application/*'].includes(type)) return undefined;
  if (as === undefined) return { form: 'object', yaml };
  const form = FORMS[as];
  return form && g === 'meta.k8s.io' && v === 'v1' ? { form, yaml } : undefined;
}
