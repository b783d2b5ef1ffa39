import { readFileSync } from 'node:fs';
import { type ControllerSettings, OWN_NAMESPACE } from './controller-settings.ts';

/** Where a pod finds the name of its namespace. */
const SERVICE_ACCOUNT_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The Go program's name for its namespace, where none is known. */
const FALLBACK = 'chaosmonkey';

export interface ProgramNamespaces {
  /** The namespace the program runs in: `root_namespace` of metrics and `/health`. */
  readonly own: string;
  /** Namespaces that are never targets. */
  readonly protected: ReadonlySet<string>;
}

/** Puts the program's own namespace in: the setting, else that of the service account, else `chaosmonkey`. */
export function programNamespaces(
  settings: Pick<ControllerSettings, 'namespace' | 'protectedNamespaces'>,
  serviceAccountFile: string = SERVICE_ACCOUNT_NAMESPACE,
): ProgramNamespaces {
  const own = settings.namespace ?? fileText(serviceAccountFile) ?? FALLBACK;
  const names = settings.protectedNamespaces.map((name) => (name === OWN_NAMESPACE ? own : name));
  return { own, protected: new Set(names) };
}

/** Undefined for a file that is not there, cannot be read or is empty: then this is no pod. */
function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
