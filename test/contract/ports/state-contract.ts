import { expect, it } from 'vitest';
import type { StreamId } from '../../../shared/engine/stream.ts';
import type { ConnectorStore, DueIndex, LedgerEntry, StreamStore } from '../../../shared/ports.ts';

/** The state table's three ports over one set of rows. */
export interface StatePorts {
  readonly streams: StreamStore;
  readonly dueIndex: DueIndex;
  readonly connectors: ConnectorStore;
}

const settings = {
  tenantName: 'Acme',
  connectorName: 'EDR',
  intervalMs: 300_000,
  siteIds: ['1'],
  accountIds: [],
};
const leaseMs = 150_000;
const since = Date.parse('2026-11-24T08:00:00Z');
const now = Date.parse('2026-11-24T10:00:00Z');

let made = 0;

/** What every implementation of the state table must do. `ports` gives the implementation under test. */
export function defineStateContract(ports: () => StatePorts): void {
  /** A stream that no other test knows. */
  async function newStream(nextDueAt = now): Promise<StreamId> {
    const id = { tenant: 'acme', connector: `c${++made}`, contentType: 'threats' };
    await ports().connectors.ensureStream(id, { since, settings, nextDueAt, now });
    return id;
  }
  async function acquired(id: StreamId, owner: string, at: number) {
    const outcome = await ports().streams.acquire(await stored(id), {}, { owner, now: at, leaseMs });
    if (outcome.kind !== 'updated') throw new Error(`not acquired but ${outcome.kind}`);
    return outcome.stream;
  }
  async function stored(id: StreamId) {
    const [stream] = await ports().connectors.streams(id.tenant, id.connector);
    if (stream === undefined) throw new Error('The stream is gone.');
    return stream;
  }
  async function dueIds(at: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const page of ports().dueIndex.due(at)) ids.push(...page.items.map(({ id }) => id.connector));
    return ids;
  }

  it('creates a stream that is due and has read nothing', async () => {
    const id = await newStream();
    expect(await stored(id)).toStrictEqual({
      id,
      fence: 0,
      step: 0,
      leaseUntil: 0,
      attempts: 0,
      since,
      watermark: since,
      batch: 0,
      counters: { read: 0, written: 0, filtered: 0, pages: 0, throttledMs: 0 },
      totals: { records: 0, filtered: 0, batches: 0, windows: 0, throttled: 0 },
      nextDueAt: now,
      status: { health: 'ok', since: now, at: now, failures: 0 },
      settings,
    });
  });

  it('keeps the progress of a stream that is saved again and takes its new settings', async () => {
    const id = await newStream();
    const stream = await acquired(id, 'a', now);
    await ports().streams.update(stream, { watermark: since + 1, leaseUntil: 0 });
    await ports().connectors.ensureStream(id, {
      since: 0,
      settings: { ...settings, tenantName: 'New' },
      nextDueAt: 1,
      now,
    });
    expect(await stored(id)).toMatchObject({
      watermark: since + 1,
      settings: { tenantName: 'New' },
      fence: 1,
    });
  });

  it('reads a stream as it is stored', async () => {
    const id = await newStream();
    expect(await ports().streams.read(id)).toStrictEqual({ kind: 'found', stream: await stored(id) });
  });

  it('gives a stream to one of many, with a higher fence each time, and to the next when the lease ends', async () => {
    const id = await newStream();
    const seen = await stored(id);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ports().streams.acquire(seen, { attempts: i + 1 }, { owner: `w${i}`, now, leaseMs }),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'updated')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'lost')).toHaveLength(19);
    const held = await stored(id);
    expect(held).toMatchObject({ fence: 1, step: 0, leaseUntil: now + leaseMs });
    expect(outcomes).toContainEqual({ kind: 'updated', stream: held });
    const early = { owner: 'early', now: now + leaseMs - 1, leaseMs };
    expect(await ports().streams.acquire(held, {}, early)).toStrictEqual({ kind: 'lost' });
    const next = await acquired(id, 'later', now + leaseMs);
    expect(next).toMatchObject({ fence: 2, step: 0, leaseUntil: now + 2 * leaseMs });
  });

  it('acquires and gives back in one write', async () => {
    const id = await newStream();
    const change = { leaseUntil: 0, nextDueAt: now + 7, watermark: since + 5 };
    const outcome = await ports().streams.acquire(await stored(id), change, { owner: 'a', now, leaseMs });
    expect(outcome).toMatchObject({ kind: 'updated', stream: { ...change, fence: 1 } });
    expect(outcome).toMatchObject({ stream: await stored(id) });
  });

  it('does not acquire a stream that somebody has written since it was seen, even with the lease run out', async () => {
    const id = await newStream();
    const seen = await stored(id);
    const held = await acquired(id, 'a', now);
    await ports().streams.update(held, { leaseUntil: 0 });
    const lease = { owner: 'late', now, leaseMs };
    expect(await ports().streams.acquire(seen, { watermark: 0 }, lease)).toStrictEqual({ kind: 'lost' });
    // Not even when the fence is still the same.
    expect(await ports().streams.acquire({ ...held, step: 0 }, {}, lease)).toStrictEqual({ kind: 'lost' });
    expect((await stored(id)).watermark).toBe(since);
  });

  it('makes an acquired stream due again when its lease ends', async () => {
    const id = await newStream();
    await acquired(id, 'a', now);
    expect((await stored(id)).nextDueAt).toBe(now + leaseMs);
  });

  it('recognises the acquire whose answer was lost', async () => {
    const id = await newStream();
    const seen = await stored(id);
    const lease = { owner: 'same', now, leaseMs };
    const first = await ports().streams.acquire(seen, {}, lease);
    expect(await ports().streams.acquire(seen, {}, lease)).toStrictEqual(first);
    expect(await ports().streams.acquire(seen, {}, { ...lease, owner: 'other' })).toStrictEqual({
      kind: 'lost',
    });
  });

  it('says when there is no such stream', async () => {
    const id = { tenant: 'acme', connector: 'nowhere', contentType: 'threats' };
    expect(await ports().streams.read(id)).toStrictEqual({ kind: 'missing' });
    const gone = { ...(await stored(await newStream())), id };
    expect(await ports().streams.acquire(gone, {}, { owner: 'a', now, leaseMs })).toStrictEqual({
      kind: 'lost',
    });
    expect(await ports().connectors.streams('acme', 'nowhere')).toStrictEqual([]);
  });

  it('sets a stream aside: status and due time, and nothing else', async () => {
    const id = await newStream();
    const before = await stored(id);
    const status = { health: 'internal' as const, since: now, at: now, failures: 1, message: 'x' };
    await ports().streams.setAside(id, status, now + 5);
    expect(await stored(id)).toStrictEqual({ ...before, status, nextDueAt: now + 5 });
    const nowhere = { ...id, connector: 'nowhere' };
    await expect(ports().streams.setAside(nowhere, status, 1)).rejects.toThrow();
  });

  it('changes what the holder says and removes what it nulls', async () => {
    const id = await newStream();
    const window = { from: since, to: since + 1000 };
    const held = await acquired(id, 'a', now);
    const opened = await ports().streams.update(held, {
      window,
      ahead: { from: since + 9000, to: since + 9500 },
      batch: 3,
      position: { gte: 1, cursor: 'Zm9v=', nested: { list: [1, 'two'] } },
      counters: { read: 5, written: 4, filtered: 1, pages: 1, throttledMs: 7, consoleTotal: 9 },
    });
    if (opened.kind !== 'updated') throw new Error('lost');
    expect(opened.stream).toMatchObject({
      window,
      batch: 3,
      step: 1,
      position: { nested: { list: [1, 'two'] } },
    });
    expect(await stored(id)).toStrictEqual(opened.stream);
    const closed = await ports().streams.update(opened.stream, {
      window: null,
      ahead: null,
      position: null,
      batch: 0,
    });
    if (closed.kind !== 'updated') throw new Error('lost');
    expect(closed.stream.window).toBeUndefined();
    expect(closed.stream.position).toBeUndefined();
    expect(closed.stream.ahead).toBeUndefined();
    expect(await stored(id)).toStrictEqual(closed.stream);
  });

  it('lets a stale holder change nothing', async () => {
    const id = await newStream();
    const stale = await acquired(id, 'stale', now);
    const fresh = await acquired(id, 'fresh', now + leaseMs);
    expect(await ports().streams.update(stale, { watermark: 0, leaseUntil: 0 })).toStrictEqual({
      kind: 'lost',
    });
    expect(await stored(id)).toStrictEqual(fresh);
  });

  it('takes a repeated write for the one whose answer was lost, and an older one for lost', async () => {
    const id = await newStream();
    const held = await acquired(id, 'a', now);
    const first = await ports().streams.update(held, { batch: 1 });
    expect(await ports().streams.update(held, { batch: 1 })).toStrictEqual(first);
    if (first.kind !== 'updated') throw new Error('lost');
    await ports().streams.update(first.stream, { batch: 2 });
    expect(await ports().streams.update(held, { batch: 1 })).toStrictEqual({ kind: 'lost' });
    expect((await stored(id)).batch).toBe(2);
  });

  it('finds what is due, and only that', async () => {
    const before = await dueIds(now - 50_000);
    const due = await newStream(now - 50_000);
    const later = await newStream(now + 1_000);
    const ids = await dueIds(now - 50_000);
    expect(ids.filter((id) => !before.includes(id))).toStrictEqual([due.connector]);
    expect(await dueIds(now + 1_000)).toContain(later.connector);
  });

  it('lets one of many ticks claim a due stream', async () => {
    const id = await newStream(now - 70_000);
    const due = { id, nextDueAt: now - 70_000 };
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => ports().dueIndex.claim(due, now + 900_000)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect((await stored(id)).nextDueAt).toBe(now + 900_000);
    expect(await dueIds(now)).not.toContain(id.connector);
    await ports().connectors.makeDue(id, now - 70_000);
    expect(await dueIds(now - 70_000)).toContain(id.connector);
  });

  it('does not make a stream due that does not exist', async () => {
    const id = { tenant: 'acme', connector: 'nowhere', contentType: 'threats' };
    await expect(ports().connectors.makeDue(id, now)).rejects.toThrow();
    expect(await ports().connectors.streams('acme', 'nowhere')).toStrictEqual([]);
  });

  it('keeps one ledger entry per window, the one of the newest fence, in the order of the windows', async () => {
    const stream = await newStream();
    const entry = (from: number, fence: number, read: number): LedgerEntry => ({
      stream,
      window: { from, to: from + 1000 },
      read,
      written: read,
      filtered: 0,
      pages: 1,
      throttledMs: 3,
      batches: 1,
      consoleTotal: read,
      closedAt: now,
      fence,
    });
    const { streams, connectors } = ports();
    await streams.putLedgerEntry(entry(since + 1000, 2, 20));
    await streams.putLedgerEntry(entry(since, 2, 10));
    await streams.putLedgerEntry(entry(since, 1, 99));
    await streams.putLedgerEntry(entry(since, 3, 11));
    await streams.putLedgerEntry(entry(since, 2, 98));
    await streams.putLedgerEntry(entry(since + 5000, 3, 50));
    expect(await connectors.ledger(stream, since, since + 5000)).toStrictEqual([
      entry(since, 3, 11),
      entry(since + 1000, 2, 20),
    ]);
    expect(await connectors.ledger(stream, since, since)).toStrictEqual([]);
  });
}
