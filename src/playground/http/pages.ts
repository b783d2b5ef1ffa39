import { createHash } from 'node:crypto';
import type { JsonObject } from '../patch/json.ts';
import { type Answer, json, text } from './answer.ts';
import type { Call } from './call.ts';

type Page = (call: Call) => Answer | undefined;

/** What the cluster says it is: the release whose behaviour it follows. */
const VERSION: JsonObject = {
  major: '1',
  minor: '34',
  emulationMajor: '1',
  emulationMinor: '34',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '33',
  gitVersion: 'v1.34.4',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'simulated',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

/** Pages outside of groups and versions. @param documents OpenAPI v3 documents by path, as they are now */
export function pages(documents: () => ReadonlyMap<string, JsonObject>): ReadonlyMap<string, Page> {
  const healthy: Page = () => text('ok');
  return new Map<string, Page>([
    ['/version', () => json(VERSION)],
    ['/healthz', healthy],
    ['/livez', healthy],
    ['/readyz', healthy],
    ['/openapi/v3', () => json(openApiIndex(documents()))],
    ['/openapi/v3/', ({ info }) => openApiDocument(documents(), info.path)],
    ['/openapi/v2', () => json(openApiV2())],
    ['/', () => json({ paths: rootPaths(documents()) })],
  ]);
}

const hashes = new WeakMap<JsonObject, string>();

function hashOf(document: JsonObject): string {
  const known = hashes.get(document);
  if (known !== undefined) return known;
  const hash = createHash('sha512').update(JSON.stringify(document)).digest('hex').toUpperCase();
  hashes.set(document, hash);
  return hash;
}

function openApiIndex(documents: ReadonlyMap<string, JsonObject>): JsonObject {
  const paths = [...documents].map(([path, document]) => {
    const serverRelativeURL = `/openapi/v3/${path}?hash=${hashOf(document)}`;
    return [path, { serverRelativeURL }];
  });
  return { paths: Object.fromEntries(paths) };
}

function openApiDocument(
  documents: ReadonlyMap<string, JsonObject>,
  path: string,
): Answer | undefined {
  const document = documents.get(path.slice('/openapi/v3/'.length));
  return document && json(document);
}

/** Only that there is such a thing: clients of today read v3. */
function openApiV2(): JsonObject {
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.34.4' },
    paths: {},
    definitions: {},
  };
}

function rootPaths(documents: ReadonlyMap<string, JsonObject>): readonly string[] {
  const fixed = [
    '/api',
    '/apis',
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ];
  return [...fixed, ...[...documents.keys()].map((path) => `/${path}`)].sort();
}
