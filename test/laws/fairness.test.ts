import { describe, expect, it } from 'vitest';
import type { StreamId } from '../../shared/engine/stream.ts';
import { EvenConsole, quietWorld, runUntil } from './scenarios.ts';

const hourMs = 3_600_000;
const intervalMs = 300_000;
const smallTenants = 200;

/**
 * One tenant with eight streams that are each a thousand full pages behind, and 200 tenants with a trickle, on one queue
 * that is not fair at all: it hands out a random message. A page of the simulation stands for one of 1,000 records.
 */
describe('a tenant with a backlog of millions', () => {
  it('does not hold up 200 others: their 95th percentile stays under one interval', async () => {
    const world = quietWorld<EvenConsole>({ workers: 5, pageSize: 5 });
    const begin = world.time;
    const backlogMs = 24 * hourMs;
    for (let i = 0; i < 8; i++) {
      const id = { tenant: 'deep', connector: `deep-${i}`, contentType: 'items' };
      // 5,000 records in pages of 5.
      await world.add({ id, since: begin - backlogMs, console: new EvenConsole(backlogMs / 5_000) });
    }
    for (let i = 0; i < smallTenants; i++) {
      const id = { tenant: `small-${i}`, connector: 'edr', contentType: 'items' };
      await world.add({ id, since: begin - intervalMs, console: new EvenConsole(60_000) });
    }
    const delays: number[] = [];
    let deepSlices = 0;
    const dueAt = new Map<string, number>();
    const nameOf = ({ tenant }: StreamId) => tenant;
    world.onSlice = ({ id, endedAt, outcome }) => {
      if (id.tenant === 'deep') {
        deepSlices += 1;
        return;
      }
      if (outcome.kind !== 'done') return;
      const due = dueAt.get(nameOf(id));
      if (due !== undefined) delays.push(endedAt - due);
      dueAt.set(nameOf(id), outcome.nextDueAt);
    };

    await runUntil(world, begin + hourMs);

    delays.sort((a, b) => a - b);
    expect(delays.length).toBeGreaterThan(smallTenants * 9);
    expect(delays[Math.floor(delays.length * 0.95)]).toBeLessThan(intervalMs);
    // Deep backlogs yield after a slice, and are read to their end all the same.
    expect(deepSlices).toBeGreaterThan(40);
    const behind = world.sources.filter(({ id }) => world.stored(id).watermark < begin);
    expect(behind.map(({ id }) => id)).toStrictEqual([]);
  });
});
