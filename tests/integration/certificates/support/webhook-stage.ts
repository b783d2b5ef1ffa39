import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configurationCrd } from '../../../../src/configuration/crd.ts';
import {
  readCertificates,
  readKeyPair,
} from '../../../../src/controller/certificates/read-certificate.ts';
import type { OwnerReference } from '../../../../src/kubernetes/owner-reference.ts';
import { deployments } from '../../../../src/kubernetes/resources/deployments.ts';
import { secrets } from '../../../../src/kubernetes/resources/secrets.ts';
import { at, textAt } from '../../../cluster/support/value.ts';
import { until } from '../../controller/support/until.ts';
import { World } from '../../controller/support/world.ts';
import { NAMESPACE, type ReplicaShape, WebhookReplica } from './webhook-replica.ts';

export const SERVING = 'chaos-monkey-webhook-tls';
export const AUTHORITY = 'chaos-monkey-webhook-ca';
export const DEFINITION = 'chaosmonkeyconfigurations.cm.massix.github.io';
export const definitions = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
};

const OLD_DEFINITION = new URL('../../../cluster/manifests/old-definition.yaml', import.meta.url);

/** As the chart has it: with the webhook, and without whom to trust. */
export const chartDefinition = configurationCrd;

export function oldDefinition(): unknown {
  return parse(readFileSync(OLD_DEFINITION, 'utf8'));
}

/** A simulated cluster with the program's namespace and Deployment, and replicas of the program. */
export class WebhookStage implements AsyncDisposable {
  readonly world: World;
  readonly owner: OwnerReference;
  readonly replicas: WebhookReplica[] = [];

  private constructor(world: World, owner: OwnerReference) {
    this.world = world;
    this.owner = owner;
  }

  /** @param definition null: there is none */
  static async start(definition: unknown = chartDefinition()): Promise<WebhookStage> {
    const world = await World.start({ crd: false, workloads: false });
    if (definition !== null) await world.create(definitions, '', definition);
    await world.namespace(NAMESPACE);
    const labels = { app: 'chaos-monkey' };
    const made = await world.create(deployments, NAMESPACE, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'chaos-monkey' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'b' }] } },
      },
    });
    const uid = textAt(made, 'metadata', 'uid');
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'chaos-monkey', uid };
    return new WebhookStage(world, owner);
  }

  replica(shape: ReplicaShape): WebhookReplica {
    const replica = new WebhookReplica(this.world, { owner: this.owner, ...shape });
    this.replicas.push(replica);
    return replica;
  }

  get definition(): unknown {
    return this.world.find(definitions, '', DEFINITION);
  }

  get conversion(): unknown {
    return at(this.definition, 'spec', 'conversion');
  }

  /** Whom the API server trusts, PEM. */
  get trusted(): string {
    return decode(textAt(this.conversion, 'webhook', 'clientConfig', 'caBundle'));
  }

  secret(name: string): unknown {
    return this.world.find(secrets, NAMESPACE, name);
  }

  /** A value of a Secret as text; empty where there is none. */
  text(name: string, key: string): string {
    return decode(textAt(this.secret(name), 'data', key));
  }

  /** Fingerprint of the serving certificate in the Secret; empty when it is none. */
  get leaf(): string {
    return readCertificates(this.text(SERVING, 'tls.crt'))[0]?.fingerprint ?? '';
  }

  /** Whether everything is there and fits together. */
  get isWhole(): boolean {
    const pairOf = (name: string) =>
      readKeyPair(this.text(name, 'tls.crt'), this.text(name, 'tls.key'));
    const [leaf, authority] = [pairOf(SERVING), pairOf(AUTHORITY)];
    const bundle = this.text(SERVING, 'ca.crt');
    if (leaf === undefined || authority === undefined || bundle !== this.trusted) return false;
    const trusted = readCertificates(bundle);
    return (
      trusted.some(({ fingerprint }) => fingerprint === authority.fingerprint) &&
      trusted.some(({ x509 }) => leaf.x509.verify(x509.publicKey))
    );
  }

  async untilWhole(): Promise<void> {
    await until(
      'everything to be whole',
      () => this.isWhole,
      () => this.said,
    );
  }

  /** Deletes the Secret of the certificate, and then puts another there that holds nothing of use. */
  async breakSecrets(): Promise<void> {
    await this.world.remove(secrets, NAMESPACE, SERVING);
    await this.world.create(secrets, NAMESPACE, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: SERVING, labels: { 'app.kubernetes.io/managed-by': 'chaos-monkey' } },
      data: { 'tls.crt': encode('rubbish'), 'tls.key': encode('rubbish') },
    });
    for (const replica of this.replicas) {
      await until('it to be seen', () =>
        replica.facts.problems.some((problem) => problem.includes('holds no certificate')),
      );
    }
  }

  /** Lets time pass in small steps until it is so. @returns how much, ms */
  async pass(what: string, isSo: () => boolean, stepMs = 500): Promise<number> {
    const { clock } = this.world;
    const begun = clock.monotonic();
    await until(
      what,
      async () => {
        if (isSo()) return true;
        await clock.skip(stepMs);
        return isSo();
      },
      () => this.said,
    );
    return clock.monotonic() - begun;
  }

  /** `reason: message` of Events on the Deployment. */
  get events(): readonly string[] {
    return this.world.events(NAMESPACE);
  }

  /** What all replicas have logged. */
  get said(): readonly string[] {
    return this.replicas.flatMap(({ log }) => log.lines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      for (const replica of this.replicas) await replica[Symbol.asyncDispose]();
      this.#expectNoKeyTold();
    } finally {
      await this.world[Symbol.asyncDispose]();
    }
  }

  /** Neither the log nor an Event has any line of a private key that is, or was, in a Secret. */
  #expectNoKeyTold(): void {
    const told = [...this.said, ...this.events].join('\n');
    const keys = [this.text(SERVING, 'tls.key'), this.text(AUTHORITY, 'tls.key')];
    const lines = keys
      .flatMap((key) => key.split('\n'))
      .filter((line) => /^[\w+/=]{30,}$/.test(line));
    for (const line of lines) {
      const quoted = Buffer.from(line).toString('base64').slice(0, 40);
      if (told.includes(line) || told.includes(quoted)) throw new Error('a private key was told');
    }
    if (/PRIVATE KEY|QkVHSU4g/.test(told)) throw new Error('a private key was told');
  }
}

export function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
