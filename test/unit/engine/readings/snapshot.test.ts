import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSlot, snapshot } from '../../../../shared/engine/readings/snapshot.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { listOnly } from '../../../support/list-only.ts';
import { pageRequest } from '../../../support/page-request.ts';
import {
  byCursor,
  hourMs,
  idsOf,
  metadataBytes,
  minuteMs,
  noon,
  readingWalk,
  window,
} from './reading-walk.ts';

const stream = { tenant: 'acme', connector: 'edr', contentType: 'sites' };
const dayMs = 24 * hourMs;
const everyMs = 6 * hourMs;
const never = listOnly(() => Promise.reject(new Error('Nothing is asked here.')));

/** The spans of a time that is cut at odd places. */
function cut(from: number, lengths: readonly number[]) {
  let at = from;
  return lengths.map((length) => {
    const span = { from: at, to: at + length };
    at += length;
    return span;
  });
}

describe('the slot of a snapshot', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 2 * hourMs }), { minLength: 1, maxLength: 60 });

  it('lies in one span for each period, however time is cut, for who reads each of them when it is over', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const spans = cut(noon, all);
        const since = noon;
        const hits = spans.filter((span) =>
          hasSlot(span, everyMs, pageRequest(never, span, { stream, since, now: () => span.to })),
        );
        const periods = ((spans.at(-1)?.to ?? noon) - noon) / everyMs;
        // The first one is where the stream begins.
        expect(hits.length).toBeGreaterThanOrEqual(Math.floor(periods));
        expect(hits.length).toBeLessThanOrEqual(Math.ceil(periods) + 1);
        expect(hits[0]).toStrictEqual(spans[0]);
      }),
    );
  });

  it('lies in exactly one span of a backlog, and that is one of the last day', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const spans = cut(noon, all);
        const end = spans.at(-1)?.to ?? noon;
        const request = (span: { from: number; to: number }) =>
          pageRequest(never, span, { stream, since: noon, now: () => end });
        const hits = spans.filter((span) => hasSlot(span, everyMs, request(span)));
        expect(hits).toHaveLength(1);
        expect(hits[0]?.to).toBeGreaterThan(end - everyMs);
      }),
    );
  });

  it('is not hidden by a clock that is behind when it is asked', () => {
    const spans = cut(
      noon,
      Array.from({ length: 24 * 60 }, () => minuteMs),
    );
    const hits = spans.filter((span) =>
      hasSlot(
        span,
        everyMs,
        pageRequest(never, span, { stream, since: noon - dayMs, now: () => span.from - minuteMs }),
      ),
    );
    expect(hits).toHaveLength(4);
  });
});

describe('a snapshot', () => {
  const sites: JsonObject[] = Array.from({ length: 25 }, (_, i) => ({ id: String(100 + i) }));
  const sitesOf = (change = {}) =>
    readingWalk(
      snapshot({ path: '/sites', sortBy: 'id', pageSize: 10, everyMs }),
      (_, params) => byCursor(sites, params),
      {
        stream,
        since: window.from,
        ...change,
      },
    );

  it('is the whole list in the window that has the slot, and costs no request in the others', async () => {
    const { read } = sitesOf();
    const first = await read();
    expect(idsOf(first.records)).toStrictEqual(idsOf(sites));
    expect(first.calls.map(({ params }) => params['sortBy'])).toStrictEqual(['id', 'id', 'id']);
    const { read: later } = sitesOf({ since: window.from - 1 });
    expect((await later()).calls).toStrictEqual([]);
  });

  it('is read to its end although the next slot comes meanwhile', async () => {
    let now = window.to;
    const { page, read } = sitesOf({ now: () => now });
    const first = await page();
    now += dayMs;
    const rest = await read(window, first.position);
    expect([...idsOf(first.records), ...idsOf(rest.records)]).toStrictEqual(idsOf(sites));
  });

  it('begins again where its cursor is refused, and says that records come again', async () => {
    const { page, read } = sitesOf();
    const reading = snapshot({ path: '/sites', sortBy: 'id', pageSize: 10, everyMs });
    const first = await page();
    const { records, pages } = await read(window, reading.resume(first.position, window));
    expect(idsOf(records)).toStrictEqual(idsOf(sites));
    expect(pages.every(({ mayRepeat }) => mayRepeat)).toBe(true);
  });

  it('has smaller pages where they were too large, from the first one on', async () => {
    const reading = snapshot({ path: '/sites', sortBy: 'id', pageSize: 10, everyMs });
    // The slot may have passed by then.
    const { read } = sitesOf({ now: () => window.to + dayMs });
    const { records, calls } = await read(window, reading.smallerPages(undefined, window));
    expect(records).toHaveLength(25);
    expect(calls.map(({ params }) => params['limit'])).toStrictEqual(['5', '5', '5', '5', '5']);
  });

  it('has positions that fit into the metadata of an object', async () => {
    const { page } = readingWalk(
      snapshot({ path: '/sites', sortBy: 'id', pageSize: 10, everyMs }),
      () => ({ data: sites, nextCursor: 'c'.repeat(1_200) }),
      { stream, since: window.from },
    );
    expect(metadataBytes((await page()).position)).toBeLessThanOrEqual(2_048);
  });
});
