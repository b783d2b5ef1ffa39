import { expect } from 'chai';
import { banner, shellWord } from '../../../../src/playground/demo/banner.ts';

describe('the start of the demo', () => {
  const facts = {
    version: '4.0.0',
    url: 'http://127.0.0.1:1234',
    kubeconfig: '/tmp/my demo/config',
    seed: 's',
    durationMs: 30_000,
  };

  it('says what runs, where, for how long, and what to try', () => {
    const text = banner(facts, (_style, plain) => plain);
    expect(text)
      .to.contain('for 30s')
      .and.contain('http://127.0.0.1:1234')
      .and.contain("export KUBECONFIG='/tmp/my demo/config'");
    expect(text.match(/^ {2}kubectl /gm)).to.have.length(5);
    expect(banner({ ...facts, durationMs: undefined }, (_style, plain) => plain)).to.contain(
      'until Ctrl-C',
    );
  });

  for (const [word, quoted] of [
    ['/tmp/a-b_c.d', '/tmp/a-b_c.d'],
    ['a b', "'a b'"],
    ["it's", String.raw`'it'\''s'`],
    ['$(x)', "'$(x)'"],
  ] as const) {
    it(`quotes ${word} for a shell as ${quoted}`, () => {
      expect(shellWord(word)).to.equal(quoted);
    });
  }
});
