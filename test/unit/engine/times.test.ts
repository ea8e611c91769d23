import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, confirmations } from '../../../shared/engine/backoff.ts';
import { entryKey } from '../../../shared/engine/entry-key.ts';
import { dueShard, nextSlot } from '../../../shared/engine/schedule.ts';
import { ConnectorError } from '../../../shared/errors.ts';

const time = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') });
const name = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
const streamId = fc.record({ tenant: name, connector: name, contentType: name });

describe('nextSlot', () => {
  it('is on a fixed grid, later than now and at most an interval away', () => {
    fc.assert(
      fc.property(streamId, fc.integer({ min: 60_000, max: 86_400_000 }), time, (id, intervalMs, now) => {
        const slot = nextSlot(id, intervalMs, now);
        expect(slot).toBeGreaterThan(now);
        expect(slot).toBeLessThanOrEqual(now + intervalMs);
        expect(nextSlot(id, intervalMs, slot)).toBe(slot + intervalMs);
        expect(nextSlot(id, intervalMs, slot - 1)).toBe(slot);
      }),
    );
  });

  it('spreads streams over the interval', () => {
    const minutes = new Set<number>();
    for (let i = 0; i < 200; i++) {
      minutes.add(
        nextSlot({ tenant: 't', connector: `c${i}`, contentType: 'threats' }, 300_000, 0) % 300_000,
      );
    }
    expect(minutes.size).toBeGreaterThan(190);
  });
});

describe('dueShard', () => {
  it('is stable, because items keep theirs for ever', () => {
    const id = { tenant: 'acme', connector: 'edr', contentType: 'threats' };
    expect([1, 2, 16].map((shards) => dueShard(id, shards))).toStrictEqual(['due#0', 'due#1', 'due#15']);
  });

  it('uses all shards', () => {
    const shards = new Set(
      Array.from({ length: 100 }, (_, i) =>
        dueShard({ tenant: 't', connector: `${i}`, contentType: 'a' }, 8),
      ),
    );
    expect(shards.size).toBe(8);
  });
});

describe('backoffMs', () => {
  const error = (retryable: boolean, retryAfterMs?: number) =>
    new ConnectorError({
      code: 'x',
      message: 'x',
      health: 'unavailable',
      retryable,
      recommendation: 'x',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });

  it('keeps a time that the console named, exactly and without jitter, but never spins', () => {
    expect(backoffMs(error(true, 37_500), 9, () => 0)).toBe(37_500);
    expect(backoffMs(error(true, 0), 1, () => 0)).toBe(1_000);
  });

  it('grows with every failure up to a quarter of an hour, with full jitter', () => {
    expect(
      [1, 2, 3, 8, 9, 50].map((failures) => backoffMs(error(true), failures, () => 0.999999)),
    ).toStrictEqual([4_000, 8_000, 16_000, 511_999, 899_999, 899_999]);
    expect(backoffMs(error(true), 50, () => 0)).toBe(1_000);
  });

  it('confirms what needs a person, then leaves it to the regular slots', () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(error(false), failures, () => 0.5))).toStrictEqual([
      5_000,
      10_000,
      undefined,
      undefined,
    ]);
    expect(confirmations).toBe(3);
  });
});

describe('entryKey', () => {
  const window = { from: Date.parse('2026-11-24T08:05:06.007Z'), to: Date.parse('2026-11-24T09:00:00Z') };
  it('puts the tenant first and the hour of the window into the partition', () => {
    expect(
      entryKey({
        stream: { tenant: 'acme', connector: 'edr', contentType: 'agents' },
        index: 'assets',
        msgClass: 'sentinelone_host',
        window,
        batch: 7,
      }),
    ).toBe(
      'landing/tenant=acme/index=assets/msg_class=sentinelone_host/dt=2026-11-24/hr=08/edr.agents-20261124T080506007Z-000007.ndjson.gz',
    );
  });

  it('is different for different entries', () => {
    const entry = fc.record({ stream: streamId, from: time, batch: fc.nat({ max: 5_000_000 }) });
    const keyOf = ({
      stream,
      from,
      batch,
    }: {
      stream: { tenant: string; connector: string; contentType: string };
      from: number;
      batch: number;
    }) =>
      entryKey({
        stream,
        index: 'syslog',
        msgClass: stream.contentType,
        window: { from, to: from + 1 },
        batch,
      });
    fc.assert(
      fc.property(entry, entry, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(keyOf(a)).not.toBe(keyOf(b));
      }),
    );
  });
});
