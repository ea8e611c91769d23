import { describe, expect, it } from 'vitest';
import { noteChanges } from '../../../local/console/world/threat-note-changes.ts';
import { epochMs } from './support.ts';

describe('the changes of notes', () => {
  it('are as many as a history of a million threats has', () => {
    const createdUs = epochMs * 1_000;
    const note = { createdUs, editedUs: [], deletedUs: createdUs };
    const changes = noteChanges({
      seed: 1,
      threats: { countAt: () => 100_000 },
      planOf: () => [note],
    });
    expect(changes.countAt(createdUs + 3_600_000_000)).toBe(200_000);
  });
});
