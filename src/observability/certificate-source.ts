/** PEM: a certificate, followed by whoever signed it where that is no root, and its private key. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a server shows to whoever connects; it changes while the server runs. */
export interface CertificateSource {
  /** Undefined until there is one; never again after that. */
  current(): KeyPair | undefined;
  /** The current one, and each that takes its place, until `signal` aborts. A slow reader sees the newest only. */
  changes(signal: AbortSignal): AsyncIterable<KeyPair>;
}
