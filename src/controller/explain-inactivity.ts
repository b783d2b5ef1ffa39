import { inactive } from './configuration-conditions.ts';
import { ConfigurationRecord } from './configuration-record.ts';
import type { ControllerContext } from './controller-context.ts';
import { NAMESPACE_LABEL } from './opt-in.ts';

/**
 * In a namespace that is not disturbed, tells every configuration so in its status, until `signal`
 * aborts: a tool that does nothing has to say why. What an earlier life scaled there is put back.
 */
export async function explainInactivity(
  context: ControllerContext,
  namespace: string,
  why: 'opted_out' | 'protected',
  signal: AbortSignal,
): Promise<void> {
  const { client, clock, statusWriter, restorer } = context;
  const told = new Map<string, ConfigurationRecord>();
  const onChange = (record: ConfigurationRecord) => statusWriter.schedule(record);
  restorer.settle(namespace);
  for await (const event of context.configurations.events({ namespace }, signal)) {
    if (event.type === 'SYNCED') continue;
    const { uid } = event.object.metadata;
    const known = told.get(uid);
    if (event.type === 'DELETED') {
      known?.abandon();
      told.delete(uid);
    } else if (known === undefined || known.status.observedGeneration !== event.object.generation) {
      const record = new ConfigurationRecord(event.object, { client, clock, onChange });
      told.set(uid, record);
      record.rest(event.object.generation, explanation(namespace, why));
    }
  }
}

function explanation(namespace: string, why: 'opted_out' | 'protected') {
  if (why === 'protected') {
    return inactive(
      'NamespaceProtected',
      `namespace ${namespace} is protected by the controller's settings`,
    );
  }
  return inactive(
    'NamespaceOptedOut',
    `namespace ${namespace} is not opted in; see its label ${NAMESPACE_LABEL} and the controller's behavior`,
  );
}
