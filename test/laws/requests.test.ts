import { describe, expect, it } from 'vitest';
import { RequestTally } from './requests/request-tally.ts';
import { requestsOfSeed, runRequestSeed } from './requests/run-request-seed.ts';

describe('requests for response actions', () => {
  it(`name to the console what they were asked for, and nothing else: ${3 * requestsOfSeed} of them`, async () => {
    const tally = new RequestTally();
    for (let seed = 1; seed <= 3; seed++) {
      const run = await runRequestSeed(seed);
      expect(
        run.violation,
        `seed ${seed}: npm run test:laws -- --only requests --seed ${seed} tells the story`,
      ).toBeUndefined();
      tally.add(run);
    }
    // All of it has happened, and often.
    const { requests, idsNamed = 0, dryRuns = 0, '4xx': refused = 0 } = tally.summary();
    expect(requests).toBe(3 * requestsOfSeed);
    expect([idsNamed > 100, dryRuns > 5, refused > 50]).toEqual([true, true, true]);
  });
});
