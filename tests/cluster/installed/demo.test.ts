import { useReleases } from '../support/release-fixture.ts';
import { describeDemo } from './demo-cases.ts';

describe('everything that chaos-monkey 3 showed of itself', () => {
  const fixture = useReleases();
  for (const replicas of [1, 2]) describeDemo(fixture, replicas);
});
