import { expect } from 'chai';
import { at, listAt, textAt } from '../../cluster/support/value.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

const autoscalers = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' };

describe('a deployment with a HorizontalPodAutoscaler', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
    await world.namespace('shop');
    await world.deploy('shop', 'web', 3);
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const autoscaler = (name: string, target: string) =>
    world.create(autoscalers, 'shop', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
        minReplicas: 1,
        maxReplicas: 9,
      },
    });
  const scale = () =>
    world.configure('shop', 'scale', {
      scalingMode: 'randomScale',
      minReplicas: 5,
      maxReplicas: 5,
    });
  const autoscaled = () => world.condition('shop', 'scale', 'Autoscaled');

  it('is told so in a condition and a Warning Event, and still disturbed', async () => {
    await autoscaler('web-hpa', 'web');
    world.controller();
    await scale();
    await until('the condition', () => autoscaled() === 'True HorizontalPodAutoscalerFound');
    const condition = listAt(world.status('shop', 'scale'), 'conditions').find(
      (one) => at(one, 'type') === 'Autoscaled',
    );
    expect(textAt(condition, 'message')).to.contain('web-hpa');
    expect(await world.tick('shop', 'scale', 1)).to.equal('Acted Acted');
    expect(world.replicas('shop', 'web')).to.equal(5);
    const warnings = () =>
      [...world.cluster.store.collection('events').list({ namespace: 'shop' })].filter(
        (event) => textAt(event, 'type') === 'Warning',
      );
    await until('the Event', () => warnings().length === 1);
    await world.tick('shop', 'scale', 2);
    expect(textAt(warnings()[0], 'reason')).to.equal('Autoscaled');
    expect(warnings()).to.have.length(1);
  });

  it('hears of one that comes or goes at the next tick', async () => {
    await autoscaler('other-hpa', 'other');
    world.controller();
    await scale();
    await world.active('shop', 'scale');
    expect(await world.tick('shop', 'scale', 1)).to.equal('Acted Acted');
    expect(autoscaled()).to.equal('');
    await autoscaler('web-hpa', 'web');
    await world.tick('shop', 'scale', 2);
    await until('the condition', () => autoscaled() === 'True HorizontalPodAutoscalerFound');
    await world.remove(autoscalers, 'shop', 'web-hpa');
    await world.tick('shop', 'scale', 3);
    await until('its end', () => autoscaled() === 'False NoHorizontalPodAutoscaler');
  });

  it('is disturbed although nobody may look', async () => {
    using _forbidden = world.cluster.access.forbid({
      verb: 'list',
      resource: 'horizontalpodautoscalers',
    });
    world.controller();
    await scale();
    await world.active('shop', 'scale');
    expect(await world.tick('shop', 'scale', 1)).to.equal('Acted Acted');
    expect(autoscaled()).to.equal('');
  });

  it('no watch is opened on autoscalers', async () => {
    world.controller();
    await scale();
    await world.active('shop', 'scale');
    await world.tick('shop', 'scale', 1);
    expect(world.cluster.requests.count('watch', 'horizontalpodautoscalers')).to.equal(0);
    expect(world.cluster.requests.count('list', 'horizontalpodautoscalers')).to.be.within(1, 2);
  });
});
