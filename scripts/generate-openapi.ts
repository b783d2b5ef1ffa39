/**
 * Writes src/playground/openapi/*.json: what a real API server (of KUBECONFIG) says of the kinds that
 * the simulated one serves. The texts are those of Kubernetes, Apache License 2.0.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

/** What is served: by group and version, the resources with their subresources. */
const SERVED: Readonly<Record<string, readonly string[]>> = {
  'api/v1': [
    'namespaces',
    'namespaces/status',
    'namespaces/finalize',
    'pods',
    'pods/status',
    'pods/eviction',
    'pods/log',
    'events',
    'nodes',
    'nodes/status',
    'serviceaccounts',
    'configmaps',
    'secrets',
    'services',
    'services/status',
  ],
  'apis/apps/v1': [
    'deployments',
    'deployments/status',
    'deployments/scale',
    'replicasets',
    'replicasets/status',
    'replicasets/scale',
  ],
  'apis/events.k8s.io/v1': ['events'],
  'apis/coordination.k8s.io/v1': ['leases'],
  'apis/policy/v1': ['poddisruptionbudgets', 'poddisruptionbudgets/status'],
  'apis/autoscaling/v2': ['horizontalpodautoscalers', 'horizontalpodautoscalers/status'],
  'apis/apiextensions.k8s.io/v1': ['customresourcedefinitions', 'customresourcedefinitions/status'],
  'apis/authorization.k8s.io/v1': ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  'apis/authentication.k8s.io/v1': ['selfsubjectreviews'],
};

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

const { values } = parseArgs({
  options: { output: { type: 'string', default: 'src/playground/openapi' } },
});
mkdirSync(values.output, { recursive: true });
for (const [root, resources] of Object.entries(SERVED)) {
  write(
    root.replaceAll('/', '-').replace(/^apis-/, ''),
    pruneDocument(read(`/openapi/v3/${root}`), root, resources),
  );
}
write('discovery', {
  groups: Object.entries(SERVED).map(([root, resources]) => pruneResources(root, resources)),
});

function write(name: string, content: Json): void {
  writeFileSync(`${values.output}/${name}.json`, `${JSON.stringify(content)}\n`);
}

function read(path: string): JsonObject {
  const text = execFileSync('kubectl', ['get', '--raw', path], {
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  return asObject(JSON.parse(text));
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value) ? value : {};
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function asArray(value: Json | undefined): readonly Json[] {
  return value !== undefined && isArray(value) ? value : [];
}

function pruneResources(root: string, resources: readonly string[]): JsonObject {
  const list = read(`/${root}`);
  const served = asArray(list.resources).filter((entry) =>
    resources.includes(String(asObject(entry).name)),
  );
  return { groupVersion: list.groupVersion ?? '', resources: served };
}

/** The paths of what is served, and the schemas they lead to. */
function pruneDocument(document: JsonObject, root: string, resources: readonly string[]): Json {
  const paths: Record<string, Json> = {};
  for (const [path, item] of Object.entries(asObject(document.paths))) {
    const rest = path.slice(`/${root}/`.length).replace(/^namespaces\/\{namespace\}\//, '');
    const resource = rest.replace(/\/\{\w+\}/, '');
    if (path.startsWith(`/${root}/`) && resources.includes(resource))
      paths[path] = pruneItem(asObject(item));
  }
  const all = asObject(asObject(document.components).schemas);
  const schemas: Record<string, Json> = {};
  collect(paths, all, schemas);
  return {
    openapi: document.openapi ?? '',
    info: document.info ?? {},
    paths,
    components: { schemas },
  };
}

function pruneItem(item: JsonObject): Json {
  const operations = METHODS.filter((method) => item[method] !== undefined).map((method) => {
    const operation = asObject(item[method]);
    const kept = [
      'operationId',
      'parameters',
      'requestBody',
      'x-kubernetes-action',
      'x-kubernetes-group-version-kind',
    ];
    const fields = kept
      .filter((key) => operation[key] !== undefined)
      .map((key) => [key, key === 'parameters' ? brief(operation[key]) : operation[key]]);
    const answer = asObject(asObject(asObject(operation.responses)['200']).content)[
      'application/json'
    ];
    const responses = {
      '200': { description: 'OK', ...(answer ? { content: { 'application/json': answer } } : {}) },
    };
    return [method, { ...Object.fromEntries(fields), responses }];
  });
  return {
    ...Object.fromEntries(operations),
    ...(item.parameters ? { parameters: brief(item.parameters) } : {}),
  };
}

/** Parameters without their descriptions, which nobody shows and which are most of the text. */
function brief(parameters: Json | undefined): Json {
  return asArray(parameters).map((parameter) => {
    const { description: _, ...rest } = asObject(parameter);
    return rest;
  });
}

function collect(value: Json, all: JsonObject, into: Record<string, Json>): void {
  if (typeof value !== 'object' || value === null) return;
  const { $ref } = asObject(value);
  const name = typeof $ref === 'string' ? $ref.replace('#/components/schemas/', '') : undefined;
  const schema = name === undefined ? undefined : all[name];
  if (name !== undefined && schema !== undefined && !(name in into)) {
    into[name] = schema;
    collect(schema, all, into);
  }
  for (const child of Object.values(value)) collect(child, all, into);
}
