import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { command } from '../../src/commands/playground.ts';
import { runDemo } from '../../src/playground/demo/run-demo.ts';
import { ChaosError } from '../../src/runtime/errors.ts';

const OPTIONS = {
  durationMs: undefined,
  everyMs: 1_000,
  port: 0,
  seed: 'test',
  kubeconfig: undefined,
  version: '0.0.0',
  paint: (_style: unknown, text: string) => text,
};

/** What the demo has written, and a wait for a text in it. */
class Terminal {
  text = '';
  #waiting: { readonly pattern: RegExp; readonly found: () => void }[] = [];

  write(text: string): void {
    this.text += text;
    this.#waiting = this.#waiting.filter(({ pattern, found }) => {
      if (!pattern.test(this.text)) return true;
      found();
      return false;
    });
  }

  shows(pattern: RegExp): Promise<void> {
    return new Promise((found) => {
      this.#waiting.push({ pattern, found });
      this.write('');
    });
  }

  /** The word after `name` in the banner. */
  fact(name: string): string {
    return new RegExp(`^ {2}${name} +(\\S+)`, 'm').exec(this.text)?.[1] ?? '';
  }
}

async function refused(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

describe('the demo', function () {
  this.timeout(30_000);
  let stdout: Terminal;
  let stderr: Terminal;
  let abort: AbortController;
  beforeEach(() => {
    stdout = new Terminal();
    stderr = new Terminal();
    abort = new AbortController();
  });
  afterEach(() => abort.abort());

  it('disturbs by all three modes, leaves the others alone, says why, and leaves nothing', async () => {
    const demo = runDemo({ ...OPTIONS, everyMs: 2_500, stdout, stderr }, abort.signal);
    await Promise.race([
      demo,
      Promise.all([
        stdout.shows(/acted +shop\/kill-catalog +killed pod catalog-\S+; 2 others were left alone/),
        stdout.shows(/acted +shop\/scale-checkout +scaled deployment checkout from \d to \d/),
        stdout.shows(/acted +shop\/press-search +killed pod search-\S+, the busiest with/),
        stdout.shows(/spared +billing\/kill-ledger +namespace billing is not opted in/),
        stdout.shows(/spared +kube-system\/kill-dns +namespace kube-system is protected/),
        stdout.shows(/healed +shop\/catalog +3 of 3 pods ready/),
      ]),
    ]);
    const [url, kubeconfig] = [stdout.fact('API'), stdout.fact('kubeconfig')];
    expect((await fetch(`${url}/livez`)).status).to.equal(200);
    expect(existsSync(kubeconfig)).to.equal(true);
    abort.abort();
    await demo;
    expect(stdout.text).to.match(
      /Summary of \d+ s\n.*disturbed: default, shop; opted out: billing/,
    );
    expect(stdout.text).to.contain(
      'elsewhere     0 pods lost in namespaces that are opted out or protected',
    );
    expect(await refused(`${url}/livez`)).to.equal(true);
    expect(existsSync(dirname(kubeconfig))).to.equal(false);
    expect(stderr.text).to.equal('');
  });

  it('ends by itself when its time is up, with a summary and exit code 0', async () => {
    const context = {
      ignored: [],
      env: {},
      version: '0.0.0',
      stdout: process.stdout,
      stderr: process.stderr,
    };
    const settings = { for: 1_000, every: 1_000, port: 0, seed: 's', kubeconfig: undefined };
    const output = Object.assign(Object.create(process.stdout), {
      isTTY: false,
      write: (text: string) => stdout.write(text),
    });
    expect(
      await command.run({ ...context, settings, stdout: output, stderr: output }, abort.signal),
    ).to.equal(0);
    expect(stdout.text)
      .to.contain(', for 1s')
      .and.match(/^Summary of \d+ s$/m);
  });

  it('ends at once when it is told to before it began', async () => {
    abort.abort();
    await runDemo({ ...OPTIONS, stdout, stderr }, abort.signal);
    expect(stdout.text).to.equal('');
  });

  it('chooses the same victims for the same seed', async () => {
    const firstVictim = async () => {
      const [terminal, end] = [new Terminal(), new AbortController()];
      const demo = runDemo({ ...OPTIONS, stdout: terminal, stderr }, end.signal);
      await Promise.race([demo, terminal.shows(/kill-catalog +killed pod \S+;/)]);
      end.abort();
      await demo;
      return /kill-catalog +killed pod (\S+);/.exec(terminal.text)?.[1];
    };
    const victim = await firstVictim();
    expect(victim).to.match(/^catalog-/);
    expect(await firstVictim()).to.equal(victim);
  });

  it('refuses a port that is taken, naming it', async () => {
    const first = runDemo({ ...OPTIONS, stdout, stderr }, abort.signal);
    await Promise.race([first, stdout.shows(/API +http/)]);
    const port = Number(new URL(stdout.fact('API')).port);
    const error = await runDemo(
      { ...OPTIONS, port, stdout: new Terminal(), stderr },
      abort.signal,
    ).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ChaosError).with.property('code', 'ERR_SERVER_LISTEN');
    expect(String(error)).to.contain(String(port));
    abort.abort();
    await first;
  });
});
