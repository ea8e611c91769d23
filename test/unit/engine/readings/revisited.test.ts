import { describe, expect, it } from 'vitest';
import { rememberOpen, revisited } from '../../../../shared/engine/readings/revisited.ts';
import type { StreamId, Window } from '../../../../shared/engine/stream.ts';
import { isObject, type JsonObject } from '../../../../shared/json.ts';
import type { MemoryStore } from '../../../../shared/ports.ts';
import { MemoryMemory } from '../../../support/memory/memory-memory.ts';
import {
  byCursor,
  entryOf,
  hourMs,
  idsOf,
  metadataBytes,
  minuteMs,
  nextWindow,
  noon,
  readingWalk,
  window,
} from './reading-walk.ts';

const dayMs = 24 * hourMs;
const mostAgeMs = 90 * dayMs;
const alertsStream = { tenant: 'acme', connector: 'edr', contentType: 'alerts' };
const changesStream = { ...alertsStream, contentType: 'alert-changes' };
const open = {
  contentType: 'alerts',
  idOf: ({ id }: JsonObject) => String(id),
  openStateOf: ({ state }: JsonObject) => (state === 'resolved' ? undefined : String(state)),
  timeOf: ({ at }: JsonObject) => (typeof at === 'number' ? at : undefined),
  mostAgeMs,
};

/** Alerts in a console, the stream that read them, and the one that asks for them again every five minutes. */
function alerts() {
  const memory = new MemoryMemory();
  const reading = revisited({ ...open, path: '/alerts', everyMs: 5 * minuteMs });
  const all = new Map<string, JsonObject>();
  const walk = readingWalk(
    reading,
    (_, params) => {
      const ids = params['ids']?.split(',') ?? [];
      return byCursor(
        ids.map((id) => all.get(id)).filter((alert) => alert !== undefined),
        params,
      );
    },
    { memory, stream: changesStream, since: noon - 30 * dayMs },
  );
  const first = rememberOpen(open);

  async function readFirst(
    records: readonly JsonObject[],
    of = window,
    stream: StreamId = alertsStream,
  ): Promise<void> {
    const marks = records.flatMap((record) => first.mark(record) ?? []);
    await first.apply(entryOf(stream, of), marks, memory);
  }

  return {
    ...walk,
    reading,
    memory,
    all,
    readFirst,
    /** An alert is in the console, and the first stream has read it. */
    async raise(id: string, state = 'new', at = noon - hourMs): Promise<void> {
      const alert = { id, state, at };
      all.set(id, alert);
      await readFirst([alert]);
    },
    set: (id: string, state: string) => void all.set(id, { ...all.get(id), state }),
    async remembered(id: string) {
      return (await memory.get(alertsStream, [id])).get(id)?.value;
    },
  };
}

const stateIn = ({ id, state }: JsonObject) => `${id} ${state}`;

describe('revisited records', () => {
  it('follows what a stream of the past has read first as well', async () => {
    const { all, readFirst, set, read } = alerts();
    const alert = { id: 'old', state: 'new', at: noon - 10 * dayMs };
    all.set('old', alert);
    const past = { from: noon - 10 * dayMs, to: noon - 10 * dayMs + hourMs };
    await readFirst([alert], past, { ...alertsStream, part: 'b1' });
    set('old', 'in_progress');
    expect((await read()).records.map(stateIn)).toStrictEqual(['old in_progress']);
  });

  it('reads each change of an open record once, and leaves a closed one alone', async () => {
    const { raise, set, read } = alerts();
    for (const id of ['a', 'b', 'c']) await raise(id);
    await raise('closed', 'resolved');
    expect((await read()).records).toStrictEqual([]);
    set('a', 'in progress');
    set('b', 'resolved');
    set('closed', 'new');
    expect((await read(nextWindow)).records.map(stateIn)).toStrictEqual(['a in progress', 'b resolved']);
    set('b', 'new');
    const third = { from: nextWindow.to, to: nextWindow.to + 5 * minuteMs };
    const { records, calls } = await read(third);
    expect(records).toStrictEqual([]);
    expect(calls.map(({ params }) => params['ids'])).toStrictEqual(['a,c']);
  });

  it('asks for nothing in a window without a slot, and only whether it may where nothing is open', async () => {
    const { raise, read } = alerts();
    const { records, calls } = await read();
    expect(records).toStrictEqual([]);
    expect(calls.map(({ params }) => params)).toStrictEqual([{ limit: '1' }]);
    await raise('a');
    const short = { from: noon, to: noon + 1_000 };
    const windows = Array.from({ length: 300 }, (_, i) => ({
      from: short.from + 1_000 * i,
      to: short.to + 1_000 * i,
    }));
    const asked: number[] = [];
    for (const each of windows) if ((await read(each)).calls.length > 0) asked.push(each.from);
    expect(asked).toHaveLength(1);
  });

  it('goes through all of them, a hundred ids in a request', async () => {
    const { raise, set, read } = alerts();
    for (let i = 0; i < 250; i++) await raise(`a${String(i).padStart(3, '0')}`);
    for (let i = 0; i < 250; i += 2) set(`a${String(i).padStart(3, '0')}`, 'in progress');
    const { records, calls } = await read();
    expect(records).toHaveLength(125);
    expect(calls.map(({ params }) => params['limit'])).toStrictEqual(['100', '100', '50']);
    expect(Math.max(...calls.map(({ params }) => params['ids']?.length ?? 0))).toBeLessThan(600);
  });

  it('asks for fewer at once where answers were too large', async () => {
    const { raise, reading, read } = alerts();
    for (let i = 0; i < 60; i++) await raise(`a${i}`);
    const smaller = reading.smallerPages(reading.smallerPages(undefined, window), window);
    const { calls } = await read(window, smaller);
    expect(calls.map(({ params }) => params['limit'])).toStrictEqual(['25', '25', '10']);
    const one = [1, 2, 3, 4].reduce((position) => reading.smallerPages(position, window), smaller);
    expect(one).toStrictEqual({ limit: 1 });
    expect(reading.smallerPages(one, window)).toBeUndefined();
  });

  it('does not miss changes where an alert is gone from the console, and asks for it until it is old', async () => {
    const { raise, set, all, read } = alerts();
    await raise('a');
    await raise('gone');
    await raise('old', 'new', noon - mostAgeMs);
    all.delete('gone');
    set('a', 'in progress');
    set('old', 'in progress');
    const { records, calls } = await read();
    expect(records.map(stateIn)).toStrictEqual(['a in progress']);
    expect(calls.map(({ params }) => params['ids'])).toStrictEqual(['a,gone']);
  });

  it('forgets a record that was closed after a week, and an open one a week after it is asked for no more', async () => {
    const { raise, set, read, memory } = alerts();
    await raise('a');
    await raise('b');
    set('b', 'resolved');
    await read();
    const forgetAt = [...memory.forgetAt].map(([name, time]) => [name.split('#')[1], time]);
    expect(Object.fromEntries(forgetAt)).toStrictEqual({
      a: noon - hourMs + mostAgeMs + 7 * dayMs,
      b: window.to + 7 * dayMs,
    });
  });

  it('is not taken back by a worker of the first stream that was thought dead', async () => {
    const { raise, set, read, readFirst, remembered } = alerts();
    await raise('a');
    set('a', 'resolved');
    await read();
    await readFirst([{ id: 'a', state: 'new', at: noon - hourMs }]);
    expect(await remembered('a')).toMatchObject({ state: null });
  });

  it('is not taken back by an older entry of its own', async () => {
    const { raise, set, read, remember, remembered } = alerts();
    await raise('a');
    set('a', 'in progress');
    const { records } = await read();
    set('a', 'suspicious');
    await read(nextWindow);
    await remember(window, 0, records);
    expect(await remembered('a')).toMatchObject({ state: 'suspicious' });
  });

  it('is written again upon what the other stream wrote in between', async () => {
    const memory = new MemoryMemory();
    const first = rememberOpen(open);
    const marks = (state: string) => [first.mark({ id: 'a', state, at: noon })].flatMap((mark) => mark ?? []);
    await first.apply(entryOf(alertsStream, window), marks('new'), memory);
    let isFirst = true;
    const contested: MemoryStore = {
      get: (...args) => memory.get(...args),
      page: (...args) => memory.page(...args),
      async put(...args) {
        if (isFirst) {
          isFirst = false;
          await first.apply(entryOf(changesStream, window), marks('in progress'), memory);
        }
        return await memory.put(...args);
      },
    };
    // It was reported again, and read again.
    await first.apply(entryOf(alertsStream, nextWindow), marks('suspicious'), contested);
    const value = (await memory.get(alertsStream, ['a'])).get('a')?.value;
    expect(value).toStrictEqual({
      state: 'suspicious',
      at: noon,
      seenIn: { alerts: nextWindow.from, 'alert-changes': window.from },
    });
  });

  it('stays as small as it is, however often a record changes, and so does its position', async () => {
    const { raise, set, page, remember, memory } = alerts();
    await raise('0'.repeat(40));
    for (let i = 0; i < 500; i++) {
      const of = { from: noon + i * 5 * minuteMs, to: noon + (i + 1) * 5 * minuteMs };
      set('0'.repeat(40), `state ${i}`);
      const { records, position } = await page(of);
      await remember(of, 0, records);
      expect(idsOf(records)).toHaveLength(1);
      expect(metadataBytes(position)).toBeLessThan(600);
    }
    expect(JSON.stringify([...memory.rows.values()]).length).toBeLessThan(300);
  });

  describe('that a log filter drops', () => {
    const marksOf = (...records: readonly JsonObject[]) => records.flatMap((each) => first.mark(each) ?? []);
    const first = rememberOpen(open);
    const alert = (state: string) => ({ id: 'a', state, at: noon });

    async function drop(
      world: ReturnType<typeof alerts>,
      stream: typeof alertsStream,
      of: Window,
      state: string,
    ) {
      await first.applyDropped?.(entryOf(stream, of), marksOf(alert(state)), world.memory);
    }

    it('are asked for again like the others', async () => {
      const world = alerts();
      world.all.set('a', alert('new'));
      await drop(world, alertsStream, window, 'new');
      expect((await world.read(window)).records).toStrictEqual([]);
      world.set('a', 'in progress');
      expect((await world.page(nextWindow)).records.filter(isObject).map(stateIn)).toStrictEqual([
        'a in progress',
      ]);
      // That is dropped, too, and is not read a second time.
      await drop(world, changesStream, nextWindow, 'in progress');
      const third = { from: nextWindow.to, to: nextWindow.to + 5 * minuteMs };
      expect((await world.read(third)).records).toStrictEqual([]);
    });

    it('are judged again in the window in which a worker dropped them and died, whatever their state', async () => {
      const world = alerts();
      await world.raise('a');
      for (const state of ['in progress', 'resolved']) {
        world.set('a', state);
        await drop(world, changesStream, nextWindow, state);
        expect((await world.page(nextWindow)).records.filter(isObject).map(stateIn)).toStrictEqual([
          `a ${state}`,
        ]);
      }
      await world.remember(nextWindow, 0, [alert('resolved')]);
      expect((await world.page(nextWindow)).records).toStrictEqual([]);
    });

    it('count less than what the log has of the same window', async () => {
      const world = alerts();
      await drop(world, alertsStream, window, 'new');
      await world.readFirst([alert('in progress')]);
      await drop(world, alertsStream, window, 'new');
      expect(await world.remembered('a')).toMatchObject({
        state: 'in progress',
        seenIn: { alerts: window.from },
      });
    });
  });
});
