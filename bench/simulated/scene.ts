import { ControllerProcess } from '../program/controller-process.ts';
import { measureStart } from '../program/measure-start.ts';
import type { SimulatedContent } from './seed-simulated.ts';
import { startSimulated } from './simulated-process.ts';

/** A simulated cluster in its own process, and a controller on it whose watchers are all active. */
export interface SimulatedScene extends AsyncDisposable {
  readonly content: SimulatedContent;
  readonly cluster: { readonly pid: number };
  readonly program: ControllerProcess;
  /** From the start of the controller until the gauges said that all are active, ms. */
  readonly activeAfterMs: number;
}

const START_TIMEOUT_MS = 180_000;

/** @param program the bundle */
export async function openSimulatedScene(
  program: string,
  content: SimulatedContent,
  signal: AbortSignal,
): Promise<SimulatedScene> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startSimulated(content, signal));
  const { kubeconfig } = cluster;
  const flags = ['--behavior', 'DenyAll'];
  const controller = stack.use(await ControllerProcess.start({ program, kubeconfig, flags }));
  const { namespaces } = content;
  const limits = { namespaces, timeoutMs: START_TIMEOUT_MS };
  const activeAfterMs = await measureStart(controller, limits, signal);
  const held = stack.move();
  return {
    content,
    cluster,
    program: controller,
    activeAfterMs,
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
