import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truth } from '../../../local/console/world/truth-sources.ts';
import { build } from '../../../local/console/world/world.ts';
import { epochMs, hourMs, worldDefaults } from './support.ts';

const us = (ms: number) => ms * 1_000;

describe('endpoint events', () => {
  it('are found by time as a scan would find them, with and without bursts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: -7 * hourMs, max: 3 * hourMs }),
        fc.integer({ min: 0, max: 3 * hourMs }),
        (endpointEvents, endpointEventBurst, start, length) => {
          const { endpointEvents: events } = build({ ...worldDefaults, endpointEvents, endpointEventBurst });
          const fromUs = us(epochMs + start) + 17;
          const { from, to } = events.span(fromUs, fromUs + us(length));
          if (from > 0) expect(events.us(from - 1)).toBeLessThan(fromUs);
          for (let event = from; event < to; event++) {
            expect(events.us(event)).toBeGreaterThanOrEqual(fromUs);
            if (event > from) {
              expect(events.us(event)).toBeGreaterThanOrEqual(events.us(event - 1));
              expect(BigInt(events.id(event))).toBeGreaterThan(BigInt(events.id(event - 1)));
            }
          }
          expect(events.us(to)).toBeGreaterThanOrEqual(fromUs + us(length));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('come at the rate that is asked for, before the epoch and after it', () => {
    const { endpointEvents: events } = build({ ...worldDefaults, endpointEvents: 50_000 });
    for (const hours of [-6, -3, 0, 40]) {
      const { from, to } = events.span(us(epochMs + hours * hourMs), us(epochMs + (hours + 3) * hourMs));
      expect(to - from).toBe(150_000);
    }
    expect(events.span(0, us(epochMs - 6 * hourMs)).to).toBe(0);
  });

  it('come in bursts within one second, several of them with one time', () => {
    const { endpointEvents: events } = build({
      ...worldDefaults,
      endpointEvents: 60,
      endpointEventBurst: 5_000,
    });
    const { from, to } = events.span(us(epochMs), us(epochMs + hourMs));
    expect(to - from).toBe(5_060);
    const times = Array.from({ length: to - from }, (_, index) => events.us(from + index));
    const seconds = new Map<number, number>();
    for (const time of times) {
      const second = Math.floor(time / 1_000_000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    expect(Math.max(...seconds.values())).toBe(5_000);
    expect(new Set(times).size).toBeLessThan(2_000);
  });

  it('are none without agents, and 600 an hour where nothing is said', () => {
    const count = (agents: number) => {
      const { from, to } = build({ ...worldDefaults, agents }).endpointEvents.span(0, us(epochMs));
      return to - from;
    };
    expect([count(0), count(40)]).toEqual([0, 6 * 600]);
  });

  it('can be found up to 20 seconds after their time, and up to a minute when records are late', () => {
    const world = build(worldDefaults);
    world.setLateness(true, epochMs);
    const delays = (fromMs: number) => {
      const { endpointEvents: events } = world;
      const { from, to } = events.span(us(fromMs), us(fromMs + hourMs));
      return Array.from({ length: to - from }, (_, index) => {
        const event = from + index;
        let delaySeconds = 0;
        while (!events.isVisible(event, events.us(event) + delaySeconds * 1_000_000)) delaySeconds++;
        return delaySeconds;
      });
    };
    const usual = delays(epochMs - hourMs);
    const late = delays(epochMs);
    expect([Math.min(...usual), Math.max(...usual)]).toEqual([1, 20]);
    expect(Math.max(...late)).toBeGreaterThan(50);
    expect(Math.max(...late)).toBeLessThanOrEqual(60);
  });
});

const world = build({ ...worldDefaults, endpointEvents: 2_000 });
const texts = (type: string) =>
  [...truth(world, type, 0, epochMs, epochMs)].map(({ record }) => JSON.stringify(record));
const old = texts('deep-visibility');
const lake = texts('deep-visibility-sdl');

describe('the fields of endpoint events', () => {
  it.each([
    ['createdAt with six digits', /"createdAt":"[\dT:-]+\.\d{6}Z"/],
    ['start times with three', /"processStartTime":"[\dT:-]+\.\d{3}Z"/],
    ['numbers as strings', /"pid":"\d+","processName"/],
    ['booleans as strings', /"relatedToThreat":"(True|False)"/],
    [
      'four real booleans',
      /"agentInfected":(true|false),.*"agentIsActive":(true|false),"agentIsDecommissioned":(true|false)/,
    ],
    ['no name of the host', /"agentName":null/],
    ['an orphan', /"parentPid":null,"parentProcessName":null,"parentProcessStartTime":null/],
    ['an empty command line', /"processCmd":""/],
    ['names beyond ASCII', /バックアップ/],
    ['a type that nobody knows', /"eventType":"Named Pipe Connection"/],
    ['a task without a path', /"taskPath":null/],
  ])('in Deep Visibility: %s', (_, pattern) => {
    expect(old.some((text) => pattern.test(text))).toBe(true);
  });

  it.each([
    ['real numbers', /"src\.process\.pid":\d+[,}]/],
    ['real booleans', /"src\.process\.isRedirectCmdProcessor":(true|false)[,}]/],
    ['the zero of Windows for an unknown time', /"src\.process\.parent\.startTime":-11644473600000[,}]/],
    ['nanoseconds as a string', /"timestamp":"\d{16}000"/],
  ])('in the data lake: %s', (_, pattern) => {
    expect(lake.some((text) => pattern.test(text))).toBe(true);
  });

  it('have no other boolean or number in Deep Visibility, and no null in the data lake', () => {
    for (const text of old) {
      const others = text.replace(
        /"(agentInfected|agentIsActive|agentIsDecommissioned)":(true|false)/g,
        '""',
      );
      expect(others).not.toMatch(/":(true|false|-?\d)/);
    }
    for (const text of lake) expect(text).not.toMatch(/":null/);
  });

  it('hold no scope unless a query is verbose, and then the fourth real boolean too', () => {
    for (const text of old) expect(text).not.toMatch(/"(siteId|accountId|eventTime|hasParent)":/);
    const verbose = JSON.stringify(world.endpointEvents.deepVisibilityRecord(3, true));
    for (const field of ['"siteId":"', '"accountId":"', '"eventTime":"', '"hasParent":true'])
      expect(verbose).toContain(field);
  });

  it('tell of the same events in both', () => {
    const of = (type: string) =>
      [...truth(world, type, 0, epochMs, epochMs)].map(({ id, time, current }) => [id, time, current]);
    expect(of('deep-visibility')).toEqual(of('deep-visibility-sdl'));
    const types = new Set(old.map((text) => JSON.parse(text).eventType));
    expect(types.size).toBeGreaterThan(40);
    for (const [index, text] of old.entries()) {
      const [dv, row] = [JSON.parse(text), JSON.parse(lake[index] ?? '')];
      expect([row['event.id'], row['event.type'], String(row['src.process.pid'])]).toEqual([
        dv.id,
        dv.eventType,
        dv.pid,
      ]);
    }
  });
});
