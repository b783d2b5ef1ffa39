import { expect } from 'chai';
import { readSpec } from '../../../../src/configuration/read-spec.ts';
import { demoObjects } from '../../../../src/playground/demo/demo-objects.ts';

describe('what the demo shows', () => {
  it('is one valid configuration for each mode in an opted-in namespace, and others elsewhere', () => {
    const { configurations, deployments } = demoObjects(5000);
    const specs = configurations.map(({ spec }) => readSpec(spec));
    expect(specs.map(({ ok }) => ok)).to.deep.equal([true, true, true, true, true]);
    const of = (namespace: string) =>
      configurations
        .filter(({ metadata }) => Object(metadata).namespace === namespace)
        .map(({ spec }) => Object(spec).scalingMode);
    expect(of('shop')).to.have.members(['killPod', 'randomScale', 'antiPressure']);
    expect(of('billing')).to.deep.equal(['killPod']);
    expect(of('kube-system')).to.deep.equal(['killPod']);
    const targets = deployments.map(
      ({ metadata }) => `${Object(metadata).namespace}/${Object(metadata).name}`,
    );
    for (const { metadata, spec } of configurations) {
      expect(targets).to.include(`${Object(metadata).namespace}/${Object(spec).deployment.name}`);
    }
  });

  it('is never faster than the shortest timeout that is accepted', () => {
    for (const { spec } of demoObjects(1).configurations) expect(readSpec(spec).ok).to.equal(true);
  });
});
