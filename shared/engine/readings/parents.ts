import { ConnectorError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../json.ts';
import type { Memory, MemoryStore } from '../../ports.ts';
import type { LogEntryId } from '../log-entry.ts';
import type { EntryRef, Mark, Page, PageRequest, SpanRequest } from '../reading.ts';
import type { Position, StreamId } from '../stream.ts';
import { type ListWalk, listWalk } from './list-walk.ts';
import { timeFilters, type WindowedDeclaration } from './windowed.ts';

/** Parents asked at once: so many requests for children are under way together. Their keys stand in the position. */
const parentsPerPage = 10;
/** Characters; the rest of the position needs room as well. */
const longestCursor = 600;

/** The list by whose records the children are found, read in time windows. */
export function parentWalk({
  timeField,
  sortBy = timeField,
  ...list
}: Omit<WindowedDeclaration, 'pageSize'>): ListWalk {
  return listWalk({
    ...list,
    sortBy,
    pageSize: parentsPerPage,
    longestCursor,
    bounds: (span) => timeFilters(timeField, span),
  });
}

/** Where a walk over children stands. */
export interface ParentsPosition {
  /** Of the parents' walk, before the page that is being worked on; absent at the window's start. */
  readonly parents?: Position;
  /** The parents of that page whose children are all read. Others may come onto the page while it is worked on. */
  readonly done: readonly string[];
  /** The parents whose children are read in part, with what their reading wants to know. */
  readonly open: JsonObject;
}

export function readParentsPosition(position: Position | undefined): ParentsPosition {
  const { parents, done, open } = position ?? {};
  return {
    ...(isObject(parents) ? { parents } : {}),
    done: Array.isArray(done) ? done.filter((key) => typeof key === 'string') : [],
    open: isObject(open) ? open : {},
  };
}

/** The parents of a page by their keys, the newest of each; those without a key have no children to ask for. */
export async function readParents(
  walk: ListWalk,
  request: PageRequest,
  { parents }: ParentsPosition,
  keyOf: (parent: JsonObject) => string | undefined,
): Promise<{ readonly byKey: ReadonlyMap<string, JsonObject>; readonly page: Page }> {
  const page = await walk.readPage({ ...request, span: request.window, position: parents });
  const byKey = new Map<string, JsonObject>();
  for (const parent of page.records) {
    const key = isObject(parent) ? keyOf(parent) : undefined;
    if (key !== undefined && isObject(parent)) byKey.set(key, parent);
  }
  return { byKey, page };
}

/** What both kinds of children have in common as readings. */
export function parentReading(walk: ListWalk) {
  return {
    isEmpty: (request: SpanRequest) => walk.isEmpty(request),
    // What was read of the page's children is in the memory by then.
    resume(position: Position, window: PageRequest['window']): Position {
      const { parents } = readParentsPosition(position);
      return parents === undefined ? {} : { parents: walk.resume(parents, window) };
    },
    // Children in the order of their parents have no time of their own to be sorted by.
    sortKey: () => undefined,
  };
}

/**
 * Asks for the children of each parent at once, and waits for all of them also where one fails, so that nothing is under way
 * any more when the failure is dealt with. A parent that the console no longer has is done, and noted.
 */
export async function forEachParent<T>(
  keys: readonly string[],
  ask: (key: string) => Promise<T>,
  { log, stream }: PageRequest,
): Promise<readonly T[]> {
  const settled = await Promise.allSettled(keys.map(ask));
  const answers: T[] = [];
  for (const [i, outcome] of settled.entries()) {
    if (outcome.status === 'fulfilled') answers.push(outcome.value);
    else if (isGone(outcome.reason))
      log.info('The console no longer has a parent; its children are done.', {
        stream: `${stream.tenant}/${stream.connector}/${stream.contentType}`,
        parent: keys[i] ?? '',
      });
    else throw outcome.reason;
  }
  return answers;
}

function isGone(error: unknown): boolean {
  return error instanceof ConnectorError && error.httpStatus === 404;
}

/** `<window's start>.<batch>`, both in base 36: there can be many of them in one item. */
export function writeEntryRef({ window, batch }: LogEntryId): string {
  return `${window.from.toString(36)}.${batch.toString(36)}`;
}

export function readEntryRef(text: string): EntryRef {
  const [from = '', batch = ''] = text.split('.');
  return { from: Number.parseInt(from, 36), batch: Number.parseInt(batch, 36) };
}

/** Entries of the log that a memory was made from. */
export function entriesOf(memory: Memory | undefined): readonly string[] {
  const entries = memory?.value['entries'];
  return Array.isArray(entries) ? entries.filter((entry) => typeof entry === 'string') : [];
}

/**
 * Brings the memory of each parent up to an entry, once: an entry that it was made from already is left out, and a write that
 * another worker came before is made again upon what that one wrote.
 * @param fold the memory's value after these marks of the entry
 */
export async function rememberByParent(
  entry: LogEntryId,
  marks: readonly Mark[],
  memory: MemoryStore,
  fold: (before: JsonObject, marks: readonly JsonObject[]) => JsonObject,
): Promise<void> {
  const ref = writeEntryRef(entry);
  const byKey = Map.groupBy(marks, ({ key }) => key);
  let open = [...byKey.keys()];
  while (open.length > 0) {
    const group = open.slice(0, parentsPerPage);
    const known = await memory.get(entry.stream, group);
    const refused = await Promise.all(
      group.map(async (key) => {
        const before = known.get(key);
        const entries = entriesOf(before);
        if (entries.includes(ref)) return [];
        const values = (byKey.get(key) ?? []).map((mark) => mark.value);
        const value = { ...fold(before?.value ?? {}, values), entries: [...entries, ref] };
        const written = await memory.put(entry.stream, { key, value, version: before?.version ?? 0 });
        return written ? [] : [key];
      }),
    );
    open = [...refused.flat(), ...open.slice(parentsPerPage)];
  }
}

/** The owner of what another stream of the same connector remembers. */
export function memoryOwner(stream: StreamId, contentType: string): StreamId {
  return { ...stream, contentType };
}
