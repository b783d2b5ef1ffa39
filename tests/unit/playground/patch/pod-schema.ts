import { type Schema, SchemaNode } from '../../../../src/playground/patch/schema.ts';

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'object', additionalProperties: text };

/** A few kinds of fields as OpenAPI v3 of the API server describes them, references included. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  '#/Port': {
    type: 'object',
    required: ['port'],
    properties: {
      port: { type: 'integer', default: 0 },
      protocol: { type: 'string', default: 'TCP' },
      name: text,
    },
  },
  '#/Container': {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', default: '' },
      image: text,
      args: { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' },
      ports: {
        type: 'array',
        items: { default: {}, allOf: [{ $ref: '#/Port' }] },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'protocol'],
        'x-kubernetes-patch-merge-key': 'port',
        'x-kubernetes-patch-strategy': 'merge',
      },
      resources: { default: {}, allOf: [{ $ref: '#/Resources' }] },
    },
  },
  '#/Resources': { type: 'object', properties: { limits: texts } },
  '#/Strategy': {
    type: 'object',
    properties: {
      type: text,
      rolling: { type: 'object', properties: { surge: { type: 'integer' } } },
    },
  },
  '#/Selector': {
    type: 'object',
    properties: { matchLabels: texts },
    'x-kubernetes-map-type': 'atomic',
  },
  '#/Spec': {
    type: 'object',
    required: ['containers', 'selector'],
    properties: {
      replicas: { type: 'integer' },
      paused: { type: 'boolean' },
      selector: { allOf: [{ $ref: '#/Selector' }] },
      strategy: {
        default: {},
        allOf: [{ $ref: '#/Strategy' }],
        'x-kubernetes-patch-strategy': 'retainKeys',
      },
      containers: {
        type: 'array',
        items: { default: {}, allOf: [{ $ref: '#/Container' }] },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
      },
      tolerations: { type: 'array', items: texts, 'x-kubernetes-list-type': 'atomic' },
      exact: { ...texts, 'x-kubernetes-patch-strategy': 'replace' },
    },
  },
  '#/Object': {
    type: 'object',
    properties: {
      apiVersion: text,
      kind: text,
      metadata: {
        default: {},
        type: 'object',
        properties: {
          name: text,
          namespace: text,
          uid: text,
          generation: { type: 'integer' },
          resourceVersion: text,
          managedFields: { type: 'array', items: { type: 'object' } },
          labels: texts,
          annotations: texts,
          finalizers: {
            type: 'array',
            items: text,
            'x-kubernetes-list-type': 'set',
            'x-kubernetes-patch-strategy': 'merge',
          },
        },
      },
      spec: { default: {}, allOf: [{ $ref: '#/Spec' }] },
    },
  },
};

export const objectSchema = new SchemaNode({ $ref: '#/Object' }, (ref) => SCHEMAS[ref]);
