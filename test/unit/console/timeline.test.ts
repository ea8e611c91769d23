import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../local/console/world/micro-time.ts';
import { Shown } from '../../../local/console/world/shown.ts';
import { Timeline } from '../../../local/console/world/timeline.ts';
import { truth } from '../../../local/console/world/truth-sources.ts';
import { build, type World } from '../../../local/console/world/world.ts';
import { epochMs, hourMs, worldDefaults } from './support.ts';

const dayMs = 24 * hourMs;

const recordTypes = ['threats', 'agents', 'activities', 'rogues'] as const;
type RecordType = (typeof recordTypes)[number];

/** Every revision, and the bodies of the last ones. */
function all(world: World, type: RecordType, atMs: number): string {
  const lines = [...truth(world, type, atMs - 10 * 60_000, atMs + 1, atMs)];
  const shown = world.shown(world[type], atMs);
  const { revisions } = world[type].timeline;
  const { to } = shown.rows({ fromUs: 0, toUs: Number.POSITIVE_INFINITY });
  const rows = Array.from({ length: to }, (_, row) => [
    revisions.us(row),
    revisions.record(row),
    shown.isShown(row),
  ]);
  return JSON.stringify({ rows, lines });
}

describe('the world', () => {
  it.each(recordTypes)('is a function of seed, epoch, options and time: %s', (type) => {
    const looks = fc.array(fc.integer({ min: 0, max: 12 * 60 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), looks, (seed, minutes) => {
        const options = { ...worldDefaults, seed, threats: 30, agents: 10 };
        const atMs = epochMs + 12 * hourMs;
        // Given one world that is looked at on the way, and one that is not
        const watched = build(options);
        for (const minute of minutes) watched.shown(watched[type], epochMs + minute * 60_000);
        // Then both say the same of the same time
        expect(all(watched, type, atMs)).toBe(all(build(options), type, atMs));
      }),
      { numRuns: 10 },
    );
  });

  it('differs from seed to seed', () => {
    expect(all(build({ ...worldDefaults, seed: 1 }), 'threats', epochMs)).not.toBe(
      all(build({ ...worldDefaults, seed: 2 }), 'threats', epochMs),
    );
  });

  it('never rewrites what has happened: a later look adds revisions and changes none', () => {
    const world = build(worldDefaults);
    const before = [...truth(world, 'threats', 0, epochMs + hourMs, epochMs + hourMs)];
    const after = [...truth(world, 'threats', 0, epochMs + hourMs, epochMs + 5 * dayMs)];
    expect(after.map(({ id, time, record }) => ({ id, time, record }))).toEqual(
      before.map(({ id, time, record }) => ({ id, time, record })),
    );
  });

  it.each(recordTypes)('goes on after the epoch: %s', (type) => {
    const world = build(worldDefaults);
    const hour = [...truth(world, type, epochMs, epochMs + hourMs, epochMs + hourMs)];
    const known = new Set([...truth(world, type, 0, epochMs, epochMs)].map((line) => line.id));
    expect(hour.length).toBeGreaterThan(10);
    expect(hour.some((line) => !known.has(line.id))).toBe(true);
  });

  it('stays empty when it is asked for nothing', () => {
    const world = build({ ...worldDefaults, threats: 0, agents: 0 });
    for (const type of recordTypes) expect(all(world, type, epochMs + dayMs)).toBe('{"rows":[],"lines":[]}');
  });

  it('shows the newest revision of a record, and exactly one', () => {
    const world = build(worldDefaults);
    const lines = [...truth(world, 'threats', 0, epochMs + hourMs, epochMs + hourMs)];
    const newest = new Map(lines.map((line) => [line.id, line.time]));
    for (const line of lines)
      expect(line.current, `${line.id} ${line.time}`).toBe(newest.get(line.id) === line.time);
    expect(newest.size).toBeLessThan(lines.length);
  });

  it('gives a record one revision per microsecond and ascending times over all rows', () => {
    const world = build(worldDefaults);
    world.setMutation(true, epochMs);
    const lines = [...truth(world, 'agents', 0, epochMs + hourMs, epochMs + hourMs)];
    expect(new Set(lines.map((line) => `${line.id} ${line.time}`)).size).toBe(lines.length);
    expect(lines.map((line) => line.time)).toEqual(lines.map((line) => line.time).sort());
  });

  it.each([1, 2, 5, 40])('has a group of %i records with one time, and no larger one', (burst) => {
    const world = build({ ...worldDefaults, threats: 400, burst });
    const sizes = new Map<string, number>();
    for (const { time, current } of truth(world, 'threats', 0, epochMs, epochMs)) {
      if (current) sizes.set(time, (sizes.get(time) ?? 0) + 1);
    }
    expect(Math.max(...sizes.values())).toBe(burst);
  });

  it('has ids that ascend with creation, are unique, and do not fit into a double', () => {
    const { threats } = build(worldDefaults);
    const ids = Array.from({ length: 120 }, (_, record) => BigInt(threats.id(record)));
    for (const [index, id] of ids.entries()) {
      expect(id).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
      expect(id).toBeGreaterThan(ids[index - 1] ?? 0n);
      expect(threats.find(String(id))).toBe(index);
    }
    expect(threats.find('1')).toBe(-1);
  });
});

describe('a timeline', () => {
  it('knows a record that appears before the horizon and is created behind it', () => {
    // Given a record that is created just after the first hour and appears just before it ends
    const createdUs = epochMs * 1_000 + micros.hour + 4_000;
    const timeline = new Timeline({
      epochUs: epochMs * 1_000,
      population: { createdUs: () => createdUs, leader: () => 0, countAt: (us) => (us >= createdUs ? 1 : 0) },
      plannedUs: () => [createdUs - 8_000],
    });
    // Then the hour itself shows it, and so does a later look at that hour
    const atEnd = new Shown(timeline, (epochMs + hourMs) * 1_000, () => 0);
    expect(atEnd.rowOf(0)).toBe(0);
    timeline.advance((epochMs + 3 * hourMs) * 1_000);
    expect(new Shown(timeline, (epochMs + hourMs) * 1_000, () => 0).rowOf(0)).toBe(0);
  });
});

describe('mutation', () => {
  it('changes the future only, from the moment it is switched on until it is switched off', () => {
    const [onMs, offMs, endMs] = [epochMs + hourMs, epochMs + hourMs + 60_000, epochMs + 2 * hourMs];
    const world = build(worldDefaults);
    const plain = [...truth(build(worldDefaults), 'threats', 0, endMs, endMs)];
    world.shown(world.threats, onMs);
    world.setMutation(true, onMs);
    world.shown(world.threats, offMs);
    world.setMutation(false, offMs);
    const mutated = [...truth(world, 'threats', 0, endMs, endMs)];

    const times = (lines: typeof plain, from: number, to: number) =>
      lines.map((line) => line.time).filter((at) => Date.parse(at) >= from && Date.parse(at) < to);
    expect(times(mutated, 0, onMs)).toEqual(times(plain, 0, onMs));
    expect(times(mutated, onMs, offMs).length - times(plain, onMs, offMs).length).toBeGreaterThan(250);
    expect(times(mutated, offMs, endMs)).toEqual(times(plain, offMs, endMs));
  });

  it('is the same whichever way the time is cut', () => {
    const atMs = epochMs + hourMs;
    const [a, b] = [build(worldDefaults), build(worldDefaults)];
    for (const world of [a, b]) world.setMutation(true, epochMs);
    for (let minute = 0; minute < 60; minute += 7) a.shown(a.threats, epochMs + minute * 60_000);
    expect(all(a, 'threats', atMs)).toBe(all(b, 'threats', atMs));
  });
});

describe('lateness', () => {
  it('hides a third of the changes for up to 45 seconds, and then shows what was there all the time', () => {
    const world = build({ ...worldDefaults, threats: 3_000 });
    const plain = build({ ...worldDefaults, threats: 3_000 });
    world.setLateness(true, 0);
    const current = (of: World, atMs: number, toMs: number) =>
      [...truth(of, 'threats', toMs - 10 * 60_000, toMs, atMs)]
        .filter((line) => line.current)
        .map((line) => `${line.id} ${line.time}`);

    const hidden = current(plain, epochMs, epochMs).filter(
      (key) => !new Set(current(world, epochMs, epochMs)).has(key),
    );
    expect(hidden.length).toBeGreaterThan(0);
    // Everything that was due 45 seconds ago is visible; what it hides meanwhile is newer.
    const settled = new Set(current(world, epochMs, epochMs - 45_000));
    expect(current(plain, epochMs, epochMs - 45_000).filter((key) => !settled.has(key))).toEqual([]);
  });

  it('leaves what was visible before it was switched on', () => {
    const world = build(worldDefaults);
    const before = all(world, 'threats', epochMs);
    world.setLateness(true, epochMs + 1);
    expect(all(world, 'threats', epochMs)).toBe(before);
  });
});

describe('a world of 100,000 threats', () => {
  it('keeps its revisions in some 24 bytes each and makes bodies on demand', () => {
    const world = build({ ...worldDefaults, threats: 100_000, agents: 1_000, historyMs: dayMs });
    const { revisions } = world.threats.timeline;
    expect(revisions.length).toBeGreaterThan(200_000);
    expect(revisions.byteLength).toBeLessThan(revisions.length * 25);
    const { from } = world.shown(world.threats, epochMs).rows({ fromUs: 0, toUs: Number.POSITIVE_INFINITY });
    const page = Array.from({ length: 1_000 }, (_, index) => world.threats.body(from + index));
    expect(JSON.stringify(page).length).toBeGreaterThan(2_000_000);
  });
});
