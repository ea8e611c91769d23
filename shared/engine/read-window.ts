import { ConnectorError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { deriveRecord } from '../records/derive-record.ts';
import { makeRecord } from '../records/make-record.ts';
import { derivedLine, recordLine } from '../records/record-line.ts';
import { type AppendedEntry, appendEntry } from './append-entry.ts';
import { Batch } from './batch.ts';
import { addFilteredBy, type FilteredBy, unknownFilter } from './filtered-by.ts';
import type { HeldStream } from './held-stream.ts';
import type { LogEntryHeader, LogEntryId } from './log-entry.ts';
import type { Page } from './reading.ts';
import { readingContext } from './reading-context.ts';
import { addRecent } from './recent.ts';
import { Repeats } from './repeats.ts';
import type { Slice } from './slice.ts';
import { noCounters, type Position, streamName, type Window, type WindowCounters } from './stream.ts';
import { walk } from './walk.ts';

/** Pages in a row without a new record before we believe that the console sends us in circles. */
const mostFruitlessPages = 100;
/** Walks begun again without their cursor, without a new record since, before the refusal is a failure to wait for. */
const mostFruitlessResumes = 3;
/** Dropped records of the window that are known if they come again. Of a heap that is dropped the newest are what a walk meets. */
const mostKnownDrops = 50_000;
/** Failures after which a walk can go on without what the console has forgotten: a cursor, or the results of a query. */
const lostPlace: ReadonlySet<string> = new Set(['cursor_refused', 'query_lost']);

/**
 * - `read`: the window is read to its end and closed. `empty`: so it is, and there was nothing in it.
 * - `unsettled`: by the console's clock the window reaches into the present; nothing was written.
 */
export type WindowOutcome = 'read' | 'empty' | 'unsettled' | 'deadline' | 'lost' | ConsoleBusy;

/** The console needs time; what was read by then is stored. */
export interface ConsoleBusy {
  readonly resumeInMs: number;
}

/** `adopted`: the log went on without us; the walk is begun again where its newest entry says. */
type AppendOutcome = 'appended' | 'adopted' | WindowOutcome;

/** How a walk ended. `resumeAt`: it is begun again there, without a cursor. */
type WalkOutcome = WindowOutcome | 'adopted' | { readonly resumeAt: Position };

/**
 * Reads a window from where the stream stands to its end, batch by batch.
 * Throws `ConnectorError` when the console fails; what had been read by then is in the log.
 */
export function readWindow(held: HeldStream, window: Window, slice: Slice): Promise<WindowOutcome> {
  return new WindowReader(held, window, slice).read();
}

class WindowReader {
  private readonly held: HeldStream;
  private readonly window: Window;
  private readonly slice: Slice;
  private readonly options: JsonObject;
  private readonly cache = new Map<string, Json>();
  private repeats = new Repeats();
  /** `record_uid`s of dropped records that are counted in the log: no line of it tells a walk that is resumed. */
  private readonly countedDrops = new Set<string>();
  private consoleTotal: number | undefined;
  private batch: Batch;
  private fruitlessPages = 0;
  private fruitlessResumes = 0;

  constructor(held: HeldStream, window: Window, slice: Slice) {
    this.held = held;
    this.window = window;
    this.slice = slice;
    this.options = held.stream.settings.options ?? {};
    this.batch = new Batch(slice.lake);
  }

  async read(): Promise<WindowOutcome> {
    const { held } = this;
    let position = held.stream.window === undefined ? held.carry : held.stream.position;
    for (;;) {
      const outcome = await this.walkFrom(position);
      if (typeof outcome === 'object' && 'resumeAt' in outcome) position = outcome.resumeAt;
      else if (outcome === 'adopted') position = held.stream.position;
      else return outcome;
      this.batch = new Batch(this.slice.lake);
    }
  }

  /** One walk, until the window's end or until it has to be begun again elsewhere. */
  private async walkFrom(position: Position | undefined): Promise<WalkOutcome> {
    const { contentType, clock, deadline, signal, batchLimits, letIoProceed } = this.slice;
    const pages = walk({
      ...readingContext(this.held, this.slice, this.cache),
      reading: contentType.reading,
      window: this.window,
      position,
      signal,
      letIoProceed,
      mayReadAhead: () => clock.now() < deadline,
    });
    let reached = position;
    let knowsTheLog = false;
    // What an earlier walk had read and not written must be read again, so nothing is remembered across walks.
    this.repeats = new Repeats();
    try {
      for (;;) {
        const next = await pages.next().catch((error: unknown) => ({ error }));
        if ('error' in next) return await this.afterFailure(next.error, reached);
        if (next.done) throw new Error('A walk ended without a last page.');
        const page = next.value;
        if (!this.isSettled()) return 'unsettled';
        if (page.mayRepeat && !knowsTheLog) {
          await this.learnFromLog();
          knowsTheLog = true;
        }
        this.addPage(page);
        reached = page.position;
        if (this.fruitlessPages >= mostFruitlessPages)
          return await this.afterFailure(endlessPages(contentType.label), reached);
        if (page.end) return await this.endWindow();
        if (page.resumeInMs !== undefined) return await this.keepBatch({ resumeInMs: page.resumeInMs });
        if (clock.now() >= deadline) return await this.keepBatch('deadline');
        if (page.keepFirst === true || (this.batch.read > 0 && this.batch.isFull(batchLimits))) {
          const kept = await this.keepBatch('kept');
          if (kept !== 'kept') return kept;
        }
      }
    } finally {
      // Cancels the page that may be on its way.
      await pages.return();
    }
  }

  /** Keeps what was read before the failure, then goes on without the cursor, or gives the failure to the slice. */
  private async afterFailure(error: unknown, reached: Position | undefined): Promise<WalkOutcome> {
    if (this.slice.signal.aborted) return await this.keepBatch('deadline');
    if (!(error instanceof ConnectorError)) throw error;
    const kept = await this.keepBatch('kept');
    if (kept !== 'kept') return kept;
    if (error.code === 'response_too_large') {
      const resumeAt = this.slice.contentType.reading.smallerPages(reached, this.window);
      if (resumeAt === undefined) throw error;
      return { resumeAt };
    }
    if (!lostPlace.has(error.code) || reached === undefined) throw error;
    if (++this.fruitlessResumes > mostFruitlessResumes) throw error;
    this.slice.log.info('The console lost the place of the walk; it goes on from what was read.', {
      stream: streamName(this.held.stream.id),
      code: error.code,
    });
    return { resumeAt: this.slice.contentType.reading.resume(reached, this.window) };
  }

  /**
   * Saves how far the walk has come: with an entry where there are records, else with the position alone, so that pages
   * without anything new need not be read again. Returns `otherwise` unless that changed what is to be done next.
   */
  private async keepBatch<const T>(otherwise: T): Promise<T | Exclude<AppendOutcome, 'appended'>> {
    const { held, batch } = this;
    if (batch.read > 0) {
      const appended = await this.append(false);
      return appended === 'appended' ? otherwise : appended;
    }
    if (batch.position === undefined || this.isKept(batch.position)) return otherwise;
    const isKept =
      held.stream.window === undefined
        ? await this.open(batch.position)
        : await held.write({ position: batch.position });
    return isKept ? otherwise : 'lost';
  }

  private isKept(position: Position): boolean {
    const { stream } = this.held;
    return stream.window !== undefined && JSON.stringify(position) === JSON.stringify(stream.position);
  }

  /**
   * True when the window ends early enough before the console's present. Its clock is known from its answers, so this is
   * asked again when there is one. A window that is open already was settled for the worker that opened it.
   */
  private isSettled(): boolean {
    const { session, contentType } = this.slice;
    return this.held.stream.window !== undefined || this.window.to <= session.now() - contentType.settleMs;
  }

  private async learnFromLog(): Promise<void> {
    const { lake, contentType } = this.slice;
    const newest = this.entryId();
    // A window that is not open yet has nothing in the log.
    if (this.held.stream.window === undefined || newest.batch === 0) return;
    await this.repeats.learn(lake, contentType.reading, { ...newest, batch: newest.batch - 1 });
  }

  private addPage(page: Page): void {
    this.consoleTotal ??= page.consoleTotal;
    const before = this.batch.read;
    for (const vendor of page.records) this.addRecord(vendor);
    this.batch.endPage(page.position);
    if (page.incomplete !== undefined) this.noteIncomplete(page.incomplete);
    if (this.batch.read > before || page.advances) {
      this.fruitlessPages = 0;
      this.fruitlessResumes = 0;
    } else if (!page.mayRepeat) {
      // Repeats after a refused cursor are bounded by what the log holds; they are no circle.
      this.fruitlessPages += 1;
    }
  }

  private noteIncomplete(error: ConnectorError): void {
    const { held, slice, window } = this;
    held.incomplete = error;
    slice.log.error(error.message, {
      stream: streamName(held.stream.id),
      code: error.code,
      window: new Date(window.from).toISOString(),
    });
  }

  private addRecord(vendor: Json): void {
    const { contentType, session, clock } = this.slice;
    const { id, settings } = this.held.stream;
    const { window } = this;
    const source = { stream: id, settings, hostUrl: session.hostUrl, window, writeTime: clock.now() };
    const record = makeRecord(contentType, vendor, source);
    if (this.repeats.isRepeat(contentType.reading.sortKey(vendor), record)) return;
    const filter = this.slice.filter?.droppedBy(record);
    if (filter !== undefined) {
      this.dropRecord(record, filter);
      return;
    }
    const derived = deriveRecord(contentType, record, this.options);
    const line = recordLine(record);
    this.batch.add(line, derived === undefined ? undefined : derivedLine(derived, record, line));
    this.batch.mark(contentType.reading.remember?.mark(record));
  }

  private dropRecord(record: JsonObject, filter: string): void {
    const uid = String(record['record_uid']);
    if (this.countedDrops.has(uid)) return;
    const { batch } = this;
    batch.drop(uid, filter);
    const { remember } = this.slice.contentType.reading;
    batch.mark(remember?.markDropped?.(record));
    const mark = remember?.applyDropped === undefined ? undefined : remember.mark(record);
    if (mark !== undefined) batch.droppedMarks.push(mark);
  }

  private noteCountedDrops(uids: readonly string[]): void {
    for (const uid of uids) this.countedDrops.add(uid);
    for (const uid of this.countedDrops) {
      if (this.countedDrops.size <= mostKnownDrops) return;
      this.countedDrops.delete(uid);
    }
  }

  private async endWindow(): Promise<WindowOutcome | 'adopted'> {
    // An empty window that nobody has opened leaves no trace but the watermark.
    if (this.batch.read === 0 && this.held.stream.window === undefined) {
      this.held.pass(this.window);
      this.held.carry = this.handedOn(this.batch.position);
      return 'empty';
    }
    // An open window is always closed by an entry, even an empty one: it takes the place at which a worker that has
    // lost the stream might still append.
    const appended = await this.append(true);
    if (appended === 'appended') throw new Error('The last entry of a window did not close it.');
    return appended;
  }

  /** Opens the window if need be, appends the batch and commits. `read`: the entry closed the window. */
  private async append(end: boolean): Promise<AppendOutcome> {
    const { held, window, batch } = this;
    if (held.stream.window === undefined && !(await this.open())) return 'lost';
    if (batch.position === undefined) throw new Error('A batch without a page cannot be appended.');
    const header: LogEntryHeader = {
      window,
      batch: held.stream.batch,
      position: batch.position,
      end,
      read: batch.read,
      written: batch.body.count,
      filtered: batch.read - batch.body.count,
      pages: batch.pages,
      fence: held.stream.fence,
    };
    const { body, derivedBody } = batch;
    const derived =
      derivedBody.count === 0 ? undefined : { body: await derivedBody.finish(), count: derivedBody.count };
    const entry = {
      id: this.entryId(),
      header,
      body: await body.finish(),
      derived,
      marks: batch.marks,
      droppedMarks: batch.droppedMarks,
      options: this.options,
    };
    const appended = await appendEntry(this.slice, entry);
    this.batch = new Batch(this.slice.lake);
    if (!appended.adopted) this.noteCountedDrops(batch.droppedUids);
    // Of an entry that another worker wrote only the numbers in its header are known.
    const bytes = appended.adopted ? 0 : entry.body.length;
    if (!(await this.commit(appended.header, filteredBy(appended, batch), bytes))) return 'lost';
    if (appended.header.end) return 'read';
    return appended.adopted ? 'adopted' : 'appended';
  }

  /**
   * A window is in the state before its first entry is in the log, so that every worker means the same one.
   * @param position how far it is read already
   */
  private open(position = this.held.carry): Promise<boolean> {
    const { held } = this;
    return held.write({
      ...held.unstoredProgress(),
      window: this.window,
      batch: 0,
      position: position ?? null,
      counters: { ...noCounters, throttledMs: held.stream.counters.throttledMs },
    });
  }

  private async commit(header: LogEntryHeader, dropped: FilteredBy, bytes: number): Promise<boolean> {
    const { held, window } = this;
    const { stream } = held;
    const counters = this.count(stream.counters, header, dropped);
    const totals = {
      ...stream.totals,
      records: stream.totals.records + header.written,
      filtered: stream.totals.filtered + header.filtered,
      ...this.sumByFilter(stream.totals.filteredBy, dropped),
      batches: stream.totals.batches + 1,
      ...this.recently(header, bytes),
    };
    if (!header.end) {
      return await held.commit({ batch: header.batch + 1, position: header.position, counters, totals });
    }
    // Before the watermark passes the window: afterwards nobody would come back to note it.
    await this.slice.streams.putLedgerEntry({
      ...counters,
      stream: stream.id,
      window,
      batches: header.batch + 1,
      closedAt: this.slice.clock.now(),
      fence: stream.fence,
    });
    held.pass(window);
    held.carry = this.handedOn(header.position);
    return await held.commit({
      window: null,
      batch: 0,
      position: held.carry ?? null,
      counters: noCounters,
      totals: { ...totals, windows: totals.windows + 1 },
    });
  }

  private recently({ written, filtered }: LogEntryHeader, bytes: number) {
    // Most entries of a quiet stream only close a window, and its item stays as small as it is.
    if (written + filtered === 0) return {};
    const now = this.slice.clock.now();
    const recent = addRecent(this.held.stream.totals.recent, now, { records: written, filtered, bytes });
    return written === 0 ? { recent } : { recent, lastDataAt: now };
  }

  private count(before: WindowCounters, header: LogEntryHeader, dropped: FilteredBy): WindowCounters {
    const consoleTotal = before.consoleTotal ?? this.consoleTotal;
    return {
      read: before.read + header.read,
      written: before.written + header.written,
      filtered: before.filtered + header.filtered,
      ...this.sumByFilter(before.filteredBy, dropped),
      pages: before.pages + header.pages,
      throttledMs: before.throttledMs,
      ...(consoleTotal === undefined ? {} : { consoleTotal }),
    };
  }

  private sumByFilter(before: FilteredBy | undefined, dropped: FilteredBy): { filteredBy?: FilteredBy } {
    if (Object.keys(dropped).length === 0) return before === undefined ? {} : { filteredBy: before };
    return { filteredBy: addFilteredBy(before, dropped, this.slice.filter?.names ?? new Set()) };
  }

  /** What the next window begins with. */
  private handedOn(position: Position | undefined): Position | undefined {
    return this.slice.contentType.reading.carriesOver ? position : undefined;
  }

  /** The place in the log that the next entry gets. */
  private entryId(): LogEntryId {
    const { contentType } = this.slice;
    const { id, batch } = this.held.stream;
    return {
      stream: id,
      index: contentType.index,
      msgClass: contentType.msgClass,
      window: this.window,
      batch,
    };
  }
}

/** By which filters the entry's records were dropped. An entry of another worker says only how many they were. */
function filteredBy({ adopted, header: { filtered } }: AppendedEntry, batch: Batch): FilteredBy {
  if (!adopted) return batch.filteredBy;
  return filtered === 0 ? {} : { [unknownFilter]: filtered };
}

function endlessPages(label: string): ConnectorError {
  return new ConnectorError({
    code: 'endless_pages',
    message: `The console sent ${mostFruitlessPages} pages of ${label} in a row without a new record and still promises more.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'The walk is tried again by itself. If this stays for an hour, open a case with SentinelOne and name the data set.',
  });
}
