import { build } from '../local/console/world/world.ts';

/** One hour of a console's life ends here. */
export const epochMs = Date.parse('2026-11-24T12:00:00Z');

/** Records as the simulator would send them, as text, in ascending order of `updatedAt`, all of the hour before `epochMs`. */
export function recordTexts(id: 'agents' | 'threats', count: number): readonly string[] {
  const world = build({ seed: 1, epochMs, threats: count, agents: count, historyMs: 3_600_000 });
  const records = world[id];
  const shown = world.shown(records, epochMs);
  const rows = shown.rows({ fromUs: 0, toUs: Number.MAX_SAFE_INTEGER });
  const texts: string[] = [];
  for (let row = rows.from; row < rows.to && texts.length < count; row++) {
    if (shown.isShown(row)) texts.push(JSON.stringify(records.body(row)));
  }
  return texts;
}
