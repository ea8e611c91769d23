import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentVerb } from '../../../../local/console/world/deeds/agent-verbs.ts';
import { agentVerbs } from '../../../../local/console/world/deeds/agent-verbs.ts';
import type { MitigationAction } from '../../../../local/console/world/deeds/mitigation.ts';
import { micros } from '../../../../local/console/world/micro-time.ts';
import type { TruthLine } from '../../../../local/console/world/truth.ts';
import { truth } from '../../../../local/console/world/truth-sources.ts';
import { build, type World } from '../../../../local/console/world/world.ts';
import { epochMs, hourMs, worldDefaults } from '../support.ts';

const options = { ...worldDefaults, threats: 60, agents: 20, deletedThreats: 0 };
/** Deeds are done within twenty minutes; an hour later everything has come of them, and the columns have grown twice. */
const lastMs = hourMs / 3;
const endMs = epochMs + 1.5 * hourMs;
const types = ['agents', 'threats', 'activities', 'threat-notes', 'alerts', 'alert-changes'] as const;
const user = { id: '1937053739735056389', name: 'Ines' };

type Deed =
  | { readonly kind: 'command'; readonly verb: AgentVerb; readonly record: number }
  | { readonly kind: 'online'; readonly isOnline: boolean; readonly record: number }
  | { readonly kind: 'mitigate'; readonly action: MitigationAction; readonly record: number }
  | { readonly kind: 'judge'; readonly status: 'resolved' | 'in_progress'; readonly record: number }
  | { readonly kind: 'note'; readonly record: number };

const agent = fc.integer({ min: 0, max: 19 });
const threat = fc.integer({ min: 0, max: 59 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('command' as const), verb: fc.constantFrom(...agentVerbs), record: agent }),
  fc.record({ kind: fc.constant('online' as const), isOnline: fc.boolean(), record: agent }),
  fc.record({
    kind: fc.constant('mitigate' as const),
    action: fc.constantFrom<MitigationAction>('kill', 'quarantine', 'unquarantine', 'remediate', 'rollback'),
    record: threat,
  }),
  fc.record({
    kind: fc.constant('judge' as const),
    status: fc.constantFrom('resolved' as const, 'in_progress' as const),
    record: threat,
  }),
  fc.record({ kind: fc.constant('note' as const), record: threat }),
);
/** Deeds with their times, in milliseconds after the epoch, in order. */
const deeds = fc
  .array(fc.tuple(fc.integer({ min: 0, max: lastMs }), deed), { minLength: 1, maxLength: 12 })
  .map((list) => list.toSorted(([a], [b]) => a - b));

function perform(world: World, ms: number, done: Deed): void {
  const us = (epochMs + ms) * micros.millisecond;
  world.deeds.advance(us);
  const threats = world.deeds.threats;
  if (done.kind === 'command') world.deeds.command(done.verb, done.record, us, user);
  if (done.kind === 'online') world.deeds.setOnline(done.record, us, done.isOnline);
  if (done.kind === 'mitigate') threats.mitigate(done.record, done.action, us, user);
  if (done.kind === 'judge') threats.judge(done.record, { incidentStatus: done.status }, us, user);
  if (done.kind === 'note') threats.addNote(done.record, 'seen', us, user);
  world.deeds.advance(us);
}

/** The world with these deeds, looked at by `look` at these milliseconds after the epoch, and at the end. */
function played(
  list: readonly (readonly [number, Deed])[],
  looks: readonly number[] = [],
  look: (world: World, atMs: number) => void = () => undefined,
): World {
  const world = build(options);
  const events = [
    ...list.map(([ms, done]) => ({ ms, happen: () => perform(world, ms, done) })),
    ...looks.map((ms) => ({ ms, happen: () => look(world, epochMs + ms) })),
  ];
  for (const { happen } of events.toSorted((a, b) => a.ms - b.ms)) happen();
  return world;
}

/** What was shown, short enough to be read where it differs. */
function all(
  world: World,
  type: string,
  fromMs = epochMs - hourMs / 6,
  toMs = endMs,
  atMs = endMs,
): readonly string[] {
  return [...truth(world, type, fromMs, toMs, atMs)].map(brief);
}

function brief({ id, time, current, record }: TruthLine): string {
  const digest = createHash('sha1').update(JSON.stringify(record)).digest('hex').slice(0, 8);
  return `${id} ${time} ${current} ${digest}`;
}

/** A collector sees what is shown. */
function read(world: World, atMs: number): void {
  for (const type of types) all(world, type, atMs - 60_000, atMs, atMs);
}

describe('deeds', () => {
  it('and what comes of them do not depend on who looks when', () => {
    fc.assert(
      fc.property(
        deeds,
        fc.array(fc.integer({ min: 0, max: 1.5 * hourMs }), { maxLength: 6 }),
        (list, looks) => {
          const [watched, unwatched] = [played(list, looks, read), played(list)];
          for (const type of types) expect(all(watched, type), type).toEqual(all(unwatched, type));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('change nothing that was shown before them', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const first = epochMs + (list[0]?.[0] ?? 0);
        const [world, untouched] = [played(list), build(options)];
        for (const type of types) {
          if (type === 'threat-notes' || type === 'alerts') continue;
          const shown = (of: World) => all(of, type, epochMs - hourMs, first, first - 1);
          expect(shown(world), type).toEqual(shown(untouched));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('leave all other records as they are', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const [world, untouched] = [played(list), build(options)];
        const hosts = new Set(
          list.map(([, done]) =>
            done.kind === 'command' || done.kind === 'online'
              ? done.record
              : world.threats.host(done.record).record,
          ),
        );
        const threats = new Set(
          list.flatMap(([, done]) =>
            done.kind === 'mitigate' || done.kind === 'judge' ? [done.record] : [],
          ),
        );
        for (const [type, records, done] of [
          ['agents', world.agents, hosts],
          ['threats', world.threats, threats],
        ] as const) {
          const ids = new Set([...done].map((record) => records.id(record)));
          const others = (of: World) =>
            [...truth(of, type, epochMs - hourMs / 6, endMs, endMs)]
              .filter(({ id }) => !ids.has(id))
              .map(brief);
          expect(others(world), type).toEqual(others(untouched));
        }
        // The activities of every day are the same ones, with ids that make room for others.
        const everyday = (of: World) =>
          [...truth(of, 'activities', epochMs, endMs, endMs)]
            .filter(({ record }) => !JSON.stringify(record).includes(user.id))
            .map(({ time, record }) => [time, record['activityType'], record['activityUuid']]);
        const uuids = new Set(everyday(world).map(([, , uuid]) => uuid));
        for (const [, , uuid] of everyday(untouched)) expect(uuids.has(uuid)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('leave what they do not concern as the world has planned it, also of the hosts that they concern', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const planned = (of: World) =>
          new Map(
            [...truth(of, 'agents', epochMs, endMs, endMs)].map(({ id, time, record }) => [
              `${id} ${time}`,
              [record['lastLoggedInUserName'], record['activeThreats'], record['agentVersion']],
            ]),
          );
        const world = planned(played(list));
        for (const [revision, facts] of planned(build(options)))
          expect([revision, world.get(revision)]).toEqual([revision, facts]);
      }),
      { numRuns: 10 },
    );
  });

  it('make activities whose ids ascend with their times, and are found by them', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const world = played(list);
        const lines = [...truth(world, 'activities', epochMs, endMs, endMs)];
        const ids = lines.map(({ id }) => BigInt(id));
        for (let index = 1; index < ids.length; index++)
          expect((ids[index] ?? 0n) > (ids[index - 1] ?? 0n)).toBe(true);
        const uuids = [...truth(world, 'activities', 0, endMs, endMs)].map(
          ({ record }) => record['activityUuid'],
        );
        expect(new Set(uuids).size).toBe(uuids.length);
        const { revisions } = world.activities.timeline;
        for (const { id, time } of lines) {
          const row = revisions.first(world.activities.find(id));
          expect(world.activities.body(row)['createdAt']).toBe(time);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('show in one revision of a record at a time, the newest of which is the one that is shown', () => {
    fc.assert(
      fc.property(deeds, fc.boolean(), (list, mutates) => {
        const world = played(list, [lastMs / 2], (at, atMs) => {
          if (mutates) at.setMutation(true, atMs);
        });
        world.setMutation(false, epochMs + lastMs / 2 + 120_000);
        for (const type of ['agents', 'threats']) {
          const seen = new Map<string, string>();
          const lines = [...truth(world, type, epochMs - hourMs, endMs, endMs)];
          for (const { id, time } of lines) {
            expect((seen.get(id) ?? '') < time).toBe(true);
            seen.set(id, time);
          }
          for (const { id, time, current } of lines) expect(current).toBe(seen.get(id) === time);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('survive that the world mutates faster, or no longer', () => {
    const list: readonly (readonly [number, Deed])[] = [
      [60_000, { kind: 'judge', status: 'resolved', record: 3 }],
      [60_000, { kind: 'mitigate', action: 'kill', record: 5 }],
    ];
    const world = played(list);
    const times = () => {
      const ids = [world.threats.id(3), world.threats.id(5)];
      return [...truth(world, 'threats', epochMs + 60_000, epochMs + 70_000, endMs)]
        .filter(({ id }) => ids.includes(id))
        .map(({ time }) => time);
    };
    const before = times();
    expect(before.length).toBeGreaterThan(1);
    for (const on of [true, false, true]) {
      world.setMutation(on, epochMs + 30_000);
      expect(times()).toEqual(expect.arrayContaining(before));
    }
  });
});
