import { expect } from 'chai';
import {
  convertConfiguration,
  isConfigurationVersion,
} from '../../../src/configuration/conversion/convert.ts';
import { configurationCrd } from '../../../src/configuration/crd.ts';
import { type SimulatedCluster, startSimulatedCluster } from '../../../src/playground/cluster.ts';
import type { ConvertObject } from '../../../src/playground/crd/version-codec.ts';
import { call, post, watchEvents } from './api-client.ts';

const GROUP = 'cm.massix.github.io';
const path = (version: string) =>
  `/apis/${GROUP}/${version}/namespaces/default/chaosmonkeyconfigurations`;

const convert: ConvertObject = (object, apiVersion) => {
  if (!isConfigurationVersion(apiVersion)) throw new Error(`no version ${apiVersion}`);
  return JSON.parse(JSON.stringify(convertConfiguration(object, apiVersion)));
};

describe('a kind of two versions on the simulated cluster', () => {
  let cluster: SimulatedCluster;
  let broken: boolean;
  beforeEach(async () => {
    broken = false;
    cluster = await startSimulatedCluster({
      workloads: false,
      conversions: {
        [`chaosmonkeyconfigurations.${GROUP}`]: (object, apiVersion) => {
          if (broken) throw new Error('nobody is there');
          return convert(object, apiVersion);
        },
      },
    });
    await post(
      cluster,
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      configurationCrd(),
    );
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  const v1 = {
    kind: 'ChaosMonkeyConfiguration',
    apiVersion: `${GROUP}/v1`,
    metadata: { name: 'web' },
    spec: {
      enabled: true,
      minReplicas: 1,
      maxReplicas: 3,
      scalingMode: 'antiPressure',
      deployment: { name: 'web' },
      timeout: '90s',
      seed: 's',
    },
  };
  const patch = (version: string, body: unknown, subresource = '') =>
    call(cluster, `${path(version)}/web${subresource}`, {
      method: 'PATCH',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/merge-patch+json' },
    });

  it('is shown in both, with a warning in the one that is deprecated', async () => {
    await post(cluster, path('v1'), v1);
    const { body, headers } = await call(cluster, `${path('v1alpha1')}/web`);
    expect(Object(body.spec)).to.include({ deploymentName: 'web', podMode: false, maxReplicas: 3 });
    expect(headers.get('warning')).to.equal(
      `299 - "${GROUP}/v1alpha1 is now deprecated, please migrate to ${GROUP}/v1"`,
    );
    expect((await call(cluster, path('v1'))).headers.get('warning')).to.equal(null);
  });

  it('keeps what the older version does not know through a write in it', async () => {
    await post(cluster, path('v1'), v1);
    await patch('v1', { status: { ticks: 7 } }, '/status');
    expect((await patch('v1alpha1', { spec: { maxReplicas: 4 } })).code).to.equal(200);
    const { body } = await call(cluster, `${path('v1')}/web`);
    expect([body.spec, body.status]).to.deep.equal([{ ...v1.spec, maxReplicas: 4 }, { ticks: 7 }]);
  });

  it('is checked by the version it is written in', async () => {
    const spec = { deploymentName: 'web', maxReplicas: 11 };
    const object = { ...v1, apiVersion: `${GROUP}/v1alpha1`, spec };
    const { code, body } = await post(cluster, path('v1alpha1'), object);
    expect([code, body.message]).to.deep.equal([
      422,
      `ChaosMonkeyConfiguration.${GROUP} "web" is invalid: [spec.maxReplicas: Invalid value: 11: spec.maxReplicas in body should be less than or equal to 10, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]`,
    ]);
  });

  it('answers 500, and ends a watch with an error, while nobody converts', async () => {
    const stop = new AbortController();
    await post(cluster, path('v1'), v1);
    const events = watchEvents(cluster, `${path('v1alpha1')}?watch=1`, stop.signal);
    expect((await events.next()).value?.type).to.equal('ADDED');
    broken = true;
    expect((await patch('v1', { spec: { seed: 't' } })).code).to.equal(200);
    const { value } = await events.next();
    expect([value?.type, value?.object.code]).to.deep.equal(['ERROR', 500]);
    const { code, body } = await call(cluster, path('v1alpha1'));
    expect([code, body.message]).to.deep.equal([
      500,
      `conversion webhook for ${GROUP}/v1, Kind=ChaosMonkeyConfiguration failed: nobody is there`,
    ]);
    stop.abort();
  });

  it('goes with its definition, objects first', async () => {
    await post(cluster, path('v1'), v1);
    const definition = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/chaosmonkeyconfigurations.${GROUP}`;
    expect((await call(cluster, definition, { method: 'DELETE' })).code).to.equal(200);
    expect(cluster.registry.find(GROUP, 'v1', 'chaosmonkeyconfigurations')).to.equal(undefined);
    expect((await call(cluster, definition)).code).to.equal(404);
  });
});
