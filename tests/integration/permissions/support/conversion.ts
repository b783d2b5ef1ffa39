import { configurationCrd } from '../../../../src/configuration/crd.ts';
import { textAt } from '../../../cluster/support/value.ts';
import { until } from '../../controller/support/until.ts';
import { PLURAL, type World } from '../../controller/support/world.ts';

const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
};
const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** Our definition as the chart has it, with the webhook and without whom to trust. */
export async function installDefinition(world: World): Promise<void> {
  const definition = configurationCrd();
  await world.create(DEFINITIONS, '', definition);
  const kind = `${PLURAL}.${definition.spec.group}`;
  await until('the kind to be served', () => world.cluster.store.has(kind));
}

export interface ConversionNames {
  /** Of the Secrets. */
  readonly namespace: string;
  readonly servingSecret: string;
  readonly authoritySecret: string;
  readonly definition: string;
}

/** Lets the program make its certificates, and then repair what somebody has broken of them. */
export async function breakConversion(world: World, names: ConversionNames): Promise<void> {
  const { namespace, servingSecret, authoritySecret, definition } = names;
  const certificate = (secret: string) =>
    textAt(world.find(SECRETS, namespace, secret), 'data', 'tls.crt');
  const trusted = () =>
    textAt(
      world.find(DEFINITIONS, '', definition),
      ...['spec', 'conversion', 'webhook', 'clientConfig', 'caBundle'],
    );
  await until('certificates', () => certificate(servingSecret) !== '' && trusted() !== '');

  // The second time the same Event is counted up.
  for (let times = 0; times < 2; times += 1) {
    const conversion = { webhook: { clientConfig: { caBundle: null } } };
    await world.patch(DEFINITIONS, '', definition, { spec: { conversion } });
    await until('the caBundle to be put back', () => trusted() !== '');
  }
  for (const secret of [servingSecret, authoritySecret]) {
    const data = { 'tls.crt': RUBBISH };
    await world.patch(SECRETS, namespace, secret, { data });
    await until(`${secret} to be repaired`, () => certificate(secret) !== RUBBISH);
  }
  await world.remove(SECRETS, namespace, servingSecret);
  await until('a certificate to be made again', () => certificate(servingSecret) !== '');
}

/** In base64. */
const RUBBISH = Buffer.from('rubbish').toString('base64');
