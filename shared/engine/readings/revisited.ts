import { isObject, type JsonObject } from '../../json.ts';
import type { Memory, MemoryStore } from '../../ports.ts';
import { fieldAt, integerAt, textAt } from '../../records/json-fields.ts';
import type { LogEntryId } from '../log-entry.ts';
import type { Mark, Page, PageRequest, Reading, Remembering } from '../reading.ts';
import type { Position, StreamId, Window } from '../stream.ts';
import { recordsByIds } from './records-by-ids.ts';
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

/** Ids in one request, and keys whose memory is read at once. */
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
    apply: (entry, marks, memory) => applyMarks(entry, marks, memory, entry.window.from),
    // A record that is dropped now may not be when it has changed, so it is asked for again like the others.
    applyDropped: (entry, marks, memory) => applyMarks(entry, marks, memory, droppedIn(entry.window)),
  };

  async function applyMarks(
    entry: LogEntryId,
    marks: readonly Mark[],
    memory: MemoryStore,
    seenAt: number,
  ): Promise<void> {
    const { tenant, connector } = entry.stream;
    // Also of what a stream of the past has read first: there is one stream that asks again.
    const owner: StreamId = { tenant, connector, contentType };
    // Of several in one entry the last one counts.
    let waiting = [...new Map(marks.map((mark) => [mark.key, mark])).values()];
    while (waiting.length > 0) {
      const group = waiting.slice(0, idsPerPage);
      const known = await memory.get(
        owner,
        group.map(({ key }) => key),
      );
      const written = await Promise.all(
        group.map(async (mark) => ({
          mark,
          isWritten: await remember({ owner, entry, seenAt, mostAgeMs }, mark, known.get(mark.key), memory),
        })),
      );
      const refused = written.flatMap(({ mark, isWritten }) => (isWritten ? [] : [mark]));
      waiting = [...refused, ...waiting.slice(idsPerPage)];
    }
  }
}

/**
 * What is remembered of dropped records is as old as if it were from just before the window: what the window's entries hold
 * counts more.
 */
function droppedIn({ from }: Window): number {
  return from - 1;
}

/** By whom, in which entry and as of when records were seen. */
interface Sight {
  readonly owner: StreamId;
  readonly entry: LogEntryId;
  /** Epoch milliseconds; the start of the entry's window, for records of the log. */
  readonly seenAt: number;
  readonly mostAgeMs: number;
}

/** False where another write came before. */
async function remember(
  { owner, entry: { stream, window }, seenAt, mostAgeMs }: Sight,
  { key, value }: Mark,
  before: Memory | undefined,
  memory: MemoryStore,
): Promise<boolean> {
  // Two streams write here. Each of them has a record once per window, and what is newer in a later one.
  const seenIn = fieldAt(before?.value, 'seenIn');
  if ((integerAt(seenIn, stream.contentType) ?? Number.NEGATIVE_INFINITY) >= seenAt) return true;
  // A record that was closed when it was first seen need not be remembered.
  const { state, at } = value;
  if (before === undefined && state === null) return true;
  const next = {
    ...value,
    seenIn: { ...(isObject(seenIn) ? seenIn : {}), [stream.contentType]: seenAt },
  };
  const forgetAt = state === null ? window.to + closedForMs : Number(at) + mostAgeMs + closedForMs;
  return await memory.put(owner, { key, value: next, version: before?.version ?? 0 }, forgetAt);
}

/**
 * Asks again for the records that were open when they were last read, by their ids, and reads those whose state is another
 * one. Bounded by the number of open records, not of all.
 */
export function revisited(declaration: RevisitedDeclaration): Reading {
  const { path, everyMs, mostAgeMs, idOf, openStateOf, contentType } = declaration;

  async function readPage(request: PageRequest): Promise<Page> {
    const { memory, now, position, scope, stream, window } = request;
    if (position === undefined && !hasSlot(window, everyMs, request))
      return { records: [], position: {}, end: true, mayRepeat: false };
    const { after, limit } = readPosition(position);
    const known = await memory.page({ ...stream, contentType }, after, limit);
    const open = new Map<string, string | null>();
    for (const { key, value } of known) {
      const { state, at, seenIn } = value;
      if (Number(at) <= now() - mostAgeMs) continue;
      // Dropped in this very window, by a worker that died before its entry: it is judged again, whatever its state.
      if (fieldAt(seenIn, stream.contentType) === droppedIn(window)) open.set(key, null);
      else if (typeof state === 'string') open.set(key, state);
    }
    const page = {
      position: writePosition({ after: known.at(-1)?.key ?? after, limit }),
      end: known.length < limit,
      mayRepeat: false,
      advances: true,
    };
    // Where there is nothing to ask again for, the console is asked all the same: the status is to say whether it would answer.
    if (position === undefined && open.size === 0)
      await request.api.list(path, { ...scope, limit: '1' }, request.signal);
    // One that the console does not have any more is not in the answer, and grows old where it is.
    const found = await recordsByIds(path, [...open.keys()], scope, request);
    const records = found.filter((record) => {
      const state = open.get(idOf(record) ?? '');
      return state !== undefined && state !== openStateOf(record);
    });
    return { ...page, records };
  }

  return {
    readPage,
    isEmpty: async ({ span, ...context }) => !hasSlot(span, everyMs, context),
    resume: (position) => position,
    smallerPages(stored) {
      const { after, limit } = readPosition(stored);
      return limit === 1 ? undefined : writePosition({ after, limit: Math.floor(limit / 2) });
    },
    sortKey: () => undefined,
    remember: rememberOpen(declaration),
  };
}

/** Where a round stands. */
interface RoundPosition {
  /** The last key that was asked for; undefined at the start. */
  readonly after: string | undefined;
  /** Ids to ask for at once. */
  readonly limit: number;
}

function readPosition(position: Position | undefined): RoundPosition {
  return { after: textAt(position, 'after'), limit: integerAt(position, 'limit') ?? idsPerPage };
}

function writePosition({ after, limit }: RoundPosition): Position {
  return { ...(after === undefined ? {} : { after }), ...(limit === idsPerPage ? {} : { limit }) };
}
