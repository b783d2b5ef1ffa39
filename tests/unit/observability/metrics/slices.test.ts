import { expect } from 'chai';
import fc from 'fast-check';
import { counter } from '../../../../src/observability/metrics/family.ts';
import { MetricsRegistry } from '../../../../src/observability/metrics/metrics-registry.ts';
import { seriesTable } from '../../../../src/observability/metrics/series-table.ts';
import { ROWS_PER_SLICE, renderInSlices } from '../../../../src/observability/metrics/slices.ts';
import { readExposition } from '../../../fakes/read-exposition.ts';

function registryOf(namespaces: number): MetricsRegistry {
  const registry = new MetricsRegistry({
    rootNamespace: 'chaosmonkey',
    behavior: 'ALLOWALL',
    version: '4.0.0',
  });
  for (let i = 0; i < namespaces; i++) {
    const namespace = `namespace-${i}`;
    registry.crdWatcher(namespace).event('ADDED', i);
    registry.podWatcher(namespace, 'app=web').active(i);
    registry.deploymentWatcher(namespace, 'web').rescaled(i % 9);
    registry.antiPressureWatcher(namespace, 'app=web').killed(i);
  }
  return registry;
}

describe('renderInSlices', () => {
  it('renders 1,000 namespaces whole, in slices with a turn of the loop after each', async () => {
    const namespaces = 1_000;
    let turns = 0;
    let slices = 0;
    let text = '';
    for await (const slice of renderInSlices(
      registryOf(namespaces).sources(),
      async () => turns++,
    )) {
      slices++;
      // A row is a line, three with variants, and 14 of a histogram; a header is two.
      expect(slice.split('\n').length).to.be.at.most(ROWS_PER_SLICE * 14 + 2 * 40);
      text += slice;
    }
    const { samples } = readExposition(text);
    const perNamespace = { crd: 3 + 7 + 13, pod: 5, deployment: 2 + 13, antiPressure: 4 };
    const contract = samples.filter(({ labels }) => labels.namespace !== undefined);
    expect(contract).to.have.length(
      namespaces * Object.values(perNamespace).reduce((sum, count) => sum + count),
    );
    const rows = namespaces * (9 + 5 + 3 + 4);
    expect(slices).to.be.at.least(rows / ROWS_PER_SLICE);
    expect(turns).to.be.at.least(slices - 1);
  });

  it('goes on when series come and go between two slices', async () => {
    const table = seriesTable(['namespace'], { restarts: counter('restarts', 'Restarts') });
    const rows = Array.from({ length: 3 * ROWS_PER_SLICE }, (_, i) => table.acquire(`n${i}`));
    let text = '';
    let slices = 0;
    for await (const slice of renderInSlices([table])) {
      text += slice;
      if (slices++ > 0) continue;
      for (const row of rows) table.release(row);
      table.acquire('late');
    }
    const { samples } = readExposition(text);
    expect(samples).to.have.length(ROWS_PER_SLICE + 1);
    expect(samples.at(-1)?.labels).to.deep.equal({ namespace: 'late' });
    expect(table.size).to.equal(1);
  });

  it('writes any label value and help text such that they are read back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1 }),
        fc.string().filter((help) => help !== ''),
        async (names, help) => {
          const table = seriesTable(['name'], { things: counter('things', help) });
          for (const name of names) table.row(name).add('things', name.length);
          const text = (await Array.fromAsync(renderInSlices([table]))).join('');
          const { samples, helps } = readExposition(text);
          expect(samples.map(({ labels }) => labels.name)).to.deep.equal(names);
          expect(samples.map(({ value }) => value)).to.deep.equal(names.map((n) => n.length));
          expect(helps.get('things')).to.equal(help);
        },
      ),
    );
  });

  it('gives nothing for families without series', async () => {
    const table = seriesTable(['namespace'], { restarts: counter('restarts', 'Restarts') });
    expect(await Array.fromAsync(renderInSlices([table]))).to.deep.equal([]);
  });
});
