import { metadataFromHeader } from '../../../../shared/aws/entry-metadata.ts';
import type { Page, PageRequest, Reading } from '../../../../shared/engine/reading.ts';
import type { Position, StreamId, Window } from '../../../../shared/engine/stream.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import { isObject, type Json, type JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams, MemoryStore } from '../../../../shared/ports.ts';
import { listOnly } from '../../../support/list-only.ts';
import { MemoryMemory } from '../../../support/memory/memory-memory.ts';
import { pageRequest } from '../../../support/page-request.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const noon = Date.parse('2026-11-24T12:00:00Z');
export const window: Window = { from: noon, to: noon + 5 * minuteMs };
export const nextWindow: Window = { from: window.to, to: window.to + 5 * minuteMs };

/** One request that the console got. */
export interface Call {
  readonly path: string;
  readonly params: ListParams;
}

/** What came of a window. */
export interface ReadWindow {
  readonly records: readonly JsonObject[];
  readonly pages: readonly Page[];
  readonly calls: readonly Call[];
}

/**
 * A reading over a console in memory, driven as the engine does it: positions go through JSON, and what is to be remembered
 * is remembered after each page.
 */
export function readingWalk(
  reading: Reading,
  list: (path: string, params: ListParams) => ListPage,
  change: Partial<PageRequest> = {},
) {
  const calls: Call[] = [];
  const notes: string[] = [];
  const memory: MemoryStore = change.memory ?? new MemoryMemory();
  const api = listOnly(async (path, params) => {
    calls.push({ path, params });
    return list(path, params);
  });
  const note = (message: string) => void notes.push(message);

  function request(of: Window, position: Position | undefined, cache: Map<string, Json>): PageRequest {
    return pageRequest(api, of, {
      memory,
      cache,
      log: { info: note, warn: note, error: note },
      ...change,
      position: position === undefined ? undefined : JSON.parse(JSON.stringify(position)),
    });
  }

  async function remember(of: Window, batch: number, records: readonly Json[]): Promise<void> {
    const { stream } = request(of, undefined, new Map());
    const marks = records.filter(isObject).flatMap((record) => reading.remember?.mark(record) ?? []);
    await reading.remember?.apply(entryOf(stream, of, batch), marks, memory);
  }

  return {
    calls,
    notes,
    memory,
    remember,
    page: (of: Window = window, position?: Position) => reading.readPage(request(of, position, new Map())),
    /** Reads to the window's end, from a position on. */
    async read(of: Window = window, position?: Position): Promise<ReadWindow> {
      const before = calls.length;
      const pages: Page[] = [];
      const cache = new Map<string, Json>();
      let stored = position;
      for (let batch = 0; batch < 5_000; batch++) {
        const page = await reading.readPage(request(of, stored, cache));
        pages.push(page);
        await remember(of, batch, page.records);
        stored = page.position;
        if (page.end) {
          const records = pages.flatMap((each) => each.records).filter(isObject);
          return { records, pages, calls: calls.slice(before) };
        }
      }
      throw new Error(`The window has no end: ${JSON.stringify(stored)}`);
    },
  };
}

export function entryOf(stream: StreamId, of: Window, batch = 0) {
  return { stream, index: 'syslog', msgClass: 'test', window: of, batch } as const;
}

export function idsOf(records: readonly Json[]): readonly unknown[] {
  return records.map((record) => (isObject(record) ? record['id'] : record));
}

/** A part of a list by the number of records to skip, as the console gives it. */
export function skipping(records: readonly JsonObject[], params: ListParams): ListPage {
  const skip = Number(params['skip'] ?? 0);
  const data = records.slice(skip, skip + Number(params['limit']));
  return {
    data,
    totalItems: records.length,
    ...(skip + data.length < records.length ? { nextCursor: `c${skip + data.length}` } : {}),
  };
}

/** A part of a list by a cursor that is the number of records before. */
export function byCursor(records: readonly JsonObject[], params: ListParams): ListPage {
  return skipping(records, { ...params, skip: (params['cursor'] ?? '').replace('c', '') || '0' });
}

export function refused(code: string, httpStatus: number): ConnectorError {
  return new ConnectorError({
    code,
    message: `The console refused: ${code}.`,
    health: httpStatus === 404 ? 'retired' : 'unavailable',
    retryable: httpStatus !== 404,
    recommendation: 'None.',
    httpStatus,
  });
}

/** How many bytes of an object's metadata an entry with this position takes, when all its numbers are large. Throws beyond 2 KB. */
export function metadataBytes(position: Position): number {
  const many = 999_999_999;
  const header = {
    window,
    batch: 999_999,
    position,
    end: false,
    read: many,
    written: many,
    filtered: many,
    pages: many,
    fence: many,
  };
  const metadata = metadataFromHeader(header);
  return Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
