import { expect } from 'chai';
import { judgeNamespace } from '../../../src/controller/opt-in.ts';

const protectedNamespaces = new Set(['kube-system']);

describe('judgeNamespace', () => {
  const cases: readonly ['ALLOWALL' | 'DENYALL', string | undefined, string][] = [
    ['ALLOWALL', undefined, 'watched'],
    ['ALLOWALL', 'true', 'watched'],
    ['ALLOWALL', 'False', 'watched'],
    ['ALLOWALL', '', 'watched'],
    ['ALLOWALL', 'false', 'opted_out'],
    ['DENYALL', undefined, 'opted_out'],
    ['DENYALL', 'false', 'opted_out'],
    ['DENYALL', 'TRUE', 'opted_out'],
    ['DENYALL', 'true ', 'opted_out'],
    ['DENYALL', 'true', 'watched'],
  ];
  for (const [behavior, optIn, expected] of cases) {
    it(`finds a namespace labelled ${JSON.stringify(optIn)} ${expected} under ${behavior}`, () => {
      const verdict = judgeNamespace(
        { name: 'team', optIn, terminating: false },
        { behavior, protectedNamespaces },
      );
      expect(verdict).to.equal(expected);
    });
  }

  it('protects a namespace whatever its label', () => {
    const rule = { behavior: 'DENYALL', protectedNamespaces } as const;
    expect(
      judgeNamespace({ name: 'kube-system', optIn: 'true', terminating: false }, rule),
    ).to.equal('protected');
  });

  it('leaves a namespace that is being deleted alone', () => {
    const rule = { behavior: 'ALLOWALL', protectedNamespaces } as const;
    expect(judgeNamespace({ name: 'team', optIn: 'true', terminating: true }, rule)).to.equal(
      'terminating',
    );
  });
});
