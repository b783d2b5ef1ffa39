import type { Identity } from '../../src/kubernetes/cluster-credentials.ts';

/** Credentials with a token that a test replaces, as the kubelet replaces a file. */
export class FakeCredentials {
  readonly server: URL;
  /** The token in the file. */
  token = 'first';
  /** Whether reading them fails. */
  unreadable = false;
  #read = this.token;

  constructor(url: string) {
    this.server = new URL(url);
  }

  reload(): void {
    this.#read = this.token;
  }

  async identity(): Promise<Identity> {
    if (this.unreadable) throw new Error('no such file');
    return { headers: { Authorization: `Bearer ${this.#read}` }, tls: {} };
  }
}
