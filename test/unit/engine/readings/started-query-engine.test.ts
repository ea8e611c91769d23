import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draws } from '../../../../local/console/world/random.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { requiredTextAt } from '../../../../shared/records/json-fields.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { Death, type MortalCall, mortal } from '../../../support/mortal.ts';
import { readingWorld } from '../../../support/reading-world.ts';
import { event, failure, QueryConsole } from './query-console.ts';
import { at, hourMs, minuteMs, noon, queriesOf } from './query-walk.ts';

const identity = (row: JsonObject) => ({ id: requiredTextAt(row, 'id'), revision: String(row['createdAt']) });

interface RunOptions {
  readonly events: readonly JsonObject[];
  /** Where the first window begins, milliseconds before noon, which is the present. */
  readonly backlogMs: number;
  readonly rowCap: number;
  readonly pageRows: number;
  readonly prepare?: (console: QueryConsole) => void;
  readonly fate?: (call: MortalCall, index: number) => 'live' | 'before' | 'after';
}

/** Reads until the present of the begin is in the lake, by workers of which some die. */
async function run({ events, backlogMs, rowCap, pageRows, prepare, fate }: RunOptions) {
  const clock = new ManualClock(noon);
  const console = new QueryConsole(clock);
  Object.assign(console, { events, cap: rowCap, pageRows });
  prepare?.(console);
  const life = mortal();
  const world = await readingWorld({
    clock,
    api: life.api(console),
    reading: queriesOf(rowCap),
    since: noon - backlogMs,
    identity,
    dependencies: life.dependencies,
  });
  if (fate !== undefined) life.decide(fate);
  const until = noon - 2 * minuteMs;
  for (let slices = 0; world.stream().watermark < until; slices++) {
    if (slices > 3_000) throw new Error(`It has no end: ${JSON.stringify(world.stream())}`);
    try {
      await world.work();
    } catch (error) {
      if (!(error instanceof Death)) throw error;
      life.revive();
      clock.time = Math.max(clock.now(), world.stream().nextDueAt ?? 0);
    }
  }
  return { ...world, console, calls: life.calls };
}

/** Every event that was to be read is there once, and in its hour. */
function expectAll(records: readonly (JsonObject & { readonly key: string })[], options: RunOptions): void {
  const from = noon - options.backlogMs;
  const wanted = options.events.filter(({ createdAt }) => {
    const time = Date.parse(String(createdAt));
    return time >= from && time < noon - 2 * minuteMs;
  });
  const ids = records.map(({ id }) => id);
  expect(ids.toSorted()).toStrictEqual([...new Set(ids)].toSorted());
  const there = new Set(ids);
  expect(wanted.filter(({ id }) => !there.has(id ?? null))).toStrictEqual([]);
  for (const { key, createdAt } of records) {
    const [, hour] = /hr=(\d\d)/.exec(key) ?? [];
    expect(String(createdAt).slice(11, 13)).toBe(hour);
  }
}

const someHours: RunOptions = {
  // Two hours and a half, with a heap that is more than one query gives.
  events: [
    ...Array.from({ length: 36 }, (_, i) => event(`e${i}`, at(-2.5 * hourMs + i * 4 * minuteMs))),
    ...Array.from({ length: 15 }, (_, i) =>
      event(`h${i}`, at(-100 * minuteMs + i * 900, String(i).padStart(3, '0'))),
    ),
  ].toSorted((a, b) => (String(a['createdAt']) < String(b['createdAt']) ? -1 : 1)),
  backlogMs: 2.5 * hourMs,
  rowCap: 14,
  pageRows: 6,
};

/** Calls that change something, or ask the console. */
const isStep = ({ name }: MortalCall) =>
  /^(console|queue)\.|^(state\.(acquire|update|putLedgerEntry)|lake\.append)$/.test(name);

describe('a worker on started queries that dies', () => {
  it.each(['before', 'after'] as const)(
    '%s any of its calls loses and doubles nothing, and every query that was noted is read',
    async (moment) => {
      const whole = await run(someHours);
      const { calls } = whole;
      expectAll(whole.records(), someHours);
      expect(unread(whole)).toStrictEqual([]);
      expect(whole.console.starts.length).toBeGreaterThan(8);
      for (const [k, call] of calls.entries()) {
        if (!isStep(call)) continue;
        const died = await run({ ...someHours, fate: (_, index) => (index === k ? moment : 'live') });
        expectAll(died.records(), someHours);
        const lost = unread(died).length;
        expect(lost, `${moment} ${call.name}, call ${k}`).toBe(isStartLost(calls, k, moment) ? 1 : 0);
      }
    },
  );
});

/** True where the death at the call is between the start of a query and the write that notes it. */
function isStartLost(calls: readonly MortalCall[], k: number, moment: 'before' | 'after'): boolean {
  const done = calls.slice(0, moment === 'before' ? k : k + 1);
  const isStart = ({ args: [request] }: MortalCall) =>
    typeof request === 'object' && request !== null && 'path' in request && request.path === '/start';
  const start = done.findLastIndex(isStart);
  return start >= 0 && !done.slice(start).some(({ name }) => /^state\.(acquire|update)$/.test(name));
}

/** Queries whose results nobody has asked for, but for the one at hand. */
function unread({ console, stream }: Awaited<ReturnType<typeof run>>): readonly string[] {
  const read = new Set(console.of('results').map(({ params }) => params['queryId']));
  const atHand = stream().position?.['queryId'];
  return console.starts.map((_, i) => `q${i}`).filter((id) => !read.has(id) && id !== atHand);
}

describe('started queries in the present', () => {
  it('are one for each interval and one more for each hour that begins within one', async () => {
    const clock = new ManualClock(noon);
    const console = new QueryConsole(clock);
    console.paceMs = 75_000;
    console.events = Array.from({ length: 500 }, (_, i) => event(`e${i}`, at(-10 * minuteMs + i * 20_000)));
    const world = await readingWorld({
      clock,
      api: console,
      reading: queriesOf(),
      since: noon - 10 * minuteMs,
      identity,
    });
    await world.collect(noon + 2 * hourMs);
    expect(world.records().length).toBeGreaterThan(380);
    expect(console.starts.length).toBeLessThanOrEqual(2 * 12 + 1 + 2);
    expect(world.stream().status).toMatchObject({ health: 'ok', failures: 0 });
  });
});

describe('started queries over any events', () => {
  it('lose and double nothing, whatever fails, expires, is refused or dies', async () => {
    const shape = fc.record({
      seed: fc.integer({ min: 0, max: 1_000_000 }),
      heaps: fc.array(fc.tuple(fc.integer({ min: -4 * hourMs, max: 0 }), fc.integer({ min: 1, max: 12 })), {
        minLength: 1,
        maxLength: 25,
      }),
      backlogMs: fc.integer({ min: 10 * minuteMs, max: 4 * hourMs }),
      // More than any millisecond holds, and any second: three events of a heap have one time.
      rowCap: fc.integer({ min: 40, max: 90 }),
      pageRows: fc.integer({ min: 1, max: 20 }),
      resultMs: fc.constantFrom(20_000, 15 * minuteMs),
      /** Of a thousand. */
      failing: fc.integer({ min: 0, max: 200 }),
      deadly: fc.integer({ min: 0, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ seed, heaps, resultMs, failing, deadly, ...sizes }) => {
        let drawn = 0;
        const draw = (most: number) => draws(seed, 0, drawn++).below(most);
        const events = heaps
          .flatMap(([ms, count], heap) =>
            Array.from({ length: count }, (_, i) =>
              event(`e${heap}-${i}`, at(ms + Math.floor(i / 3), String(100 + i))),
            ),
          )
          .toSorted((a, b) => (String(a['createdAt']) < String(b['createdAt']) ? -1 : 1));
        const options: RunOptions = {
          ...sizes,
          events,
          prepare(console) {
            console.resultMs = resultMs;
            const ends = (query: number) => draws(seed, 1, query).below(1_000);
            console.stateOf = (query, elapsedMs) => {
              if (elapsedMs < 4_000 || ends(query) < failing / 10) return 'RUNNING';
              return ends(query) < failing ? 'TIMED_OUT' : 'FINISHED';
            };
            console.before = ({ kind, params }) => {
              if (draw(1_000) >= failing) return undefined;
              if (kind === 'start')
                throw failure({ code: 'throttled', health: 'throttled', retryable: true });
              if (params['cursor'] !== undefined)
                throw failure({ code: 'cursor_refused', health: 'unavailable', httpStatus: 400 });
              throw failure({
                code: 'console_error',
                health: 'unavailable',
                httpStatus: 500,
                retryable: true,
              });
            };
          },
          fate: () => {
            const fate = draw(1_000);
            return fate >= deadly ? 'live' : fate % 2 === 0 ? 'before' : 'after';
          },
        };
        const { records } = await run(options);
        expectAll(records(), options);
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});
