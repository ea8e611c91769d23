import { describe, expect, it } from 'vitest';
import { faultProfiles } from '../../local/console/server/faults/profiles.ts';
import { longForm, shortForm } from './forms.ts';
import { type Pace, planRound } from './plan.ts';

const paces: readonly Pace[] = [longForm(10).pace, shortForm.pace];
const rounds = (seed: number, pace: Pace) =>
  Array.from({ length: 40 }, (_, round) => planRound(seed, round, pace));

describe('the plan of the soak', () => {
  it('is the same for the same seed, and another for another', () => {
    for (const pace of paces) {
      expect(rounds(1, pace)).toStrictEqual(rounds(1, pace));
      expect(rounds(1, pace)).not.toStrictEqual(rounds(2, pace));
    }
  });

  it('has every fault of the console that a collector meets in it, also together with others', () => {
    // Nobody acts on endpoints in the soak.
    const met = Object.keys(faultProfiles).filter((name) => name !== 'deeds-unanswered');
    expect(met).toHaveLength(Object.keys(faultProfiles).length - 1);
    for (const profile of met) {
      const played = rounds(1, shortForm.pace).map(({ profiles }) => profiles);
      expect(
        played.some((profiles) => profiles.length > 2 && profiles.some((name) => name === profile)),
      ).toBe(true);
    }
  });

  it('kills the queue server and the command in their turn, in the order of time and within the round', () => {
    for (const pace of paces) {
      for (const [index, { harms }] of rounds(3, pace).entries()) {
        const count = (kind: string) => harms.filter((harm) => harm.kind === kind).length;
        expect(count('killWorker')).toBeGreaterThan(0);
        expect(count('killWorkersAtAppend')).toBe(1);
        expect(count('sendCopy')).toBeGreaterThan(1);
        expect(count('killQueueServer')).toBe((index + 1) % pace.queueKillEvery === 0 ? 1 : 0);
        expect(count('killCommand')).toBe((index + 1) % pace.commandKillEvery === 0 ? 1 : 0);
        const times = harms.map(({ atMs }) => atMs);
        expect(times).toStrictEqual(times.toSorted((a, b) => a - b));
        expect(times.every((atMs) => atMs >= 0 && atMs < pace.roundMs)).toBe(true);
        // Nothing else is killed in the rest of the round: the restart finds all of the round's kills.
        const kills = harms.filter(({ kind }) => kind !== 'sendCopy').map(({ kind }) => kind);
        if (kills.includes('killCommand')) expect(kills.at(-1)).toBe('killCommand');
      }
    }
  });
});
