import { expect } from 'chai';
import { OwnDeployment } from '../../../src/controller/own-deployment.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { Capture } from '../../fakes/capture.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { refusal, ScriptedClient } from '../../fakes/scripted-client.ts';

const FOUND = { metadata: { name: 'monkey', namespace: 'ours', uid: 'u1' } };

function ownDeployment(client: ScriptedClient) {
  const output = new Capture();
  const clock = new FakeClock();
  const deployment = new OwnDeployment({
    client,
    namespace: 'ours',
    name: 'monkey',
    clock,
    random: () => 0.5,
    logger: createLogger({ level: 'info', format: 'json', output }),
  });
  return { deployment, clock, output };
}

describe('the Deployment that runs the program', () => {
  it('is read once, and is the owner of what the program makes', async () => {
    const client = new ScriptedClient(() => FOUND);
    const { deployment } = ownDeployment(client);
    expect(deployment.reference).to.equal(undefined);
    await deployment.run(AbortSignal.timeout(5_000));
    expect(deployment.reference).to.deep.equal({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'monkey',
      uid: 'u1',
    });
    expect(client.requests.map(({ path }) => path)).to.deep.equal([
      '/apis/apps/v1/namespaces/ours/deployments/monkey',
    ]);
  });

  it('is looked for again where it cannot be read, which is said once with the right to grant', async () => {
    let refusals = 3;
    const client = new ScriptedClient((request) => {
      if (refusals === 0) return FOUND;
      refusals -= 1;
      throw refusal(403, request);
    });
    const { deployment, clock, output } = ownDeployment(client);
    const running = deployment.run(AbortSignal.timeout(5_000));
    await clock.advance(60_000);
    await running;
    expect(deployment.reference?.uid).to.equal('u1');
    expect(output.lines).to.have.length(1);
    expect(output.text).to.include('grant get on deployments monkey in ours');
  });

  it('is given up when the program ends', async () => {
    const ending = new AbortController();
    const { deployment } = ownDeployment(new ScriptedClient());
    const running = deployment.run(ending.signal);
    ending.abort();
    await running;
    expect(deployment.reference).to.equal(undefined);
  });
});
