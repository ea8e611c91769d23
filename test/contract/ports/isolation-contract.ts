import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  type IsolationCounter,
  type IsolationRequest,
  isolationHourMs,
} from '../../../shared/actions/policy/isolation-limit.ts';

const now = Date.parse('2026-11-24T10:00:00Z');

/** What every implementation of the isolation counter must do. `counter` gives the implementation under test. */
export function defineIsolationContract(counter: () => IsolationCounter): void {
  /** One that no other test knows, with a name longer than a key may be. */
  const newCaller = () => `jwt:${randomUUID()}${'x'.repeat(2_000)}`;
  const request = (change: Partial<IsolationRequest>): IsolationRequest => ({
    ...{ tenant: 'northwind', caller: 'key:a', agentIds: ['1'], now, most: 2 },
    ...change,
  });

  it('gives room until the hour is full, and says when there is room again', async () => {
    const caller = newCaller();
    const ask = (agentId: string, at: number) =>
      counter().reserve(request({ caller, agentIds: [agentId], now: at }));
    expect(await ask('1', now)).toStrictEqual({ kind: 'reserved' });
    expect(await ask('2', now + 60_000)).toStrictEqual({ kind: 'reserved' });
    expect(await ask('3', now + 90_000)).toStrictEqual({
      kind: 'exhausted',
      used: 2,
      retryAfterMs: isolationHourMs - 90_000,
    });
    expect(await ask('3', now + isolationHourMs - 1)).toMatchObject({ kind: 'exhausted', retryAfterMs: 1 });
    expect(await ask('3', now + isolationHourMs)).toStrictEqual({ kind: 'reserved' });
    expect(await ask('4', now + isolationHourMs)).toMatchObject({ kind: 'exhausted', used: 2 });
  });

  it('counts an endpoint once, from the last time', async () => {
    const caller = newCaller();
    for (const at of [now, now, now + 60_000]) {
      expect(await counter().reserve(request({ caller, agentIds: ['1', '1', '2'], now: at }))).toStrictEqual({
        kind: 'reserved',
      });
    }
    expect(await counter().reserve(request({ caller, agentIds: ['3'], now: now + 60_000 }))).toStrictEqual({
      kind: 'exhausted',
      used: 2,
      retryAfterMs: isolationHourMs,
    });
  });

  it('gives room to all endpoints of a request or to none', async () => {
    const caller = newCaller();
    await counter().reserve(request({ caller, agentIds: ['1'] }));
    expect(await counter().reserve(request({ caller, agentIds: ['2', '3'] }))).toMatchObject({ used: 1 });
    expect(await counter().reserve(request({ caller, agentIds: ['4'] }))).toStrictEqual({ kind: 'reserved' });
  });

  it('has no time to tell for more endpoints than ever fit', async () => {
    const caller = newCaller();
    expect(await counter().reserve(request({ caller, agentIds: ['1', '2', '3'] }))).toStrictEqual({
      kind: 'exhausted',
      used: 0,
    });
    expect(await counter().reserve(request({ caller, agentIds: ['1'], most: 0 }))).toStrictEqual({
      kind: 'exhausted',
      used: 0,
    });
  });

  it('keeps callers and tenants apart', async () => {
    const caller = newCaller();
    await counter().reserve(request({ caller, agentIds: ['1', '2'] }));
    for (const other of [{ caller: `${caller}y` }, { caller, tenant: 'contoso' }]) {
      expect(await counter().reserve(request({ ...other, agentIds: ['3', '4'] }))).toStrictEqual({
        kind: 'reserved',
      });
    }
  });

  it('gives no room twice, however many ask for it at the same time', async () => {
    const caller = newCaller();
    for (const begin of [0, 100]) {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          counter().reserve(request({ caller, agentIds: [String(begin + i)], most: begin === 0 ? 3 : 6 })),
        ),
      );
      expect(outcomes.filter(({ kind }) => kind === 'reserved')).toHaveLength(3);
    }
  });
}
