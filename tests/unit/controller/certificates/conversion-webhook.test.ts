import { expect } from 'chai';
import { ConversionWebhook } from '../../../../src/controller/certificates/conversion-webhook.ts';
import { silentLogger } from '../../../../src/runtime/logger.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { ScriptedClient } from '../../../fakes/scripted-client.ts';

describe('a replica that has no certificate for HTTPS', () => {
  it('waits for one before it is ready, but not for ever', async () => {
    const clock = new FakeClock();
    const webhook = new ConversionWebhook({
      client: new ScriptedClient(),
      clock,
      random: () => 0.5,
      logger: silentLogger,
      namespace: 'chaosmonkey',
      prefix: 'chaos-monkey',
      service: 'chaos-monkey',
      lives: { certificateMs: 3_600_000, authorityMs: 7_200_000 },
      owner: () => undefined,
    });
    const ending = new AbortController();
    const running = webhook.run(ending.signal).catch(() => undefined);
    await clock.advance(4_000);
    expect(webhook.facts().awaited).to.deep.equal(['a certificate for HTTPS']);
    await clock.advance(1_000);
    expect(webhook.facts().awaited).to.deep.equal([]);
    ending.abort();
    await running;
  });
});
