import type { JsonObject } from '../patch/json.ts';
import { textAt } from '../tables/read.ts';
import { mapItems, mapObject, withFields } from './defaults.ts';

/** A pod's spec with the values the API server gives where there are none. */
export function withPodSpecDefaults(spec: JsonObject): JsonObject {
  const account = textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount');
  const filled = withFields(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    ...(account === '' ? {} : { serviceAccountName: account, serviceAccount: account }),
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  return mapItems(
    mapItems(filled, 'containers', withContainerDefaults),
    'initContainers',
    withContainerDefaults,
  );
}

function withContainerDefaults(container: JsonObject): JsonObject {
  const filled = withFields(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(textAt(container, 'image')),
  });
  const ported = mapItems(filled, 'ports', (port) => withFields(port, { protocol: 'TCP' }));
  return ['readinessProbe', 'livenessProbe', 'startupProbe'].reduce(
    (object, field) => mapObject(object, field, withProbeDefaults),
    ported,
  );
}

function withProbeDefaults(probe: JsonObject): JsonObject {
  const called = mapObject(probe, 'httpGet', (get) =>
    withFields(get, { path: '/', scheme: 'HTTP' }),
  );
  return withFields(called, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
}

/** Images that are not pinned to a version are pulled each time. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}
