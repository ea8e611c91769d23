import { expect, it } from 'vitest';
import { apiWorld, goodConnector } from '../../support/api-world.ts';

const hourMs = 3_600_000;

async function world() {
  const made = apiWorld();
  const key = await made.key(['read', 'admin']);
  await made.call('POST', '/v1/connectors', { key, body: goodConnector });
  const id = { tenant: 'northwind', connector: 'emea-servers', contentType: 'threats' };
  const now = made.clock.now();
  for (let hour = 1; hour <= 30; hour++) {
    await made.streams.putLedgerEntry({
      stream: id,
      window: { from: now - hour * hourMs, to: now - (hour - 1) * hourMs },
      read: 10,
      written: 8,
      filtered: 2,
      filteredBy: { lab: 2 },
      pages: 1,
      throttledMs: 0,
      batches: 1,
      consoleTotal: 10,
      closedAt: now,
      fence: 7,
    });
  }
  const ask = (query: string) =>
    made.call('GET', `/v1/connectors/northwind.emea-servers/ledger?${query}`, { key });
  return { ...made, ask, now };
}

it('has the windows of the last day, their sums, and how far the content type is complete', async () => {
  const { ask, now } = await world();
  const { status, json } = await ask('contentType=threats');
  expect(status).toBe(200);
  expect(json['sums']).toStrictEqual({ windows: 24, read: 240, written: 192, filtered: 48 });
  expect(json['completeUpTo']).toBe(new Date(now - 24 * hourMs).toISOString());
  expect(json['windows']).toContainEqual({
    from: new Date(now - hourMs).toISOString(),
    to: new Date(now).toISOString(),
    read: 10,
    written: 8,
    filtered: 2,
    filteredBy: { lab: 2 },
    pages: 1,
    throttledMs: 0,
    batches: 1,
    consoleTotal: 10,
    closedAt: new Date(now).toISOString(),
  });
});

it('has those of any time that is named, and none of a time without', async () => {
  const { ask, now } = await world();
  const iso = (hours: number) => new Date(now - hours * hourMs).toISOString();
  expect((await ask(`contentType=threats&from=${iso(30)}&to=${iso(26)}`)).json['sums']).toMatchObject({
    windows: 4,
  });
  expect((await ask(`contentType=agents&to=${iso(0)}`)).json['windows']).toStrictEqual([]);
});

it.each([
  ['', 'contentType'],
  ['contentType=threats&from=yesterday', 'from'],
  ['contentType=threats&to=2026-02-31T25:00:00Z', 'to'],
  ['contentType=threats&from=2026-11-26T00:00:00Z&to=2026-11-26T00:00:00Z', 'from'],
  ['contentType=threats&from=2026-01-01T00:00:00Z', 'from'],
])('refuses %j, naming the field', async (query, field) => {
  const { ask } = await world();
  const { status, json } = await ask(query);
  expect([status, json['field']]).toStrictEqual([422, field]);
});

it('is not found of a content type that the connector does not have', async () => {
  const { ask } = await world();
  expect((await ask('contentType=rogues')).status).toBe(404);
});
