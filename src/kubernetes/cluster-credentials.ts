import { existsSync } from 'node:fs';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { ChaosError, describeError } from '../runtime/errors.ts';

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
  #config: KubeConfig;

  /** @throws ChaosError ERR_SETTINGS_KUBECONFIG naming file and field */
  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#config = load(options);
  }

  /** The API server's address. */
  get server(): URL {
    return serverOf(currentCluster(this.#config));
  }

  /** Reads files anew. Keeps the old credentials when they cannot be read at this moment. */
  reload(): void {
    try {
      this.#config = load(this.#options);
    } catch (error) {
      if (!(error instanceof ChaosError)) throw error;
    }
  }

  /** Who we are; runs an exec plugin or refreshes a token where the kubeconfig says so. */
  async identity(): Promise<Identity> {
    const cluster = currentCluster(this.#config);
    const options: TlsOptions & { headers?: Record<string, string>; auth?: string } = {};
    try {
      // http: client-node refuses to make an agent for it, and it has no credentials worth sending.
      if (serverOf(cluster).protocol === 'https:') await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw unusable('the credentials of the current user could not be read', error);
    }
    const { headers = {}, auth, ca, cert, key, servername, rejectUnauthorized } = options;
    const basic =
      auth === undefined ? {} : { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
    return {
      headers: { ...basic, ...headers },
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

function load({ kubeconfig, kubeconfigVariable, context }: ClusterOptions): KubeConfig {
  const config = new KubeConfig();
  const source = kubeconfig ?? kubeconfigVariable ?? 'the default kubeconfig';
  try {
    if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
    else if (!kubeconfigVariable && existsSync(SERVICE_ACCOUNT_TOKEN)) config.loadFromCluster();
    else config.loadFromDefault();
  } catch (error) {
    throw unusable(`${source} could not be read`, error);
  }
  if (context !== undefined) config.setCurrentContext(context);
  check(config, source);
  return config;
}

/** Says which field is wrong before a request fails for a reason that names none. */
function check(config: KubeConfig, file: string): void {
  const wanted = config.getCurrentContext();
  const names = config.getContexts()?.map(({ name }) => name) ?? [];
  const known = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
  if (!wanted)
    throw unusable(`${file}: current-context: expected the name of a context (${known}), got none`);
  const context = config.getContextObject(wanted);
  if (context === null)
    throw unusable(`${file}: context: expected an existing one (${known}), got "${wanted}"`);
  const cluster = config.getCluster(context.cluster);
  if (cluster === null) {
    throw unusable(
      `${file}: contexts[${wanted}].cluster: expected an entry of clusters, got "${context.cluster}"`,
    );
  }
  serverOf(cluster);
}

function currentCluster(config: KubeConfig): Cluster {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw unusable('the current context names no cluster');
  return cluster;
}

function serverOf({ name, server }: Cluster): URL {
  try {
    const url = new URL(server);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // falls through to the message
  }
  throw unusable(`clusters[${name}].server: expected an http or https URL, got "${server}"`);
}

function unusable(message: string, cause?: unknown): ChaosError {
  const detail = cause === undefined ? message : `${message}: ${describeError(cause)}`;
  return new ChaosError('ERR_SETTINGS_KUBECONFIG', `kubeconfig: ${detail}`, { cause });
}
