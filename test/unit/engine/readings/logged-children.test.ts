import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mark } from '../../../../shared/engine/reading.ts';
import {
  childMark,
  droppedMark,
  loggedChildren,
  rememberChildren,
} from '../../../../shared/engine/readings/logged-children.ts';
import type { MemoryStore } from '../../../../shared/ports.ts';
import { MemoryMemory } from '../../../support/memory/memory-memory.ts';
import { entryOf, window } from './reading-walk.ts';

const owner = { tenant: 'acme', connector: 'edr', contentType: 'threat-events' };
const entry = entryOf(owner, window);
const marksOf = (parent: string, names: readonly string[]) => names.map((name) => childMark(parent, name));
const idOf = (i: number) => String(1_000_000_000_000_000_000n + BigInt(i));
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => idOf(from + i));

async function namesOf(memory: MemoryStore, parent: string): Promise<readonly string[]> {
  return [...((await loggedChildren(memory, owner, [parent])).get(parent) ?? [])];
}

describe('what is remembered of children', () => {
  it('is what the entries hold, whatever their order and however often each is applied', async () => {
    const entries = fc.array(
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat({ max: 30 })), { maxLength: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(entries, fc.array(fc.nat()), async (all, again) => {
        const memory = new MemoryMemory();
        const order = [
          ...all,
          ...again.flatMap((i) => (all.length === 0 ? [] : [all[i % all.length] ?? []])),
        ];
        for (const children of order) await rememberChildren(entry, marksIn(children), memory);
        for (const parent of ['a', 'b']) {
          const wanted = new Set(
            order.flatMap(marksIn).flatMap(({ key, value }) => (key === parent ? [value['name']] : [])),
          );
          expect(new Set(await namesOf(memory, parent))).toStrictEqual(wanted);
        }
      }),
    );
  });

  it('knows nothing of a parent that no entry names, and gives every parent that it is asked for', async () => {
    const memory = new MemoryMemory();
    expect(await loggedChildren(memory, owner, ['1', '2'])).toStrictEqual(
      new Map([
        ['1', new Set()],
        ['2', new Set()],
      ]),
    );
  });

  it('fits into items far below what DynamoDB takes, however many children there are', async () => {
    const memory = new MemoryMemory();
    // Two hundred changes with thirty new children each.
    for (let i = 0; i < 200; i++) await rememberChildren(entry, marksOf('t', ids(30, 30 * i)), memory);
    const sizes = [...memory.rows.values()].map(({ value }) => JSON.stringify(value).length);
    expect(Math.max(...sizes)).toBeLessThan(10_000);
    expect(sizes.length).toBeLessThan(25);
    expect(await namesOf(memory, 't')).toStrictEqual(ids(6_000));
  });

  it('takes ten thousand children of one entry, and one name that is longer than an item is meant to be', async () => {
    const memory = new MemoryMemory();
    await rememberChildren(entry, marksOf('t', ids(10_000)), memory);
    await rememberChildren(entry, marksOf('t', ['x'.repeat(9_000), 'y']), memory);
    expect(await namesOf(memory, 't')).toStrictEqual([...ids(10_000), 'x'.repeat(9_000), 'y']);
  });

  it('writes nothing for an entry that it knows', async () => {
    const memory = new MemoryMemory();
    await rememberChildren(entry, marksOf('t', ids(1_000)), memory);
    const before = structuredClone(memory.rows);
    await rememberChildren(entry, marksOf('t', ids(700, 100)), memory);
    expect(memory.rows).toStrictEqual(before);
  });

  it('is written again upon what somebody else wrote in between', async () => {
    const memory = new MemoryMemory();
    let isFirst = true;
    const contested: MemoryStore = {
      get: (...args) => memory.get(...args),
      page: (...args) => memory.page(...args),
      async put(...args) {
        if (isFirst) {
          isFirst = false;
          await rememberChildren(entry, marksOf('t', ['theirs']), memory);
        }
        return await memory.put(...args);
      },
    };
    await rememberChildren(entry, marksOf('t', ['ours']), contested);
    expect(await namesOf(memory, 't')).toStrictEqual(['theirs', 'ours']);
  });

  it('goes on where a worker died between a full item and the one that counts it', async () => {
    const memory = new MemoryMemory();
    const dying: MemoryStore = {
      get: (...args) => memory.get(...args),
      page: (...args) => memory.page(...args),
      put: async (of, item, forgetAt) => {
        if (item.key === 't') throw new Error('killed');
        return await memory.put(of, item, forgetAt);
      },
    };
    await expect(rememberChildren(entry, marksOf('t', ids(1_000)), dying)).rejects.toThrow('killed');
    expect(memory.rows.size).toBeGreaterThan(0);
    expect(await namesOf(memory, 't')).toStrictEqual([]);
    await rememberChildren(entry, marksOf('t', ids(1_000)), memory);
    expect(await namesOf(memory, 't')).toStrictEqual(ids(1_000));
  });

  it('says so where an item was deleted by hand, instead of writing everything once more', async () => {
    const memory = new MemoryMemory();
    await rememberChildren(entry, marksOf('t', ids(1_000)), memory);
    for (const name of [...memory.rows.keys()]) if (name.endsWith('t#1')) memory.rows.delete(name);
    await expect(namesOf(memory, 't')).rejects.toThrow('t#1 is gone');
  });

  describe('that a filter drops', () => {
    const droppedOf = (parent: string, names: readonly string[]): readonly Mark[] =>
      marksOf(parent, names).flatMap((mark) => droppedMark(mark) ?? []);

    it('is known beside what the log has, and once', async () => {
      const memory = new MemoryMemory();
      for (let i = 0; i < 3; i++)
        await rememberChildren(entry, [...droppedOf('t', ['2', '4']), ...marksOf('t', ['1', '3'])], memory);
      expect((await namesOf(memory, 't')).toSorted()).toStrictEqual(['1', '2', '3', '4']);
      expect(memory.rows.size).toBe(1);
      expect(Math.max(...[...memory.rows.values()].map(({ version }) => version))).toBe(1);
    });

    it('costs no name of the log, where a worker that knew of it dies before it has counted a full item', async () => {
      const memory = new MemoryMemory();
      let writes = 0;
      const dying: MemoryStore = {
        get: memory.get.bind(memory),
        page: memory.page.bind(memory),
        put: (...args) => {
          writes += 1;
          if (writes > 1) throw new Error('The worker is gone.');
          return memory.put(...args);
        },
      };
      const marks = ids(600).flatMap((id, i) => (i % 3 === 0 ? droppedOf('t', [id]) : marksOf('t', [id])));
      await expect(rememberChildren(entry, marks, dying)).rejects.toThrow('The worker is gone.');
      const inLog = ids(600).filter((_, i) => i % 3 !== 0);
      // Another worker knows only the lines of the entry.
      await rememberChildren(entry, marksOf('t', inLog), memory);
      expect((await namesOf(memory, 't')).toSorted()).toStrictEqual(inLog.toSorted());
    });

    it('is bounded, and takes no room from what the log has', async () => {
      const memory = new MemoryMemory();
      await rememberChildren(entry, marksOf('t', ids(300)), memory);
      for (let i = 0; i < 5; i++)
        await rememberChildren(entry, droppedOf('t', ids(1_000, 1_000 * (i + 1))), memory);
      await rememberChildren(entry, marksOf('t', ids(300, 300)), memory);
      const names = await namesOf(memory, 't');
      expect(names).toStrictEqual(expect.arrayContaining(ids(600)));
      expect(names.length).toBeGreaterThan(600 + 500);
      const sizes = [...memory.rows.values()].map(({ value }) => JSON.stringify(value).length);
      expect(Math.max(...sizes)).toBeLessThan(26_000);
    });
  });
});

function marksIn(children: readonly (readonly [parent: string, child: number])[]) {
  return children.map(([parent, child]) => childMark(parent, String(child)));
}
