/**
 * Writes src/playground/openapi/protobuf.json: how the kinds that are served are encoded in protobuf,
 * from the Go sources of Kubernetes (Apache License 2.0):
 * `node scripts/generate-protobuf.ts --api DIR --apimachinery DIR` with the folders of k8s.io/api and
 * k8s.io/apimachinery.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Name, type, and flags: `p` pointer, `i` inline, `r` repeated, `m` map (of text to the type). */
type Field = readonly [name: string, type: string, flags: string];
type Messages = Record<string, Record<string, Field>>;

const PACKAGES = [
  'core/v1',
  'apps/v1',
  'events/v1',
  'coordination/v1',
  'policy/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'authorization/v1',
  'authentication/v1',
];

const META = 'pkg/apis/meta/v1';

const KINDS = [
  'core.v1.Namespace',
  'core.v1.Pod',
  'core.v1.Event',
  'core.v1.Node',
  'core.v1.ServiceAccount',
  'core.v1.ConfigMap',
  'core.v1.Secret',
  'core.v1.Service',
  'apps.v1.Deployment',
  'apps.v1.ReplicaSet',
  'events.v1.Event',
  'coordination.v1.Lease',
  'policy.v1.PodDisruptionBudget',
  'policy.v1.Eviction',
  'autoscaling.v1.Scale',
  'autoscaling.v2.HorizontalPodAutoscaler',
  'authorization.v1.SelfSubjectAccessReview',
  'authorization.v1.SelfSubjectRulesReview',
  'authentication.v1.SelfSubjectReview',
].map((name) => `k8s.io.api.${name}`);

const { values } = parseArgs({
  options: {
    api: { type: 'string' },
    apimachinery: { type: 'string' },
    output: { type: 'string', default: 'src/playground/openapi/protobuf.json' },
  },
});
const { api, apimachinery, output } = values;
if (api === undefined || apimachinery === undefined) {
  throw new Error('expected --api and --apimachinery, the folders of the Go modules');
}

const all: Messages = {};
for (const name of PACKAGES) readPackage(join(api, name), `k8s.io.api.${name.replace('/', '.')}`);
readPackage(join(apimachinery, META), 'k8s.io.apimachinery.pkg.apis.meta.v1');

const kept: Messages = {};
const deleteOptions = 'k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions';
for (const kind of [...KINDS, deleteOptions]) keep(kind);
writeFileSync(output, `${JSON.stringify(kept)}\n`);

function keep(name: string): void {
  const message = all[name];
  if (!message || kept[name]) return;
  kept[name] = message;
  for (const [, type] of Object.values(message)) keep(type);
}

function readPackage(folder: string, name: string): void {
  const goFields = readGo(readFileSync(join(folder, 'types.go'), 'utf8'));
  const text = readFileSync(join(folder, 'generated.proto'), 'utf8');
  for (const [, message = '', body = ''] of text.matchAll(/^message (\w+) \{\n(.*?)^\}/gms)) {
    const fields: Record<string, Field> = {};
    for (const line of body.split('\n')) {
      const field = readField(line, name);
      if (!field) continue;
      const [number, protoName, type, flags] = field;
      const go = goFields.get(`${message}.${number}`);
      fields[number] = [go?.json || protoName, type, flags + (go?.flags ?? '')];
    }
    all[`${name}.${message}`] = fields;
  }
}

function readField(line: string, within: string) {
  const map = /^ {2}map<string, ([\w.]+)> (\w+) = (\d+);/.exec(line);
  if (map) return [map[3] ?? '', map[2] ?? '', fullName(map[1] ?? '', within), 'm'] as const;
  const plain = /^ {2}(optional|repeated) ([\w.]+) (\w+) = (\d+);/.exec(line);
  if (!plain) return undefined;
  const [, label, type = '', name = '', number = ''] = plain;
  return [number, name, fullName(type, within), label === 'repeated' ? 'r' : ''] as const;
}

function fullName(type: string, within: string): string {
  if (type.startsWith('.')) return type.slice(1);
  return /^[A-Z]/.test(type) ? `${within}.${type}` : type;
}

/** By `Struct.number`: the JSON name, whether the field is a pointer, and whether it is inline. */
function readGo(
  text: string,
): ReadonlyMap<string, { readonly json: string; readonly flags: string }> {
  const fields = new Map<string, { readonly json: string; readonly flags: string }>();
  for (const [, struct = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)) {
    for (const line of body.split('\n')) {
      const match = /^\s+(?:\w+\s+)?(\*?)[^\s`]+\s+`(.*)`/.exec(line);
      const number = /protobuf:"\w+,(\d+)/.exec(match?.[2] ?? '')?.[1];
      const [json = '', ...options] = (/json:"([^"]*)"/.exec(match?.[2] ?? '')?.[1] ?? '').split(
        ',',
      );
      if (!match || number === undefined) continue;
      const inline = options.includes('inline') ? 'i' : '';
      fields.set(`${struct}.${number}`, { json, flags: (match[1] === '*' ? 'p' : '') + inline });
    }
  }
  return fields;
}
