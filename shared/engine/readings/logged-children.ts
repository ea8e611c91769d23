import type { JsonObject } from '../../json.ts';
import type { Memory, MemoryStore } from '../../ports.ts';
import { integerAt, listAt } from '../../records/json-fields.ts';
import type { LogEntryId } from '../log-entry.ts';
import type { Mark } from '../reading.ts';
import type { StreamId } from '../stream.ts';

/** Parents whose items are read and written together. */
const parentsAtOnce = 25;
/** Characters of names in one item. A write costs by its size, and an item of DynamoDB holds 400 KB at most. */
const mostCharacters = 8_000;
/** The same of the names of dropped children, some 700 ids. Those beyond are read, dropped and counted again. */
const mostDroppedCharacters = 16_000;

/**
 * Which children of a parent are in the log, by names that their reading gives them. It only grows, so an entry of the log
 * that is applied again, at whatever time and by whomever, changes nothing.
 */
interface LoggedChildren {
  readonly names: ReadonlySet<string>;
  /** Items that are full: they are numbered, and never change. */
  readonly full: number;
  /** The names in the item that is not full yet, and its version. */
  readonly open: readonly string[];
  readonly version: number;
  /**
   * Children that a log filter kept out of the log. Only their own worker knows them, so they have no part in what is made of
   * the log: a full item must be the same whoever writes it.
   */
  readonly dropped: readonly string[];
}

/** The names of the children that are in the log, or were kept out of it by a filter, by parent. */
export async function loggedChildren(
  memory: MemoryStore,
  owner: StreamId,
  parents: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const logged = await readLogged(memory, owner, parents);
  return new Map(
    [...logged].map(([parent, { names, dropped }]) => [
      parent,
      dropped.length === 0 ? names : new Set([...names, ...dropped]),
    ]),
  );
}

/** What is to be remembered of a record of the log: its parent, and the name of the child in it. */
export function childMark(parent: string, name: string): Mark {
  return { key: parent, value: { name } };
}

/** The same of a child that a log filter drops. */
export function droppedMark(mark: Mark | undefined): Mark | undefined {
  return mark === undefined ? undefined : { ...mark, value: { ...mark.value, isDropped: true } };
}

/** Brings what is remembered of each parent up to an entry of the log. */
export async function rememberChildren(
  { stream }: LogEntryId,
  marks: readonly Mark[],
  memory: MemoryStore,
): Promise<void> {
  const byParent = Map.groupBy(marks, ({ key }) => key);
  const waiting = [...byParent.keys()];
  while (waiting.length > 0) {
    const group = waiting.splice(0, parentsAtOnce);
    const logged = await readLogged(memory, stream, group);
    const written = await Promise.all(
      [...logged].map(async ([parent, known]) => {
        const more = byParent.get(parent) ?? [];
        return { parent, isWritten: await addNames(memory, stream, parent, known, more) };
      }),
    );
    // Somebody else was there before: once more, upon what is there now.
    for (const { parent, isWritten } of written) if (!isWritten) waiting.push(parent);
  }
}

async function readLogged(
  memory: MemoryStore,
  owner: StreamId,
  parents: readonly string[],
): Promise<ReadonlyMap<string, LoggedChildren>> {
  const items = await memory.get(owner, parents);
  const keys = [...items.values()].flatMap((item) => fullKeys(item.key, fullIn(item)));
  const full = keys.length === 0 ? new Map<string, Memory>() : await memory.get(owner, keys);
  const namesIn = (key: string) => {
    const item = full.get(key);
    if (item === undefined) throw new Error(`What is remembered is not whole: ${key} is gone.`);
    return namesOf(item);
  };
  return new Map(
    parents.map((parent) => {
      const item = items.get(parent);
      if (item === undefined)
        return [parent, { names: new Set(), full: 0, open: [], version: 0, dropped: [] }];
      const open = namesOf(item);
      const names = new Set([...fullKeys(parent, fullIn(item)).flatMap(namesIn), ...open]);
      const dropped = listAt(item.value, 'dropped').map(String);
      return [parent, { names, full: fullIn(item), open, version: item.version, dropped }];
    }),
  );
}

/** False where another write came before. */
async function addNames(
  memory: MemoryStore,
  owner: StreamId,
  parent: string,
  { names, full, open, version, dropped: before }: LoggedChildren,
  more: readonly Mark[],
): Promise<boolean> {
  const inLog = more.filter((mark) => !isDropped(mark)).map(nameIn);
  const added = [...new Set(inLog)].filter((name) => !names.has(name));
  const [dropped = []] = divided(
    [...new Set([...before, ...more.filter(isDropped).map(nameIn)])],
    mostDroppedCharacters,
  );
  if (added.length === 0 && dropped.length === before.length) return true;
  const items = divided([...open, ...added], mostCharacters);
  const last = items.pop() ?? [];
  // Before the item that counts them. One that is there already was written by somebody who died before he counted it, from
  // the same version and the same entry: the next entry of a log is the same for everybody.
  for (const [i, texts] of items.entries()) {
    await memory.put(owner, { key: fullKey(parent, full + i), value: { names: texts }, version: 0 });
  }
  const value = {
    full: full + items.length,
    names: last,
    ...(dropped.length === 0 ? {} : { dropped }),
  };
  return await memory.put(owner, { key: parent, value, version });
}

function isDropped({ value }: Mark): boolean {
  return value['isDropped'] === true;
}

function nameIn({ value }: Mark): string {
  return String(value['name']);
}

/** The names in portions of at most so many characters each, or one name. */
function divided(names: readonly string[], most: number): (readonly string[])[] {
  const portions: string[][] = [];
  let length = most;
  for (const name of names) {
    length += name.length + 3;
    const portion = portions.at(-1);
    if (portion === undefined || length > most) {
      portions.push([name]);
      length = name.length + 3;
    } else portion.push(name);
  }
  return portions;
}

function fullKeys(parent: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => fullKey(parent, i));
}

function fullKey(parent: string, number: number): string {
  return `${parent}#${number}`;
}

function fullIn({ value }: Memory): number {
  return integerAt(value, 'full') ?? 0;
}

function namesOf({ value }: { readonly value: JsonObject }): readonly string[] {
  return listAt(value, 'names').map(String);
}
