import { isObject, type JsonObject } from '../../json.ts';
import type { MemoryStore } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { LogEntryId } from '../log-entry.ts';
import type { Mark, Page, PageRequest, Reading, Remembering } from '../reading.ts';
import type { StreamId } from '../stream.ts';
import { entriesOf, writeEntryRef } from './parents.ts';
import { hasSlot } from './snapshot.ts';

/** Records that change after they were read, on an endpoint that cannot be asked for what has changed. */
export interface RevisitedDeclaration {
  /** The content type that reads them first; both remember under its name. */
  readonly contentType: string;
  /** A list below /web/api/v2.1 that can be asked for `ids`. */
  readonly path: string;
  readonly idOf: (record: JsonObject) => string | undefined;
  /** What may change, as a text; undefined where the record will not change any more. */
  readonly openStateOf: (record: JsonObject) => string | undefined;
  /** By which a record grows old, epoch milliseconds. */
  readonly timeOf: (record: JsonObject) => number | undefined;
  /** Milliseconds after which a record is not asked for again, whatever its state. */
  readonly mostAgeMs: number;
  /** Milliseconds from one round to the next. */
  readonly everyMs: number;
}

/** Ids in one request. */
const idsPerPage = 100;
/** A closed record is remembered for a while, so that an entry which is applied once more does not open it again. */
const closedForMs = 7 * 86_400_000;

/** What the first reading of such records remembers: which of them are open, and in what state. */
export function rememberOpen(declaration: Omit<RevisitedDeclaration, 'path' | 'everyMs'>): Remembering {
  const { contentType, idOf, openStateOf, timeOf, mostAgeMs } = declaration;
  return {
    mark(record) {
      const key = idOf(record);
      const at = timeOf(record);
      return key === undefined || at === undefined
        ? undefined
        : { key, value: { state: openStateOf(record) ?? null, at } };
    },
    async apply(entry, marks, memory) {
      const owner: StreamId = { ...entry.stream, contentType };
      for (let from = 0; from < marks.length; from += idsPerPage) {
        const group = marks.slice(from, from + idsPerPage);
        await Promise.all(group.map((mark) => applyOne(owner, entry, mark, memory, mostAgeMs)));
      }
    },
  };
}

async function applyOne(
  owner: StreamId,
  entry: LogEntryId,
  { key, value }: Mark,
  memory: MemoryStore,
  mostAgeMs: number,
): Promise<void> {
  // Two streams write here, and their windows may have the same start.
  const ref = `${entry.stream.contentType}.${writeEntryRef(entry)}`;
  for (;;) {
    const before = (await memory.get(owner, [key])).get(key);
    const entries = entriesOf(before);
    if (entries.includes(ref)) return;
    // A record that was closed when it was first seen need not be remembered.
    if (before === undefined && value['state'] === null) return;
    const forgetAt =
      value['state'] === null ? entry.window.to + closedForMs : Number(value['at']) + mostAgeMs + closedForMs;
    const next = { key, value: { ...value, entries: [...entries, ref] }, version: before?.version ?? 0 };
    if (await memory.put(owner, next, forgetAt)) return;
  }
}

/**
 * Asks again for the records that were open when they were last read, by their ids, and reads those whose state is another
 * one. Bounded by the number of open records, not of all.
 */
export function revisited(declaration: RevisitedDeclaration): Reading {
  const { path, everyMs, mostAgeMs, idOf, openStateOf, contentType } = declaration;

  async function readPage(request: PageRequest): Promise<Page> {
    const { api, memory, scope, signal, stream, window } = request;
    if (request.position === undefined && !hasSlot(window, everyMs, request))
      return { records: [], position: {}, end: true, mayRepeat: false };
    const after = textAt(request.position, 'after');
    const known = await memory.page({ ...stream, contentType }, after, idsPerPage);
    const open = new Map<string, string>();
    for (const { key, value } of known) {
      const { state, at } = value;
      if (typeof state === 'string' && Number(at) > request.now() - mostAgeMs) open.set(key, state);
    }
    const last = known.at(-1);
    const page = {
      position: { after: last?.key ?? after ?? '' },
      end: known.length < idsPerPage,
      mayRepeat: false,
      advances: true,
    };
    if (open.size === 0) return { ...page, records: [] };
    const params = { ...scope, ids: [...open.keys()].join(','), limit: String(open.size) };
    const { data } = await api.list(path, params, signal);
    const records = data.filter((record) => {
      if (!isObject(record)) return false;
      const state = open.get(idOf(record) ?? '');
      return state !== undefined && state !== openStateOf(record);
    });
    return { ...page, records };
  }

  return {
    readPage,
    isEmpty: async ({ span, ...context }) => !hasSlot(span, everyMs, context),
    resume: (position) => position,
    smallerPages: () => undefined,
    sortKey: () => undefined,
    remember: rememberOpen(declaration),
  };
}
