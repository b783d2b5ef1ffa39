import { expect } from 'chai';
import type { Json, JsonObject } from '../../../../src/playground/patch/json.ts';
import { podFormat } from '../../../../src/playground/tables/kinds/pods.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const metadata = { name: 'x', creationTimestamp: '2029-12-31T23:59:00Z' };

function container(state: Json, more: JsonObject = {}): JsonObject {
  return { name: 'c', ready: Object(state).running !== undefined, restartCount: 0, state, ...more };
}

function pod(status: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    metadata: { ...metadata, ...Object(more.metadata) },
    spec: { containers: [{ name: 'c' }], ...Object(more.spec) },
    status,
  };
}

describe('the table of pods', () => {
  // Name, then the cells Ready, Status and Restarts.
  const pods: readonly (readonly [string, JsonObject, readonly string[]])[] = [
    [
      'a running one',
      pod({ phase: 'Running', containerStatuses: [container({ running: {} })] }),
      ['1/1', 'Running', '0'],
    ],
    ['a pending one', pod({ phase: 'Pending' }), ['0/1', 'Pending', '0']],
    [
      'one that waits',
      pod({
        phase: 'Pending',
        containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })],
      }),
      ['0/1', 'CrashLoopBackOff', '0'],
    ],
    [
      'one that has completed',
      pod({
        phase: 'Succeeded',
        containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })],
      }),
      ['0/1', 'Completed', '0'],
    ],
    [
      'one that was killed',
      pod({
        phase: 'Running',
        containerStatuses: [container({ terminated: { exitCode: 2, signal: 9 } })],
      }),
      ['0/1', 'Signal:9', '0'],
    ],
    [
      'one that failed',
      pod({ phase: 'Running', containerStatuses: [container({ terminated: { exitCode: 2 } })] }),
      ['0/1', 'ExitCode:2', '0'],
    ],
    ['an evicted one', pod({ phase: 'Failed', reason: 'Evicted' }), ['0/1', 'Evicted', '0']],
    [
      'one that goes',
      pod(
        { phase: 'Running', containerStatuses: [container({ running: {} })] },
        { metadata: { deletionTimestamp: '2030-01-01T00:00:00Z' } },
      ),
      ['1/1', 'Terminating', '0'],
    ],
    [
      'one of a lost node',
      pod(
        { phase: 'Running', reason: 'NodeLost' },
        { metadata: { deletionTimestamp: '2030-01-01T00:00:00Z' } },
      ),
      ['0/1', 'Unknown', '0'],
    ],
    [
      'one that was restarted',
      pod({
        phase: 'Running',
        containerStatuses: [
          container(
            { running: {} },
            { restartCount: 3, lastState: { terminated: { finishedAt: '2029-12-31T23:59:30Z' } } },
          ),
        ],
      }),
      ['1/1', 'Running', '3 (30s ago)'],
    ],
    [
      'one that initializes',
      pod(
        {
          phase: 'Pending',
          initContainerStatuses: [
            container({ terminated: { exitCode: 0 } }),
            container({ waiting: { reason: 'PodInitializing' } }),
          ],
        },
        { spec: { initContainers: [{}, {}] } },
      ),
      ['0/1', 'Init:1/2', '0'],
    ],
    [
      'one whose initialization failed',
      pod(
        {
          phase: 'Pending',
          initContainerStatuses: [container({ terminated: { exitCode: 1, reason: 'Error' } })],
        },
        { spec: { initContainers: [{}] } },
      ),
      ['0/1', 'Init:Error', '0'],
    ],
  ];
  for (const [name, object, expected] of pods) {
    it(`shows ${name}`, () => {
      expect(podFormat.cells(object, NOW).slice(1, 4)).to.deep.equal(expected);
    });
  }

  it('marks pods that have ended, so that they can be left out', () => {
    expect(podFormat.conditions?.(pod({ phase: 'Succeeded' }))).to.deep.equal([
      {
        type: 'Completed',
        status: 'True',
        reason: 'Succeeded',
        message: 'The pod has completed successfully.',
      },
    ]);
    expect(podFormat.conditions?.(pod({ phase: 'Running' }))).to.deep.equal([]);
  });
});
