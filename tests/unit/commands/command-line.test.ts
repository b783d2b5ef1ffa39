import { expect } from 'chai';
import { type Command, defineCommand } from '../../../src/commands/command.ts';
import { runCommandLine } from '../../../src/commands/command-line.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { controllerSettings } from '../../../src/settings/controller-settings.ts';
import { optionalText, port, toggle } from '../../../src/settings/kinds.ts';
import { Capture } from '../../fakes/capture.ts';

const settings = {
  metricsPort: port({ description: 'Port to listen on.', defaultText: '9000', lenient: true }),
  seed: optionalText({ description: 'Seed of all.', otherwise: 'drawn' }),
  dryRun: toggle({ description: 'Whether to only say it.', defaultText: 'false' }),
};

/** Runs a command line on a command that is told what to do. */
async function run(
  argv: readonly string[],
  env: Record<string, string> = {},
  act: (got: object, signal: AbortSignal) => Promise<number> = async () => 0,
) {
  const loaded: string[] = [];
  const got: object[] = [];
  const stdout = new Capture();
  const stderr = new Capture();
  const available: readonly Command[] = [
    defineCommand({
      name: 'act',
      summary: 'Does something.',
      description: 'First paragraph.\n\nSecond paragraph.',
      settings,
      run: async ({ stdout: _out, stderr: _err, ...context }, signal) => {
        got.push(context);
        return act(context, signal);
      },
    }),
    defineCommand({
      name: 'idle',
      summary: 'Does nothing.',
      description: 'Nothing.',
      settings: {},
      run: async () => 0,
    }),
  ];
  const commands = new Map(
    available.map((command) => [
      command.name,
      async () => {
        loaded.push(command.name);
        return command;
      },
    ]),
  );
  const line = { argv, env, version: '4.0.0', stdout, stderr, commands };
  const code = await runCommandLine(line, new AbortController().signal);
  return { code, loaded, got, stdout: stdout.text, stderr: stderr.text };
}

describe('runCommandLine', () => {
  it('loads only the command that is asked for and gives it settings, environment and version', async () => {
    const env = { CHAOSMONKEY_SEED: 'x' };
    const { code, loaded, got } = await run(['act', '--metrics-port', '1', '--dry-run'], env);
    expect(code).to.equal(0);
    expect(loaded).to.deep.equal(['act']);
    expect(got).to.deep.equal([
      {
        settings: { metricsPort: 1, seed: 'x', dryRun: true },
        ignored: [],
        env,
        version: '4.0.0',
      },
    ]);
  });

  it('gives the exit code of the command', async () => {
    expect((await run(['act'], {}, async () => 7)).code).to.equal(7);
  });

  it('hands over what was ignored in the environment', async () => {
    const { code, got } = await run(['act'], { CHAOSMONKEY_METRICS_PORT: 'x' });
    expect(code).to.equal(0);
    expect(got[0]).to.have.nested.property('ignored[0].message').that.contains('METRICS_PORT');
  });

  const usage: readonly [readonly string[], string, string][] = [
    [['nope'], 'unknown command nope; expected one of act, idle', '--help'],
    [['idel'], 'unknown command idel; did you mean idle?', '--help'],
    [['--verbose'], 'unknown flag before a command --verbose; expected one of act, idle', '--help'],
    [['__proto__'], 'unknown command __proto__; expected one of act, idle', '--help'],
    [['act', '--sed', 'x'], 'unknown flag --sed; did you mean --seed?', 'act --help'],
    [['act', 'now'], 'unexpected argument "now": only flags are expected', 'act --help'],
    [
      ['act', '--metrics-port', 'x'],
      '--metrics-port: expected a whole number from 0 to 65535, got "x"',
      'act --help',
    ],
    [['help', 'nope'], 'unknown command nope; expected one of act, idle', '--help'],
  ];
  for (const [argv, message, help] of usage) {
    it(`ends ${JSON.stringify(argv.join(' '))} with 2, what is wrong and how to get help`, async () => {
      const { code, got, stdout, stderr } = await run(argv);
      expect(code).to.equal(2);
      expect(stderr).to.equal(
        `chaos-monkey: ${message}\nRun 'chaos-monkey ${help}' for what is accepted.\n`,
      );
      expect(stdout).to.equal('');
      expect(got).to.deep.equal([]);
    });
  }

  it('ends with 2 and the help when no command is given', async () => {
    const { code, stdout, stderr } = await run([]);
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.contain('Usage: chaos-monkey COMMAND [FLAGS]');
  });

  it('ends with 1 and the message with its causes when the command broke', async () => {
    const { code, stderr } = await run(['act'], {}, async () => {
      const cause = new Error('address already in use');
      throw new ChaosError('ERR_SERVER_LISTEN', 'cannot listen', { cause });
    });
    expect(code).to.equal(1);
    expect(stderr).to.equal('chaos-monkey: cannot listen: address already in use\n');
  });

  it('ends with 1 and the stack when something nobody foresaw was thrown', async () => {
    const { code, stderr } = await run(['act'], {}, async () => {
      throw new TypeError('bad');
    });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^chaos-monkey: TypeError: bad\n {4}at /);
  });

  for (const argv of [['--version'], ['-V'], ['act', '--version']]) {
    it(`prints the version for ${argv.join(' ')}`, async () => {
      expect(await run(argv)).to.include({ code: 0, stdout: 'chaos-monkey 4.0.0\n', stderr: '' });
    });
  }
});

describe('the help', () => {
  for (const argv of [['--help'], ['-h'], ['help']]) {
    it(`of the program, by ${argv.join(' ')}, lists every command`, async () => {
      const { code, stdout } = await run(argv);
      expect(code).to.equal(0);
      expect(stdout).to.contain('  act   Does something.\n  idle  Does nothing.\n');
    });
  }

  for (const argv of [
    ['act', '--help'],
    ['act', '--metrics-port', 'x', '-h'],
    ['help', 'act'],
  ]) {
    it(`of a command, by ${argv.join(' ')}, says everything about every flag`, async () => {
      const { code, stdout, got } = await run(argv);
      expect(code).to.equal(0);
      expect(got).to.deep.equal([]);
      expect(stdout).to.contain('First paragraph.\n\nSecond paragraph.\n');
      expect(stdout).to.contain(
        [
          '  --metrics-port PORT',
          '      Port to listen on.',
          '      accepted: a whole number from 0 to 65535',
          '      default: 9000',
          '      environment: CHAOSMONKEY_METRICS_PORT (an invalid value is logged, and the',
          '      default used)',
        ].join('\n'),
      );
      expect(stdout).to.contain('  --seed TEXT\n').and.contain('      default: drawn\n');
      expect(stdout).to.contain('  --dry-run, --no-dry-run\n      Whether to only say it.\n');
      for (const flag of ['--config FILE', '-h, --help', '-V, --version']) {
        expect(stdout).to.contain(`  ${flag}\n`);
      }
    });
  }

  it('keeps within 80 columns and names every setting of the controller', async () => {
    const { commandHelp } = await import('../../../src/commands/help.ts');
    const command = { name: 'controller', summary: '', description: 'It acts.' };
    const text = commandHelp(
      { ...command, settings: controllerSettings, run: async () => 0 },
      new Capture(),
    );
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
    const environment = text.match(/environment: \w+/g) ?? [];
    expect(environment).to.have.length(Object.keys(controllerSettings).length + 1);
  });
});
