import { describe, expect, it } from 'vitest';
import { epochMs, get, hourMs, openConsole, stoppedClock, vendorError, walk } from './support.ts';

const path = '/device-control/events';
const large = { agents: 600 };

describe('GET /device-control/events', () => {
  it('is walked by the time on the endpoint, and some events come minutes late', async () => {
    // Given what can be read of ten minutes right after them, and what of the same ten minutes later
    const clock = stoppedClock(epochMs + hourMs);
    const console = await openConsole({ ...large, clock });
    const params = {
      sortBy: 'eventTime',
      eventTime__gte: new Date(clock.nowMs - 600_000).toISOString(),
      eventTime__lt: new Date(clock.nowMs).toISOString(),
      limit: '7',
    };
    const early = await walk(console, path, params);
    const truth = () => [...console.truth('device-control-events', clock.nowMs - 600_000, clock.nowMs)];
    expect(truth().filter((line) => !line.current).length).toBeGreaterThan(0);
    clock.nowMs += 600_000;
    const late = await walk(console, path, params);

    // Then the late ones lie between the early ones, and all of them after a quarter of an hour
    const ids = new Set(late.map(({ id }) => id));
    expect(early.filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(late.length).toBeGreaterThan(early.length);
    const times = late.map(({ eventTime }) => String(eventTime));
    expect(times).toEqual([...times].sort());
    for (const { eventTime, createdAt } of late) {
      const delayMs = Date.parse(String(createdAt)) - Date.parse(String(eventTime));
      expect(delayMs >= 0 && delayMs < 600_000).toBe(true);
    }
    expect(late).toEqual(
      [...console.truth('device-control-events', epochMs + hourMs - 600_000, epochMs + hourMs)].map(
        ({ record }) => record,
      ),
    );
  });

  it('can be asked for a time between two others, both inclusive', async () => {
    const console = await openConsole(large);
    const all = await walk(console, path, { limit: '1000' });
    const [fromMs, toMs] = [epochMs - 3 * hourMs, epochMs - hourMs];
    const found = await walk(console, path, { eventTime__between: `${fromMs}-${toMs}`, limit: '1000' });
    const ms = (time: unknown) => Date.parse(String(time));
    expect(found).toEqual(all.filter(({ eventTime }) => ms(eventTime) >= fromMs && ms(eventTime) <= toMs));
    expect(found.length).toBeGreaterThan(50);
  });

  it.each([
    [{ createdAt__gte: '2026-11-24T00:00:00Z' }, "dict_values(['createdAt__gte']): Unknown field"],
    [{ sortBy: 'createdAt' }, 'sortBy: '],
    [{ limit: '0' }, 'limit: '],
  ])('refuses %j', async (params, detail) => {
    const reply = await get(await openConsole(), path, params);
    expect([reply.status, vendorError(reply).detail?.startsWith(detail)]).toEqual([400, true]);
  });

  it('has devices of every kind', async () => {
    const console = await openConsole({ agents: 1_000 });
    const texts = (await walk(console, path, { limit: '1000' })).map((record) => JSON.stringify(record));
    for (const pattern of [
      /"interface":"USB"/,
      /"interface":"Bluetooth"/,
      /"interface":"Thunderbolt"/,
      /"interface":"SDCard"/,
      /"accessPermission":"Read-Only"/,
      /"accessPermission":"Read-Write"/,
      /"accessPermission":"Not-Applicable"/,
      /"deviceName":null/,
      /"deviceName":""/,
      /🎵/u,
      /"ruleId":null/,
      /"lastLoggedInUserName":""/,
      /"vendorId":null/,
    ])
      expect(
        texts.some((text) => pattern.test(text)),
        String(pattern),
      ).toBe(true);
  });
});
