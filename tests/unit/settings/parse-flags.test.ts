import { expect } from 'chai';
import { optionalText, port, toggle } from '../../../src/settings/kinds.ts';
import { parseFlags } from '../../../src/settings/parse-flags.ts';

const DEFINITIONS = {
  metricsPort: port({ description: 'A port.', defaultText: '9000' }),
  seed: optionalText({ description: 'A seed.' }),
  dryRun: toggle({ description: 'A switch.', defaultText: 'false' }),
};

const parse = (...argv: string[]) => parseFlags(DEFINITIONS, argv);

describe('parseFlags', () => {
  const accepted: readonly [readonly string[], Record<string, string>][] = [
    [[], {}],
    [['--metrics-port', '1'], { metricsPort: '1' }],
    [['--metrics-port=1'], { metricsPort: '1' }],
    [['--metrics-port=1', '--metrics-port', '2'], { metricsPort: '2' }],
    [['--seed='], { seed: '' }],
    [['--seed=-x'], { seed: '-x' }],
    [['--seed', 'a b=c'], { seed: 'a b=c' }],
    [['--dry-run'], { dryRun: 'true' }],
    [['--no-dry-run'], { dryRun: 'false' }],
    [['--dry-run', '--no-dry-run'], { dryRun: 'false' }],
    [['--seed', 'x', '--'], { seed: 'x' }],
  ];
  for (const [argv, texts] of accepted) {
    it(`reads ${JSON.stringify(argv.join(' '))}`, () => {
      expect(Object.fromEntries(parse(...argv).texts)).to.deep.equal(texts);
    });
  }

  it('knows help, version and the settings file', () => {
    expect(parse('--help')).to.include({ help: true, version: false });
    expect(parse('-h', '-V')).to.include({ help: true, version: true });
    expect(parse('--config', 'x.yaml')).to.include({ config: 'x.yaml', help: false });
    expect(parse().config).to.equal(undefined);
  });

  const refused: readonly [readonly string[], string][] = [
    [['--metric-port', '1'], 'unknown flag --metric-port; did you mean --metrics-port?'],
    [['--quite-another'], 'unknown flag --quite-another'],
    [['-x'], 'unknown flag -x'],
    [['-hx'], 'unknown flag -x'],
    [['--constructor'], 'unknown flag --constructor'],
    [['--__proto__=1'], 'unknown flag --__proto__'],
    [['--no-seed'], 'unknown flag --no-seed; did you mean --seed?'],
    [['--no-help'], 'unknown flag --no-help; did you mean --help?'],
    [['--seed'], '--seed: expected a value, got none'],
    [
      ['--seed', '--dry-run'],
      '--seed: expected a value, got "--dry-run"; if --dry-run is the value, write --seed=--dry-run',
    ],
    [['--dry-run=yes'], '--dry-run is a switch: expected no value, got "yes"'],
    [['--dry-run', 'yes'], 'unexpected argument "yes": only flags are expected'],
    [['--', '--seed'], 'unexpected argument "--seed": only flags are expected'],
    [['web'], 'unexpected argument "web": only flags are expected'],
  ];
  for (const [argv, message] of refused) {
    it(`refuses ${JSON.stringify(argv.join(' '))}`, () => {
      expect(() => parse(...argv))
        .to.throw(message)
        .with.property('code', 'ERR_SETTINGS_INVALID');
    });
  }
});
