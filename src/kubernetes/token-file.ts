import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { readList, readRaw, readText } from './resources/read-fields.ts';

/**
 * The `tokenFile` of a user, as the first of these kubeconfigs that has the user says; relative to that
 * kubeconfig. client-node 2 reads `token-file`, which is not its name, and not again when it changes.
 * Source: k8s.io/client-go, tools/clientcmd/api/v1, AuthInfo.
 */
export function findTokenFile(kubeconfigs: readonly string[], user: string): string | undefined {
  for (const kubeconfig of kubeconfigs) {
    const entry = readList(readRaw(parse(readFileSync(kubeconfig, 'utf8'))).users)
      .map(readRaw)
      .find(({ name }) => name === user);
    if (entry === undefined) continue;
    const file = readText(readRaw(entry.user).tokenFile);
    return file ? resolve(dirname(kubeconfig), file) : undefined;
  }
  return undefined;
}

/** The token in a file, without the line break that editors leave. */
export function readToken(file: string): string {
  return readFileSync(file, 'utf8').trim();
}
