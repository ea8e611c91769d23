import { expect, it } from 'vitest';
import type { StreamControl } from '../../../shared/connectors/stream-control.ts';
import type { StreamId } from '../../../shared/engine/stream.ts';
import type { ConnectorStore, DueIndex, StreamStore } from '../../../shared/ports.ts';

/** What an operator does to streams, and those who see what comes of it; all over one set of rows. */
export interface ControlPorts {
  readonly control: StreamControl;
  readonly connectors: ConnectorStore;
  readonly dueIndex: DueIndex;
  readonly streams: StreamStore;
}

const now = Date.parse('2026-11-26T09:30:00Z');
const settings = {
  tenantName: 'Acme',
  connectorName: 'EDR',
  intervalMs: 300_000,
  siteIds: [],
  accountIds: [],
};

/** What every implementation of stream control must do. `ports` gives the implementation under test. */
export function defineControlContract(ports: () => ControlPorts): void {
  let made = 0;
  async function newStream(): Promise<StreamId> {
    const id = { tenant: 'control', connector: `c${++made}`, contentType: 'threats' };
    await ports().connectors.ensureStream(id, { since: 0, settings, nextDueAt: now, now });
    return id;
  }
  async function stored(id: StreamId) {
    const [stream] = await ports().connectors.streams(id.tenant, id.connector);
    return stream;
  }
  async function isDue({ tenant, connector }: StreamId, at: number): Promise<boolean> {
    for await (const page of ports().dueIndex.due(at))
      if (page.items.some(({ id }) => id.tenant === tenant && id.connector === connector)) return true;
    return false;
  }
  async function acquire(id: StreamId) {
    const read = await ports().streams.read(id);
    if (read.kind !== 'found') throw new Error(`The stream is ${read.kind}.`);
    const outcome = await ports().streams.acquire(read.stream, {}, { owner: 'w', now, leaseMs: 1_000 });
    if (outcome.kind !== 'updated') throw new Error('The stream was lost.');
    return outcome.stream;
  }

  it('takes a paused stream off the schedule and leaves its progress', async () => {
    const id = await newStream();
    const before = await stored(id);
    expect(await isDue(id, now)).toBe(true);
    await ports().control.pause(id, now);
    expect(await isDue(id, now + 86_400_000)).toBe(false);
    expect(await stored(id)).toStrictEqual({ ...before, pausedAt: now });
  });

  it('keeps the time of the first pause', async () => {
    const id = await newStream();
    await ports().control.pause(id, now);
    await ports().control.pause(id, now + 5);
    expect(await stored(id)).toMatchObject({ pausedAt: now });
  });

  it('keeps it off the schedule, whatever the worker writes that has it', async () => {
    const id = await newStream();
    const held = await acquire(id);
    await ports().control.pause(id, now);
    const change = { watermark: 5, leaseUntil: 0, nextDueAt: now - 1 };
    expect((await ports().streams.update(held, change)).kind).toBe('updated');
    await ports().connectors.makeDue(id, now - 2);
    await ports().connectors.ensureStream(id, { since: 0, settings, nextDueAt: now, now });
    expect(await isDue(id, now + 86_400_000)).toBe(false);
    expect(await stored(id)).toMatchObject({ pausedAt: now, watermark: 5 });
  });

  it('puts it back where it was, due when it is said', async () => {
    const id = await newStream();
    const before = await stored(id);
    await ports().control.pause(id, now);
    await ports().control.resume(id, now + 60_000);
    expect(await stored(id)).toStrictEqual({ ...before, nextDueAt: now + 60_000 });
    expect(await isDue(id, now + 59_999)).toBe(false);
    expect(await isDue(id, now + 60_000)).toBe(true);
  });

  it('forgets a stream, and a worker that has it can write nothing any more', async () => {
    const id = await newStream();
    const held = await acquire(id);
    await ports().control.remove(id);
    await ports().control.remove(id);
    expect(await stored(id)).toBeUndefined();
    expect(await isDue(id, now + 86_400_000)).toBe(false);
    expect(await ports().streams.update(held, { watermark: 9 })).toStrictEqual({ kind: 'lost' });
    expect(await stored(id)).toBeUndefined();
  });

  it('makes no stream where there is none', async () => {
    const id = { tenant: 'control', connector: 'nobody', contentType: 'threats' };
    await expect(ports().control.pause(id, now)).rejects.toThrow();
    await expect(ports().control.resume(id, now)).rejects.toThrow();
    await ports().control.remove(id);
    expect(await stored(id)).toBeUndefined();
  });
}
