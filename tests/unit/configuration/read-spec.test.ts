import { expect } from 'chai';
import fc from 'fast-check';
import { readSpec, targetName } from '../../../src/configuration/read-spec.ts';

const GOOD = {
  enabled: true,
  minReplicas: 1,
  maxReplicas: 4,
  scalingMode: 'killPod',
  deployment: { name: 'web' },
  timeout: '1m30s',
};

const WITHOUT = Symbol('without');

function changed(changes: Readonly<Record<string, unknown>>): unknown {
  const entries: [string, unknown][] = Object.entries({ ...GOOD, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== WITHOUT));
}

describe('readSpec', () => {
  it('reads a complete spec', () => {
    const raw = changed({ seed: 'monday', restoreReplicas: false });
    expect(readSpec(raw)).to.deep.equal({
      ok: true,
      spec: {
        enabled: true,
        mode: 'killPod',
        deploymentName: 'web',
        minReplicas: 1,
        maxReplicas: 4,
        timeoutMs: 90_000,
        restoreReplicas: false,
        seed: 'monday',
      },
      warnings: [],
    });
  });

  it('takes a configuration that does not say so as disabled, restoring and unseeded', () => {
    const reading = readSpec(changed({ enabled: WITHOUT }));
    expect(reading).to.deep.include({ ok: true });
    expect(reading).to.have.nested.property('spec.enabled', false);
    expect(reading).to.have.nested.property('spec.restoreReplicas', true);
    expect(reading).to.not.have.nested.property('spec.seed');
  });

  it('takes an empty seed as none', () => {
    expect(readSpec(changed({ seed: '' }))).to.not.have.nested.property('spec.seed');
  });

  const accepted: readonly (readonly [string, Record<string, unknown>])[] = [
    ['a name of 253 characters', { deployment: { name: `${'a'.repeat(251)}.b` } }],
    ['a name with dots and digits', { deployment: { name: '0.web-1.example' } }],
    ['the shortest timeout', { timeout: '1s' }],
    ['a timeout with a fraction', { timeout: '1.5s' }],
    ['equal bounds', { minReplicas: 4 }],
    ['zero replicas', { minReplicas: 0, maxReplicas: 0 }],
    ['unknown fields', { dryRun: true, ['__proto__']: { enabled: 3 } }],
  ];
  for (const [what, changes] of accepted) {
    it(`accepts ${what}`, () => {
      expect(readSpec(changed(changes))).to.deep.include({ ok: true, warnings: [] });
    });
  }

  const name = 'a name of at most 253 lower-case letters, digits, "-" and "."';
  const replicas = 'an integer from 0 to 2147483647';
  const modes = 'one of randomScale, antiPressure, killPod';
  const long = 'a'.repeat(254);
  const refused: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ enabled: 'yes' }, 'spec.enabled: expected true or false, got "yes"'],
    [{ enabled: null }, 'spec.enabled: expected true or false, got null'],
    [{ minReplicas: '2' }, 'spec.minReplicas: expected an integer, got "2"'],
    [{ minReplicas: 1.5 }, 'spec.minReplicas: expected an integer, got 1.5'],
    [{ minReplicas: -1 }, `spec.minReplicas: expected ${replicas}, got -1`],
    [{ minReplicas: WITHOUT }, `spec.minReplicas: expected ${replicas}, got nothing`],
    [{ maxReplicas: WITHOUT }, `spec.maxReplicas: expected ${replicas}, got nothing`],
    [{ maxReplicas: 2 ** 31 }, `spec.maxReplicas: expected ${replicas}, got 2147483648`],
    [{ minReplicas: 5 }, 'spec.minReplicas: expected at most maxReplicas (4), got 5'],
    [{ scalingMode: WITHOUT }, `spec.scalingMode: expected ${modes}, got nothing`],
    [{ scalingMode: 'KillPod' }, `spec.scalingMode: expected ${modes}, got "KillPod"`],
    [{ scalingMode: 7 }, 'spec.scalingMode: expected a text, got 7'],
    [{ deployment: 'web' }, 'spec.deployment: expected an object, got "web"'],
    [{ deployment: ['web'] }, 'spec.deployment: expected an object, got ["web"]'],
    [{ deployment: WITHOUT }, `spec.deployment.name: expected ${name}, got nothing`],
    [{ deployment: {} }, `spec.deployment.name: expected ${name}, got nothing`],
    [{ deployment: { name: 5 } }, 'spec.deployment.name: expected a text, got 5'],
    [{ deployment: { name: '' } }, `spec.deployment.name: expected ${name}, got ""`],
    [{ deployment: { name: 'Web' } }, `spec.deployment.name: expected ${name}, got "Web"`],
    [{ deployment: { name: 'wéb' } }, `spec.deployment.name: expected ${name}, got "wéb"`],
    [{ deployment: { name: '-web' } }, `spec.deployment.name: expected ${name}, got "-web"`],
    [{ deployment: { name: 'web\n' } }, `spec.deployment.name: expected ${name}, got "web\\n"`],
    [{ deployment: { name: '../x' } }, `spec.deployment.name: expected ${name}, got "../x"`],
    [
      { deployment: { name: long } },
      `spec.deployment.name: expected ${name}, got "${'a'.repeat(64)}…" (254 characters)`,
    ],
    [{ timeout: 30 }, 'spec.timeout: expected a text, got 30'],
    [{ timeout: '0s' }, 'spec.timeout: expected a Go duration of at least 1s, got "0s"'],
    [{ timeout: '0' }, 'spec.timeout: expected a Go duration of at least 1s, got "0"'],
    [{ timeout: '-5m' }, 'spec.timeout: expected a Go duration of at least 1s, got "-5m"'],
    [{ timeout: '999ms' }, 'spec.timeout: expected a Go duration of at least 1s, got "999ms"'],
    [{ seed: 4 }, 'spec.seed: expected a text, got 4'],
    [{ restoreReplicas: 'no' }, 'spec.restoreReplicas: expected true or false, got "no"'],
  ];
  for (const [changes, message] of refused) {
    it(`refuses with ${message.slice(0, 110)}`, () => {
      expect(readSpec(changed(changes))).to.deep.equal({ ok: false, errors: [message] });
    });
  }

  for (const [raw, got] of [
    [undefined, 'nothing'],
    [null, 'null'],
    ['x', '"x"'],
    [[], '[]'],
  ] as const) {
    it(`refuses a spec that is ${got}`, () => {
      const errors = [`spec: expected an object, got ${got}`];
      expect(readSpec(raw)).to.deep.equal({ ok: false, errors });
    });
  }

  it('names every field that is wrong', () => {
    const reading = readSpec({ scalingMode: 'killPod', minReplicas: -1, timeout: '0s' });
    expect(reading.ok ? [] : reading.errors.map((error) => error.split(':')[0])).to.deep.equal([
      'spec.deployment.name',
      'spec.minReplicas',
      'spec.maxReplicas',
      'spec.timeout',
    ]);
  });

  const replaced: readonly (readonly [unknown, string])[] = [
    [WITHOUT, 'spec.timeout: not set, using 10m0s'],
    [
      'soon',
      'spec.timeout: expected a Go duration such as 30s, 1m30s or 500ms, got "soon": a number is missing; using 10m0s',
    ],
    [
      '',
      'spec.timeout: expected a Go duration such as 30s, 1m30s or 500ms, got "": it is empty; using 10m0s',
    ],
  ];
  for (const [timeout, warning] of replaced) {
    it(`warns with ${warning.slice(0, 90)}`, () => {
      const reading = readSpec(changed({ timeout }));
      expect(reading).to.deep.include({ ok: true, warnings: [warning] });
      expect(reading).to.have.nested.property('spec.timeoutMs', 600_000);
    });
  }

  it('answers whatever is stored without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(GOOD)), (value, key) => {
        expect(readSpec(value).ok).to.equal(false);
        expect(readSpec(changed({ [key]: value }))).to.have.property('ok');
      }),
    );
  });
});

describe('targetName', () => {
  it('finds the name in a spec that was refused', () => {
    expect(targetName({ deployment: { name: 'Web_1' }, minReplicas: 'x' })).to.equal('Web_1');
  });

  for (const odd of [undefined, null, {}, { deployment: 'x' }, { deployment: { name: 3 } }]) {
    it(`finds none in ${JSON.stringify(odd)}`, () => {
      expect(targetName(odd)).to.equal(undefined);
    });
  }
});
