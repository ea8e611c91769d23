import { describe, expect, it } from 'vitest';
import { runSeed } from './simulation/run-seed.ts';

describe('the whole system in simulation', () => {
  it('keeps its laws for 300 seeds', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { violation } = await runSeed(seed);
      expect(violation, `seed ${seed}: npm run test:laws -- --seed ${seed} tells the story`).toBeUndefined();
    }
  });
});
