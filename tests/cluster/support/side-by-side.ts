import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import type { ControllerFixture } from './controller-fixture.ts';
import type { ControllerProcess } from './controller-process.ts';

/** A test in namespaces of its own. */
export interface SideBySideTest {
  readonly it: string;
  readonly run: (running: ControllerProcess) => Promise<unknown>;
}

/**
 * Describes tests that do little but wait and do not disturb each other: they begin together, all on one
 * controller, and each tells how it ended. The controller then has to end in order.
 */
export function describeSideBySide(
  title: string,
  controller: ControllerFixture,
  tests: readonly SideBySideTest[],
): void {
  describe(title, () => {
    let ends: readonly PromiseSettledResult<unknown>[] = [];
    let exitCode: number | undefined;
    before(async () => {
      const running = await controller.start();
      ends = await Promise.allSettled(tests.map(({ run }) => run(running)));
      exitCode = await running.end();
      if (ends.some(({ status }) => status === 'rejected')) console.error(running.log);
    });
    for (const [index, test] of tests.entries()) {
      it(test.it, () => {
        const end = ends[index];
        if (end?.status === 'rejected') throw end.reason;
        expect(end?.status).to.equal('fulfilled');
      });
    }
    it('after all of which the controller ends in order', () => {
      expect(exitCode).to.equal(0);
    });
  });
}
