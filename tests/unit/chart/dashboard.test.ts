import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { dashboard } from '../../../scripts/chart/dashboard/dashboard.ts';
import { rows } from '../../../scripts/chart/dashboard/rows.ts';
import { CHART } from '../../../scripts/generate-chart.ts';
import { MetricsRegistry } from '../../../src/observability/metrics/metrics-registry.ts';
import {
  apiRequestTable,
  tickOutcomeTable,
} from '../../../src/observability/metrics/new-families.ts';
import { listAt, textAt } from '../../cluster/support/value.ts';
import { readExposition } from '../../fakes/read-exposition.ts';

/** Names of families, with those of which nothing has been counted yet. */
function knownFamilies(): ReadonlyMap<string, string> {
  const registry = new MetricsRegistry({
    rootNamespace: 'chaosmonkey',
    behavior: 'ALLOWALL',
    version: '4.0.0',
  });
  const [requests, ticks] = [apiRequestTable(), tickOutcomeTable()];
  requests.row('get', 'pods', '200').add('requests', 1);
  ticks.row('killPod', 'acted', '').add('ticks', 1);
  const texts = [...registry.sources(), requests, ticks].flatMap((source) => [...source.texts()]);
  return readExposition(texts.join('')).types;
}

/** The families that are asked for in PromQL. */
function askedFor(text: string): readonly string[] {
  const families = knownFamilies();
  return [...text.matchAll(/chaos_monkey_\w+/g)].map(([name]) => {
    const [, family = name, suffix] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
    return suffix !== undefined && families.get(family) === 'histogram' ? family : name;
  });
}

describe('the dashboard', () => {
  it('takes the place of the one before, and asks the same two things', () => {
    const board = dashboard();
    expect(board).to.include({ uid: 'cdqn86stmrrwgd', title: 'Chaos Monkey', refresh: '30s' });
    expect(board).to.deep.include({ time: { from: 'now-15m', to: 'now' } });
    const variables = listAt(board, 'templating', 'list').map((one) => textAt(one, 'name'));
    expect(variables).to.deep.equal(['datasource', 'instance']);
  });

  it('keeps its rows and panels, and adds after them', () => {
    const titles = rows.map(({ title, panels }) => [title, panels.map((panel) => panel.title)]);
    expect(titles.slice(0, 4)).to.deep.equal([
      [
        'Basic Monitoring',
        [
          'Namespaces Monitored',
          'Active PodWatchers',
          'Active DeploymentWatchers',
          'Active AntiHPAWatchers',
          'Restarts per component',
          'Total Events Processed',
          'Time spent treating events in us for CRD Watchers',
          'Time spent treating events in us for NS Watchers',
        ],
      ],
      [
        'PodWatchers',
        [
          'Pods killed per minute',
          'Currently targeted pods',
          'Pods added per minute',
          'Pods removed per minute',
        ],
      ],
      [
        'DeploymentWatchers',
        [
          'Number of deployments scaled per minute',
          'Average values for rescale',
          'Last used scale',
        ],
      ],
      ['AntiHPAWatchers', ['Pods killed per minute', 'Average Value of CPU for Pods killed']],
    ]);
  });

  it('asks only for metrics that there are', () => {
    const expressions = rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries));
    const asked = askedFor(expressions.map(({ expr }) => expr).join('\n'));
    expect(asked).to.have.length.above(rows.length);
    for (const name of asked) expect([...knownFamilies().keys()]).to.include(name);
  });

  it('takes a rate of every histogram and of no gauge', () => {
    const families = knownFamilies();
    for (const { expr } of rows.flatMap(({ panels }) => panels.flatMap((one) => one.queries))) {
      for (const [, name = ''] of expr.matchAll(/rate\((chaos_monkey_\w+)/g)) {
        expect(families.get(name), expr).to.not.equal('gauge');
      }
      if (expr.includes('_bucket')) expect(expr).to.match(/sum by \(le.*rate\(/);
    }
  });

  it('has each panel in a place of its own', () => {
    const places = listAt(dashboard(), 'panels').map((panel) => {
      const { x, y } = Object(Object(panel).gridPos);
      return `${x}/${y}`;
    });
    expect(new Set(places).size).to.equal(places.length);
  });
});

describe('the alerts', () => {
  it('ask only for metrics that there are', async () => {
    const asked = askedFor(await readFile(new URL('templates/prometheusrule.yaml', CHART), 'utf8'));
    expect(asked).to.have.length.above(3);
    for (const name of asked) expect([...knownFamilies().keys()]).to.include(name);
  });
});
