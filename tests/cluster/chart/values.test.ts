import { expect } from 'chai';
import { CHART, runHelm } from '../support/helm.ts';
import { kubeconfigPath } from '../support/real-cluster.ts';
import { EVERYTHING, NOTHING, type Values } from './rendered.ts';

const lint = (values: Values) => runHelm(kubeconfigPath(), ['lint', '--strict', CHART], values);

const render = (values: Values) =>
  runHelm(kubeconfigPath(), ['template', 'chaos-monkey', CHART], values);

describe('helm lint --strict', function () {
  this.timeout(30_000);

  const cases: readonly [string, Values][] = [
    ['the defaults', {}],
    ['everything switched on', EVERYTHING],
    ['everything switched off', NOTHING],
    ['some namespaces only', { watchNamespaces: ['shop'] }],
  ];
  for (const [name, values] of cases) {
    it(`finds nothing wrong with ${name}`, async () => {
      const { code, stdout, stderr } = await lint(values);
      expect(code, stdout + stderr).to.equal(0);
      expect(stdout).to.contain('0 chart(s) failed').and.not.contain('[WARNING]');
    });
  }
});

describe('helm refuses', function () {
  this.timeout(30_000);

  const refused: readonly [Values, string][] = [
    [{ replica: 1 }, "additional properties 'replica' not allowed"],
    [{ image: { tga: 'x' } }, "at '/image': additional properties 'tga' not allowed"],
    [{ replicas: 'two' }, "at '/replicas': got string, want integer"],
    [{ behavior: 'Some' }, "at '/behavior': value must be one of 'AllowAll', 'DenyAll'"],
    [{ watchNamespaces: ['Shop'] }, "at '/watchNamespaces/0': 'Shop' does not match pattern"],
    [{ leaderElection: { leaseDuration: 15 } }, "at '/leaderElection/leaseDuration': got number"],
    [{ extraEnv: [{ name: 'A', value: 1 }] }, "at '/extraEnv/0/value': got number, want string"],
    [
      { replicas: 2, leaderElection: { enabled: false } },
      'replicas: expected at most 1 with leaderElection.enabled=false',
    ],
  ];
  for (const [values, message] of refused) {
    it(`${JSON.stringify(values)} and says what is wrong`, async () => {
      const { code, stderr } = await render(values);
      expect(code).to.not.equal(0);
      expect(stderr).to.contain(message);
    });
  }
});
