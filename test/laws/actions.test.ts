import { describe, expect, it } from 'vitest';
import { runActionSeed } from './actions/run-action-seed.ts';

describe('response actions in simulation', () => {
  it('keep their laws for 300 seeds', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { violation } = await runActionSeed(seed);
      expect(
        violation,
        `seed ${seed}: npm run test:laws -- --only actions --seed ${seed} tells the story`,
      ).toBeUndefined();
    }
  });
});
