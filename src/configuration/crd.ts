import { type TSchema, Type } from 'typebox';
import { GROUP, KIND, PLURAL } from './api.ts';
import { type PrinterColumn, V1_COLUMNS, V1ALPHA1_COLUMNS } from './printer-columns.ts';
import { v1SpecSchema } from './schema/v1-spec.ts';
import { v1StatusSchema } from './schema/v1-status.ts';
import { v1alpha1SpecSchema, v1alpha1StatusSchema } from './schema/v1alpha1.ts';

/** A version of a CustomResourceDefinition, as far as ours use it. */
export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly additionalPrinterColumns: readonly PrinterColumn[];
  readonly subresources?: { readonly status: Readonly<Record<string, never>> };
  readonly schema: { readonly openAPIV3Schema: TSchema };
}

export type CrdConversion =
  | { readonly strategy: 'None' }
  | {
      readonly strategy: 'Webhook';
      readonly webhook: {
        readonly conversionReviewVersions: readonly string[];
        readonly clientConfig: {
          readonly service: {
            readonly namespace: string;
            readonly name: string;
            readonly port: number;
            readonly path: string;
          };
        };
      };
    };

/** A CustomResourceDefinition of apiextensions.k8s.io/v1, as far as ours uses it. */
export interface CustomResourceDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly preserveUnknownFields: boolean;
    readonly names: Readonly<Record<string, string | readonly string[]>>;
    readonly conversion: CrdConversion;
    readonly versions: readonly CrdVersion[];
  };
}

/**
 * The definition of ChaosMonkeyConfiguration. v1alpha1 is converted by the service `chaos-monkey` in the
 * namespace `chaosmonkey`; its caBundle is not part of this, because certificates are made by the installation.
 */
export function configurationCrd(): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${PLURAL}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      preserveUnknownFields: false,
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: PLURAL,
        singular: KIND.toLowerCase(),
        shortNames: ['cmc'],
      },
      conversion: {
        strategy: 'Webhook',
        webhook: {
          conversionReviewVersions: ['v1'],
          clientConfig: {
            service: {
              namespace: 'chaosmonkey',
              name: 'chaos-monkey',
              port: 443,
              path: '/convertcrd',
            },
          },
        },
      },
      versions: [v1alpha1(), v1()],
    },
  };
}

/**
 * The same for a cluster without the conversion service: only the stored version is served, and nothing
 * is converted.
 */
export function crdWithoutConversion(crd: CustomResourceDefinition): CustomResourceDefinition {
  const versions = crd.spec.versions.map((version) => ({ ...version, served: version.storage }));
  return { ...crd, spec: { ...crd.spec, conversion: { strategy: 'None' }, versions } };
}

function v1(): CrdVersion {
  return {
    name: 'v1',
    served: true,
    storage: true,
    additionalPrinterColumns: V1_COLUMNS,
    subresources: { status: {} },
    schema: {
      openAPIV3Schema: objectSchema(
        'Disturbs one deployment of its namespace at regular intervals.',
        v1SpecSchema,
        v1StatusSchema,
      ),
    },
  };
}

function v1alpha1(): CrdVersion {
  return {
    name: 'v1alpha1',
    served: true,
    storage: false,
    deprecated: true,
    deprecationWarning: `${GROUP}/v1alpha1 is now deprecated, please migrate to ${GROUP}/v1`,
    additionalPrinterColumns: V1ALPHA1_COLUMNS,
    schema: {
      openAPIV3Schema: objectSchema(
        'Disturbs one deployment of its namespace at regular intervals. Deprecated: use v1.',
        v1alpha1SpecSchema,
        v1alpha1StatusSchema,
      ),
    },
  };
}

function objectSchema(description: string, spec: TSchema, status: TSchema): TSchema {
  return Type.Object(
    {
      apiVersion: Type.Optional(
        Type.String({ description: 'Version of the schema of this object.' }),
      ),
      kind: Type.Optional(Type.String({ description: `Always ${KIND}.` })),
      metadata: Type.Optional(Type.Unsafe({ type: 'object' })),
      spec: Type.Optional(spec),
      status: Type.Optional(status),
    },
    { description },
  );
}
