import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import type { ClusterFixture } from '../support/cluster-fixture.ts';
import { configuration } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { at, listAt, nameOf } from '../support/value.ts';
import { DEPRECATION, Kubectl, NEW, OLD, oldConfiguration } from './old-version.ts';

/** v1alpha1 by kubectl, as its users know it. */
export function describeKubectl(cluster: ClusterFixture): void {
  describe('kubectl works with v1alpha1', () => {
    const open = async () => new Kubectl(cluster, await cluster.namespace());

    it('create stores a v1 object', async () => {
      const kubectl = await open();
      await kubectl.run(['create', '-f', '-'], oldConfiguration('web', { podMode: false }));
      const { spec } = Object(await kubectl.get(NEW, 'web'));
      expect(spec).to.deep.equal({
        deployment: { name: 'web' },
        enabled: true,
        maxReplicas: 5,
        minReplicas: 0,
        scalingMode: 'randomScale',
        timeout: '30s',
      });
    });

    it('every command that names the old version shows its deprecation', async () => {
      const kubectl = await open();
      await kubectl.run(['create', '-f', '-'], oldConfiguration('web'));
      expect(kubectl.warnings).to.include(DEPRECATION);
      await kubectl.run(['get', OLD]);
      expect(kubectl.warnings).to.include(DEPRECATION);
      await kubectl.run(['get', 'cmc']);
      expect(kubectl.warnings).not.to.include('Warning');
    });

    it('get and list show the columns of the old version', async () => {
      const kubectl = await open();
      for (const name of ['a', 'b'])
        await kubectl.run(['create', '-f', '-'], configurationOf(name, 'killPod'));
      const lines = (await kubectl.run(['get', OLD])).trimEnd().split('\n').map(cells);
      expect(lines[0]).to.deep.equal([
        ...['NAME', 'ENABLED', 'DEPLOYMENT'],
        ...['MIN REPLICAS', 'MAX REPLICAS', 'DISRUPT PODS'],
      ]);
      expect(lines.slice(1)).to.deep.equal([
        ['a', 'true', 'a', '0', '3', 'true'],
        ['b', 'true', 'b', '0', '3', 'true'],
      ]);
      const one = await kubectl.get(OLD, 'a');
      expect(at(one, 'apiVersion')).to.equal('cm.massix.github.io/v1alpha1');
      expect(at(one, 'spec', 'timeout')).to.equal('1m30s');
    });

    it('patch changes what it names', async () => {
      const kubectl = await open();
      await kubectl.run(['create', '-f', '-'], configurationOf('web', 'killPod'));
      const patch = JSON.stringify({ spec: { podMode: false } });
      await kubectl.run(['patch', OLD, 'web', '--type', 'merge', '--patch', patch]);
      expect(await kubectl.stored('web', 'scalingMode')).to.equal('randomScale');
      expect(await kubectl.stored('web', 'timeout')).to.equal('90s');
    });

    it('watch tells of every change in the old version', async () => {
      const kubectl = await open();
      await kubectl.run(['create', '-f', '-'], oldConfiguration('web'));
      const columns =
        'custom-columns=EVENT:.type,VERSION:.object.apiVersion,' +
        'NAME:.object.spec.deploymentName,MAX:.object.spec.maxReplicas';
      const watch = kubectl.lines([
        ...['get', OLD, '--watch', '--output-watch-events', '--no-headers', '-o', columns],
      ]);
      /** The controller says in the status that it has seen the object: there are more changes than ours. */
      const until = async (...wanted: string[]) => {
        const seen: string[] = [];
        for (let found = 'ADDED'; found === 'ADDED' || found === 'MODIFIED'; ) {
          const line = cells((await watch.next()).value ?? 'END');
          if (line.join() === wanted.join()) return;
          seen.push(line.join(' '));
          found = line[0] ?? '';
        }
        expect.fail(`${wanted.join(' ')} never came, but ${seen.join('; ')}`);
      };
      const version = 'cm.massix.github.io/v1alpha1';
      await until('ADDED', version, 'web', '5');
      const patch = ['--type', 'merge', '--patch', '{"spec":{"maxReplicas":7}}'];
      await kubectl.run(['patch', NEW, 'web', ...patch]);
      await until('MODIFIED', version, 'web', '7');
      await kubectl.run(['delete', OLD, 'web']);
      await until('DELETED', version, 'web', '7');
      await watch.return(undefined);
    });

    it('delete removes the object', async () => {
      const kubectl = await open();
      await kubectl.run(['create', '-f', '-'], oldConfiguration('web'));
      await kubectl.run(['delete', OLD, 'web']);
      expect(await kubectl.run(['get', 'cmc', '-o', 'name'])).to.equal('');
    });

    it('antiPressure survives being read, modified and written', async () => {
      const kubectl = await open();
      await kubectl.run(['create', '-f', '-'], configurationOf('web', 'antiPressure'));
      const read = Object(await kubectl.get(OLD, 'web'));
      expect(read.spec.podMode).to.equal(false);
      await kubectl.run(['replace', '-f', '-'], {
        ...read,
        spec: { ...read.spec, maxReplicas: 4 },
      });
      expect(await kubectl.stored('web', 'scalingMode')).to.equal('antiPressure');
      expect(await kubectl.stored('web', 'maxReplicas')).to.equal('4');
    });

    it('an object that lacks what v1alpha1 needs does not make a list fail', async () => {
      const namespace = await cluster.namespace();
      const kubectl = new Kubectl(cluster, namespace);
      const path = pathOf('chaosmonkeyconfigurations', namespace);
      const bare = { ...configuration('bare'), spec: { minReplicas: 1, maxReplicas: 2 } };
      const { spec: _, ...empty } = configuration('empty');
      for (const object of [configuration('whole'), bare, empty])
        await bodyOf(cluster.client.post(path, object));
      const list: unknown = JSON.parse(await kubectl.run(['get', OLD, '-o', 'json']));
      const items = listAt(list, 'items');
      expect(items.map(nameOf)).to.deep.equal(['bare', 'empty', 'whole']);
      expect(at(items[0], 'spec')).to.deep.equal({
        ...{ enabled: false, minReplicas: 1, maxReplicas: 2, podMode: false, timeout: '10m0s' },
      });
      expect(at(items[1], 'spec')).to.equal(undefined);
      const names = (await kubectl.run(['get', OLD, '-o', 'name'])).trim().split('\n');
      expect(names).to.have.length(3);
    });

    it('what v1alpha1 refuses is refused before it is converted', async () => {
      const kubectl = await open();
      const many = oldConfiguration('web', { maxReplicas: 11 });
      const error = await kubectl.run(['create', '-f', '-'], many).catch(String);
      expect(error).to.include('spec.maxReplicas');
    });
  });
}

/** With a timeout that v1alpha1 writes in another way. */
function configurationOf(name: string, mode: 'killPod' | 'antiPressure') {
  return configuration(name, { mode, timeout: '90s' });
}

/** The cells of a line of a table. */
function cells(line: string): string[] {
  return line.trim().split(/ {2,}/);
}
