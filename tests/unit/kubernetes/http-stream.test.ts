import { expect } from 'chai';
import { KubernetesApiError } from '../../../src/kubernetes/client.ts';
import { ChaosError } from '../../../src/runtime/errors.ts';
import { cutOff, failure, json } from '../../fakes/api-answers.ts';
import type { Answer } from '../../fakes/scripted-api-server.ts';
import { Calling, never, read } from './calling.ts';

const fine = json(200, { ok: true });

describe('HttpKubernetesClient.stream', () => {
  it('closes its connection when the iteration is left', async () => {
    await using calling = await Calling.meeting((response) => void response.write('x'));
    for await (const chunk of await calling.client.stream(read, never)) {
      expect(String(chunk)).to.equal('x');
      break;
    }
    await (await calling.server.request(0)).closed;
  });

  it('does not stand in the way of calls', async () => {
    const streams = Array.from(
      { length: 8 },
      (): Answer => (response) => {
        response.writeHead(200).write('x');
      },
    );
    await using calling = await Calling.meeting(...streams, fine);
    const open = new AbortController();
    for (const _ of streams) await calling.client.stream(read, open.signal);
    expect(await calling.call(read)).to.deep.equal({ ok: true });
    open.abort();
  });

  it('throws when its connection breaks', async () => {
    await using calling = await Calling.meeting(cutOff('abc'));
    const chunks = await calling.client.stream(read, never);
    const error = await Array.fromAsync(chunks).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ChaosError).that.includes({ code: 'ERR_KUBERNETES_TRANSPORT' });
  });

  it('is not repeated', async () => {
    await using calling = await Calling.meeting(failure(503, 'ServiceUnavailable', 'no'));
    const error = await calling.client.stream(read, never).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(KubernetesApiError);
    expect(calling.server.requests).to.have.length(1);
  });
});
