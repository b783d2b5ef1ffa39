import { expect } from 'chai';
import { bodyOf } from '../support/api-client.ts';
import { configuration } from '../support/objects.ts';
import { pathOf } from '../support/paths.ts';
import { commandsOf, runCommand } from '../support/readme.ts';
import { testedImage } from '../support/release.ts';
import { useReleases } from '../support/release-fixture.ts';
import { at, textAt } from '../support/value.ts';

describe("the README's section about the installation", function () {
  this.timeout(180_000);
  const fixture = useReleases();
  const { cluster } = fixture;

  it('works word for word, with the image under test', async () => {
    const commands = await commandsOf('## Install');
    const [make, ...others] = commands;
    expect(make).to.equal('make image');
    expect(others.map((command) => command.split(' ').slice(0, 2).join(' '))).to.deep.equal([
      ...['helm upgrade', 'helm test', 'helm upgrade', 'helm upgrade'],
      'kubectl patch',
    ]);
    const [install = '', test = '', denyAll = '', rolesOnly = '', patch = ''] = others;
    const { repository, tag } = testedImage();
    const image = `--set image.repository=${repository} --set image.tag=${tag}`;
    const run = async (command: string) => {
      const began = performance.now();
      const output = await runCommand(command, cluster.kubeconfigPath);
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      console.info(`      ${seconds} s: ${command}`);
      return output;
    };

    const release = fixture.release();
    for (const namespace of ['shop', 'billing']) await fixture.namespace(namespace);
    await run(`${install} ${image}`);
    await fixture.namespace(release.namespace);
    expect(await run(test)).to.match(/Phase:\s+Succeeded/);
    await run(`${denyAll} ${image}`);
    for (const pod of await release.podNames())
      expect(textAt(await release.health(pod), 'behavior'), pod).to.equal('DENYALL');
    await run(`${rolesOnly} ${image}`);
    await release.ready();
    const shop = pathOf('chaosmonkeyconfigurations', 'shop');
    await bodyOf(cluster.client.post(shop, configuration('web')));
    await run('helm uninstall chaos-monkey --namespace chaosmonkey');
    await run(patch);
    const kept = await bodyOf(cluster.client.get(`${shop}/web`));
    expect(at(kept, 'spec', 'scalingMode')).to.equal('killPod');
  });
});
