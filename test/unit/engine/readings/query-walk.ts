import type { Page, PageRequest, Reading } from '../../../../shared/engine/reading.ts';
import { startedQuery } from '../../../../shared/engine/readings/started-query.ts';
import type { Position, Window } from '../../../../shared/engine/stream.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { isObject } from '../../../../shared/json.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { pageRequest } from '../../../support/page-request.ts';
import { QueryConsole } from './query-console.ts';

export const noon = Date.parse('2026-11-24T12:00:00Z');
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Five minutes in the present, of which the last event is settled. */
export const window: Window = { from: noon, to: noon + 5 * minuteMs };

/** The time so many milliseconds after noon, in six digits. */
export function at(ms: number, micros = '000'): string {
  return new Date(noon + ms).toISOString().replace('Z', `${micros}Z`);
}

export function queriesOf(rowCap = 20_000): Reading {
  return startedQuery({
    startPath: '/start',
    statusPath: '/status',
    resultsPath: '/results',
    pageSize: 1000,
    rowCap,
    defaultQuery: 'everything',
    sortBy: 'createdAt',
    timeOf: (row) => parseConsoleTime(isObject(row) ? row['createdAt'] : undefined),
  });
}

export function idsOf(rows: readonly Json[]): readonly unknown[] {
  return rows.map((row) => (isObject(row) ? row['id'] : row));
}

/** What came of a window that was read page by page. */
export interface ReadWindow {
  readonly ids: readonly unknown[];
  readonly pages: readonly Page[];
  /** What is handed on. */
  readonly position: Position;
}

/** A reading by queries whose console is in memory, and whose waits are waited for. The settle time is two minutes. */
export function queryWalk(
  options: { rowCap?: number; options?: JsonObject; scope?: PageRequest['scope'] } = {},
) {
  const clock = new ManualClock(window.to + 2 * minuteMs);
  const console = new QueryConsole(clock);
  const reading = queriesOf(options.rowCap);
  const warnings: string[] = [];
  /** By how much the worker's clock is ahead until the console has answered. */
  const skew = { aheadMs: 0 };

  function request(of: Window, position?: Position): PageRequest {
    return pageRequest(console, of, {
      position,
      now: () => clock.now(),
      settled: () => clock.now() + skew.aheadMs - 2 * minuteMs,
      options: options.options ?? {},
      scope: options.scope ?? {},
      log: { info: () => undefined, warn: (message) => void warnings.push(message), error: () => undefined },
    });
  }

  return {
    clock,
    console,
    reading,
    warnings,
    skew,
    page: (position?: Position, of: Window = window) => reading.readPage(request(of, position)),
    /** Reads to the window's end. Every position goes through JSON, as it does in the table. */
    async read(of: Window = window, position?: Position): Promise<ReadWindow> {
      const pages: Page[] = [];
      let stored = position;
      for (let turns = 0; turns < 1_000; turns++) {
        const page = await reading.readPage(request(of, stored));
        pages.push(page);
        stored = JSON.parse(JSON.stringify(page.position));
        if (page.end) {
          return { ids: idsOf(pages.flatMap(({ records }) => records)), pages, position: page.position };
        }
        clock.advance(page.resumeInMs ?? 0);
      }
      throw new Error(`The window has no end: ${JSON.stringify(stored)}`);
    },
  };
}
