import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { ChaosError } from '../runtime/errors.ts';
import { checkKubeconfig, readServer, unusable } from './check-kubeconfig.ts';
import { findTokenFile, readToken } from './token-file.ts';

/** Which cluster, as whom. */
export interface ClusterOptions {
  /** A kubeconfig file. Default: $KUBECONFIG, else the pod's service account, else ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** The value of $KUBECONFIG, if it is set: one path or several. */
  readonly kubeconfigVariable?: string | undefined;
  /** Default: the kubeconfig's current-context. */
  readonly context?: string | undefined;
}

/** What a TLS connection needs, in the form `node:tls` takes. */
export interface TlsOptions {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** The headers that say who we are, and the connection they go over. */
export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions;
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Chooses the cluster and reads the credentials, again whenever asked: tokens are rotated. */
export class ClusterCredentials {
  readonly #options: ClusterOptions;
  #loaded: Loaded;

  /** @throws ChaosError ERR_SETTINGS_KUBECONFIG naming file and field */
  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#loaded = load(options);
  }

  /** The API server's address. */
  get server(): URL {
    return serverOf(currentCluster(this.#loaded.config));
  }

  /**
   * Reads files anew; keeps the old credentials when they cannot be read at this moment.
   * @param refused whether the API server refused the present ones: then an exec plugin is run again, too,
   * which otherwise happens when what it gave has expired
   */
  reload(refused: boolean): void {
    if (!refused && this.#loaded.config.getCurrentUser()?.exec) return;
    try {
      this.#loaded = load(this.#options);
    } catch (error) {
      if (!(error instanceof ChaosError)) throw error;
    }
  }

  /** Who we are; runs an exec plugin or refreshes a token where the kubeconfig says so. */
  async identity(): Promise<Identity> {
    const { config, tokenFile } = this.#loaded;
    const options: TlsOptions & { headers?: Record<string, string>; auth?: string } = {};
    // http: client-node refuses to make an agent for it, and kubectl sends no credentials over it either.
    if (this.server.protocol !== 'https:') return { headers: {}, tls: {} };
    try {
      await config.applyToHTTPSOptions(options);
      if (tokenFile !== undefined) {
        options.headers = { ...options.headers, Authorization: `Bearer ${readToken(tokenFile)}` };
      }
    } catch (error) {
      throw unusable('the credentials of the current user could not be read', error);
    }
    const { headers = {}, auth, ca, cert, key, servername, rejectUnauthorized } = options;
    const basic =
      auth === undefined ? {} : { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
    return {
      headers: trimmed({ ...basic, ...headers }),
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
        ...(servername !== undefined && { servername }),
        ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      },
    };
  }
}

interface Loaded {
  readonly config: KubeConfig;
  /** Of the current user; what is in it goes before a token in the kubeconfig. */
  readonly tokenFile: string | undefined;
}

function load(options: ClusterOptions): Loaded {
  const config = new KubeConfig();
  const files = kubeconfigFiles(options);
  const source = files.join(delimiter) || 'the service account';
  try {
    for (const file of files) requireMapping(file);
    read(config, options);
    if (options.context !== undefined) config.setCurrentContext(options.context);
    checkKubeconfig(config, source);
    const user = config.getCurrentUser()?.name;
    return { config, tokenFile: user === undefined ? undefined : findTokenFile(files, user) };
  } catch (error) {
    if (error instanceof ChaosError) throw error;
    throw unusable(`${source} could not be read`, error);
  }
}

function read(config: KubeConfig, { kubeconfig }: ClusterOptions): void {
  if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
  else if (isInCluster()) config.loadFromCluster();
  else config.loadFromDefault();
}

/** The kubeconfigs that will be read; none inside a pod. */
function kubeconfigFiles({ kubeconfig }: ClusterOptions): string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const { KUBECONFIG } = process.env;
  if (KUBECONFIG) return KUBECONFIG.split(delimiter).filter((file) => file !== '');
  const file = join(homedir(), '.kube', 'config');
  return !isInCluster() && existsSync(file) ? [file] : [];
}

function isInCluster(): boolean {
  return !process.env.KUBECONFIG && existsSync(SERVICE_ACCOUNT_TOKEN);
}

/** client-node's own words for a file of something else are a TypeError. */
function requireMapping(file: string): void {
  const content: unknown = parse(readFileSync(file, 'utf8'));
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return;
  throw unusable(`${file}: expected a kubeconfig, got ${JSON.stringify(content)?.slice(0, 60)}`);
}

function currentCluster(config: KubeConfig): Cluster {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw unusable('the current context names no cluster');
  return cluster;
}

function serverOf({ name, server }: Cluster): URL {
  return readServer(server, `clusters[${name}].server`);
}

/** A token's file may end in a line break, which no header may contain. */
function trimmed(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()]));
}
