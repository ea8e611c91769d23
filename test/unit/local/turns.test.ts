import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turns } from '../../../local/stack/turns.ts';

describe('turns', () => {
  it('lets no more work at once than it was told, keeps nobody waiting for ever, and passes on what becomes of the work', async () => {
    const works = fc.array(fc.record({ fails: fc.boolean(), steps: fc.nat(3) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), works, async (atOnce, given) => {
        const takeTurn = turns(atOnce);
        const begun: number[] = [];
        let working = 0;
        let most = 0;

        const outcomes = await Promise.allSettled(
          given.map(({ fails, steps }, index) =>
            takeTurn(async () => {
              begun.push(index);
              working += 1;
              most = Math.max(most, working);
              for (let step = 0; step < steps; step++) await Promise.resolve();
              working -= 1;
              if (fails) throw new Error(`work ${index}`);
              return index;
            }),
          ),
        );

        expect(most).toBeLessThanOrEqual(atOnce);
        expect(begun).toStrictEqual(given.map((_, index) => index));
        expect(outcomes).toStrictEqual(
          given.map(({ fails }, index) =>
            fails
              ? { status: 'rejected', reason: new Error(`work ${index}`) }
              : { status: 'fulfilled', value: index },
          ),
        );
      }),
    );
  });

  it('uses all the places that it has', async () => {
    const takeTurn = turns(3);
    let begun = 0;
    const leave: (() => void)[] = [];
    const all = Array.from({ length: 5 }, () =>
      takeTurn(() => {
        begun += 1;
        return new Promise<void>((resolve) => leave.push(resolve));
      }),
    );
    await Promise.resolve();
    expect(begun).toBe(3);
    while (begun < 5 || leave.length > 0) {
      leave.shift()?.();
      await Promise.resolve();
    }
    await Promise.all(all);
    expect(begun).toBe(5);
  });
});
