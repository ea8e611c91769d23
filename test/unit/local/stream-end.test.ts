import { describe, expect, it } from 'vitest';
import { Progress } from '../../../local/command/progress.ts';
import { streamEnd } from '../../../local/command/stream-end.ts';
import type { Stream, StreamStatus } from '../../../shared/engine/stream.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

function stream(watermark: number, status: Partial<StreamStatus> = {}, records = 0): Stream {
  return {
    id: { tenant: 'demo', connector: 'simulator', contentType: 'threats' },
    fence: 1,
    step: 0,
    leaseUntil: 0,
    attempts: 0,
    since: 0,
    watermark,
    batch: 0,
    counters: { read: 0, written: 0, filtered: 0, pages: 0, throttledMs: 0 },
    totals: { records, filtered: 0, batches: 0, windows: 0, throttled: 0 },
    status: { health: 'ok', since: now, at: now, failures: 0, ...status },
    settings: { tenantName: 'demo', connectorName: 's', intervalMs: 1, siteIds: [], accountIds: [] },
  };
}

describe('streamEnd', () => {
  it.each([
    ['complete', 1_000, {}],
    ['complete', 1_000, { health: 'throttled', failures: 9 }],
    ['working', 999, {}],
    ['working', 999, { health: 'throttled', failures: 99, since: now - 3_600_000 }],
    ['working', 999, { health: 'unavailable', failures: 9, since: now - 299_999 }],
    ['failed', 999, { health: 'unavailable', failures: 9, since: now - 300_001 }],
    ['working', 999, { health: 'credentials', failures: 2 }],
    ['failed', 999, { health: 'credentials', failures: 3 }],
    ['failed', 999, { health: 'permission', failures: 3 }],
    ['failed', 999, { health: 'internal', failures: 3 }],
  ] as const)('is %s at %i with %j', (end, watermark, status) => {
    expect(streamEnd(stream(watermark, status), 1_000, now)).toBe(end);
  });
});

describe('Progress', () => {
  it('says every change of health at once and everything else at most every two seconds', () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.show([stream(0, {}, 1)], now);
    progress.show([stream(0, {}, 2)], now + 1_000);
    progress.show([stream(0, { health: 'credentials', httpStatus: 401, message: 'No.' }, 2)], now + 1_100);
    progress.show([stream(0, { health: 'unavailable', httpStatus: 503, message: 'Down.' }, 2)], now + 1_200);
    progress.show([stream(0, { health: 'unavailable', httpStatus: 503, message: 'Down.' }, 2)], now + 9_000);
    progress.show(
      [stream(0, { health: 'throttled', httpStatus: 429, message: 'Slow.', nextTryAt: now }, 2)],
      now + 9_100,
    );
    progress.show([stream(0, {}, 3)], now + 9_200);
    progress.show([stream(0, {}, 4)], now + 11_200);
    expect(lines.map((line) => line.replace(/.*Z {2}/, ''))).toStrictEqual([
      'ok',
      'credentials (401): No.',
      'unavailable (503): Down.',
      'throttled (429): Slow. Next try 12:00:00Z.',
      'ok',
      'ok',
    ]);
    expect(lines.at(-1)).toContain('4 records');
  });
});
