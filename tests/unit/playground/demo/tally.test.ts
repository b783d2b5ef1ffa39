import { expect } from 'chai';
import { painter } from '../../../../src/playground/demo/painter.ts';
import { Tally } from '../../../../src/playground/demo/tally.ts';

const plain = painter({ isTTY: false, env: {} });
const namespaces = { disturbed: ['shop'], optedOut: ['billing'], protected: ['kube-system'] };

describe('the summary of the demo', () => {
  it('says so when nothing has happened', () => {
    expect(new Tally().summary(namespaces, 2.2, plain)).to.equal(
      [
        'Summary of 2 s',
        '  namespaces    disturbed: shop; opted out: billing; protected: kube-system',
        '  ticks         none yet: the first comes after one whole timeout',
        '  victims       none',
        '  elsewhere     0 pods lost in namespaces that are opted out or protected',
        '',
      ].join('\n'),
    );
  });

  it('counts ticks by mode and outcome, names skips and victims', () => {
    const tally = new Tally();
    const acted = (victim: string) => ({
      result: 'Acted',
      reason: 'Acted',
      message: '',
      victims: [victim],
    });
    const skipped = { result: 'Skipped', reason: 'NoReadyPods', message: '', victims: [] };
    tally.add('killPod', 'shop', acted('a'));
    tally.add('killPod', 'shop', skipped);
    tally.add('antiPressure', 'shop', { ...skipped, result: 'Failed', reason: 'Forbidden' });
    const summary = tally.summary(namespaces, 30, plain);
    expect(summary).to.contain(
      '  antiPressure  0 acted, 0 skipped, 1 failed\n  killPod       1 acted, 1 skipped, 0 failed',
    );
    expect(summary).to.contain('  skipped       NoReadyPods 1');
    expect(summary).to.contain('  victims       1 pod: shop/a');
  });

  it('names the latest victims when there are many', () => {
    const tally = new Tally();
    for (let index = 0; index < 20; index++) {
      tally.add('killPod', 'shop', {
        result: 'Acted',
        reason: 'Acted',
        message: '',
        victims: [`p${index}`],
      });
    }
    expect(tally.summary(namespaces, 30, plain)).to.contain(
      '  victims       20 pods: … shop/p12, shop/p13',
    );
  });
});

describe('colours', () => {
  const cases = [
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ] as const;
  for (const [isTTY, env, coloured] of cases) {
    it(`${coloured ? 'are' : 'are not'} used with ${JSON.stringify(env)}, terminal: ${isTTY}`, () => {
      expect(painter({ isTTY, env })('red', 'x') !== 'x').to.equal(coloured);
    });
  }
});
