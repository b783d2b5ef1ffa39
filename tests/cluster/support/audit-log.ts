import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { numberAt, textAt } from './value.ts';

/** @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#token-extra */
const POD_NAME = 'authentication.kubernetes.io/pod-name';

/** A request that succeeded, as the API server wrote it down. */
export interface AuditEntry {
  readonly verb: string;
  /** With the subresource: `deployments/scale`. */
  readonly resource: string;
  /** Of the object; empty where it is in none. */
  readonly namespace: string;
  /** The name of the object. */
  readonly object: string;
  /** The pod whose token was shown; empty where it was no pod's. */
  readonly pod: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly doneAt: number;
}

/**
 * What `user` did in a namespace and was granted, oldest first, from the log and what was rotated out of it.
 * @param namespace '' is all of them, and what is in none
 */
export async function readAudit(
  path: string,
  user: string,
  namespace: string,
): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const line of auditLines(path)) {
    if (!line.includes(user) || !line.includes(namespace)) continue;
    const entry = parse(line, user, namespace);
    if (entry !== undefined) entries.push(entry);
  }
  return entries.sort((a, b) => a.receivedAt - b.receivedAt);
}

/**
 * Every request of `user` for objects since an instant, granted or not, each kind once: `list pods in web`,
 * `get namespaces/web`.
 */
export async function readRequests(
  path: string,
  user: string,
  sinceMs: number,
): Promise<ReadonlySet<string>> {
  const requests = new Set<string>();
  for await (const line of auditLines(path)) {
    if (!line.includes(user)) continue;
    const event = parseJson(line);
    if (textAt(event, 'user', 'username') !== user) continue;
    if (!(Date.parse(textAt(event, 'requestReceivedTimestamp')) >= sinceMs)) continue;
    const [resource, namespace, name] = ['resource', 'namespace', 'name'].map((key) =>
      textAt(event, 'objectRef', key),
    );
    if (resource === '') continue;
    const isAboutOne = resource === 'namespaces' || namespace === '';
    const where = isAboutOne ? name && `/${name}` : ` in ${namespace}`;
    requests.add(`${textAt(event, 'verb')} ${resource}${where}`);
  }
  return requests;
}

/** All lines, from the log and what was rotated out of it. */
async function* auditLines(path: string): AsyncGenerator<string> {
  const stem = basename(path, extname(path));
  const files = (await readdir(dirname(path))).filter(
    (name) => name.startsWith(stem) && name.endsWith(extname(path)),
  );
  for (const file of files) {
    yield* createInterface(createReadStream(join(dirname(path), file), 'utf8'));
  }
}

function parse(line: string, user: string, namespace: string): AuditEntry | undefined {
  const event = parseJson(line);
  if (textAt(event, 'stage') !== 'ResponseComplete') return undefined;
  if (textAt(event, 'user', 'username') !== user) return undefined;
  if (namespace !== '' && textAt(event, 'objectRef', 'namespace') !== namespace) return undefined;
  if (!(numberAt(event, 'responseStatus', 'code') < 300)) return undefined;
  const subresource = textAt(event, 'objectRef', 'subresource');
  return {
    verb: textAt(event, 'verb'),
    resource: textAt(event, 'objectRef', 'resource') + (subresource && `/${subresource}`),
    namespace: textAt(event, 'objectRef', 'namespace'),
    object: textAt(event, 'objectRef', 'name'),
    pod: textAt(event, 'user', 'extra', POD_NAME, 0),
    receivedAt: Date.parse(textAt(event, 'requestReceivedTimestamp')),
    doneAt: Date.parse(textAt(event, 'stageTimestamp')),
  };
}

/** The last line of a log that is being written, or whose writer was killed, may be half of one. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
