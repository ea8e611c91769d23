import { expect, it } from 'vitest';
import { streamName } from '../../../shared/engine/stream.ts';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { startBackfill } from '../../../shared/jobs/start-backfill.ts';
import { apiWorld, goodConnector } from '../../support/api-world.ts';

async function world() {
  const made = apiWorld();
  const key = await made.key();
  const created = await made.call('POST', '/v1/connectors', { key, body: goodConnector });
  const path = `/v1/connectors/${String(created.json['id'])}`;
  const post = (to: string, body?: unknown) =>
    made.call('POST', to, { key, ...(body === undefined ? {} : { body }) });
  return {
    ...made,
    key,
    path,
    post,
    backfill: (body: object) => post(`${path}/backfill`, { contentTypes: ['threats'], ...body }),
  };
}

it.each([
  ['from', { from: '2026-13-45T99:99:99Z' }],
  ['from', { from: '2026-01-01T:Z' }],
  ['to', { from: '2026-01-01T00:00:00Z', to: '2026-02-41T00:00:00Z' }],
])('refuses %s where it only looks like a time, and makes no job of it', async (field, body) => {
  const { backfill, services } = await world();
  const answer = await backfill(body);
  expect(answer.status).toBe(422);
  expect(answer.json['fields']).toMatchObject([{ field }]);
  expect((await services.backfills.get({ tenant: 'northwind', id: 'emea-servers' })).jobs).toStrictEqual([]);
});

const old = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
const place = { tenant: 'northwind', id: 'emea-servers' };

it('refuses a time of which no console has anything: a span that the console refuses would be in the way of all others', async () => {
  const { backfill, services } = await world();
  const answer = await backfill({ from: '0206-01-01T00:00:00Z' });
  expect(answer.status).toBe(422);
  expect(answer.json['fields']).toMatchObject([{ field: 'from', message: expect.stringContaining('2010') }]);
  expect((await services.backfills.get(place)).jobs).toStrictEqual([]);
});

it('says when a job was cancelled, also to whoever cancels it again', async () => {
  const { backfill, post, clock } = await world();
  const { json } = await backfill(old);
  const path = `/v1/jobs/${String(json['id'])}/cancel`;
  const first = await post(path);
  expect(first.json).toMatchObject({ state: 'cancelled', cancelledAt: '2026-11-26T09:30:00.000Z' });
  clock.advance(60_000);
  expect((await post(path)).json).toStrictEqual(first.json);
});

it('is the same job that is asked for again, after a lost answer say, unless it was cancelled', async () => {
  const { backfill, post, streams, services } = await world();
  const { json } = await backfill(old);
  const [part] = await streams.parts(place.tenant, place.id);
  if (part === undefined) throw new Error('There is no span.');
  // As if the first call had been interrupted before it made the stream.
  await streams.remove(part.id);
  const again = await backfill(old);
  expect({ status: again.status, json: again.json }).toStrictEqual({ status: 202, json });
  expect(await streams.parts(place.tenant, place.id)).toHaveLength(1);
  await post(`/v1/jobs/${String(json['id'])}/cancel`);
  expect((await backfill(old)).json['id']).toBe('northwind.emea-servers.j2');
  await backfill({ ...old, contentTypes: ['agents'] });
  expect((await services.backfills.get(place)).jobs).toHaveLength(3);
});

it('says that a job is paused where the connector is, or has lost the content type, and goes on with it', async () => {
  const { backfill, post, call, key, path, streams } = await world();
  const { json } = await backfill(old);
  const state = async () => (await call('GET', `/v1/jobs/${String(json['id'])}`, { key })).json['state'];
  expect(await state()).toBe('running');
  await post(`${path}/pause`);
  expect(await state()).toBe('paused');
  await post(`${path}/resume`);
  expect(await state()).toBe('running');
  await call('PATCH', path, { key, body: { contentTypes: ['agents'] } });
  expect(await state()).toBe('paused');
  await call('PATCH', path, { key, body: { contentTypes: ['agents', 'threats'], siteIds: ['17'] } });
  expect(await state()).toBe('running');
  expect((await streams.parts(place.tenant, place.id)).map(({ settings }) => settings.siteIds)).toStrictEqual(
    [['17']],
  );
});

it('makes no stream for a connector that is deleted meanwhile', async () => {
  const { services, registry, call, key, path, streams } = await world();
  const stored = await registry.get(place.tenant, place.id);
  if (stored === undefined) throw new Error('The connector is gone.');
  const { since } = stored.connector;
  await call('DELETE', path, { key });
  const request = { contentTypes: ['threats'], from: since - 1_000, to: since, createdBy: 'key:test' };
  expect((await startBackfill(stored, request, services)).kind).toBe('started');
  expect([
    ...(await streams.streams(place.tenant, place.id)),
    ...(await streams.parts(place.tenant, place.id)),
  ]).toStrictEqual([]);
});

it('reads what is asked for while a job over the same time is being cancelled', async () => {
  const { services, backfill, registry, streams } = await world();
  await backfill(old);
  const stored = await registry.get(place.tenant, place.id);
  const known = await services.backfills.get(place);
  const [job] = known.jobs;
  if (stored === undefined || job === undefined) throw new Error('There is no job.');
  let isFirst = true;
  const control: typeof services.control = {
    resume: (id, at) => streams.resume(id, at),
    remove: (id) => streams.remove(id),
    async pause(id, at) {
      if (isFirst) await backfill(old);
      isFirst = false;
      await streams.pause(id, at);
    },
  };
  await cancelJob(stored, known, job, { ...services, control });
  const parts = await streams.parts(place.tenant, place.id);
  expect(parts.map(({ pausedAt }) => pausedAt)).toStrictEqual([undefined]);
});

it('tries a span again at once whose token the console had refused, when there is a new one', async () => {
  const { backfill, call, key, path, streams, clock } = await world();
  await backfill(old);
  const [part] = await streams.parts(place.tenant, place.id);
  if (part === undefined) throw new Error('There is no span.');
  const row = streams.rows.get(streamName(part.id));
  if (row === undefined) throw new Error('The stream is gone.');
  const nextDueAt = clock.now() + 86_400_000;
  row.stream = {
    ...row.stream,
    nextDueAt,
    status: { ...row.stream.status, health: 'credentials', failures: 3 },
  };
  await call('PATCH', path, { key, body: { apiToken: 'another-token' } });
  expect((await streams.parts(place.tenant, place.id))[0]?.nextDueAt).toBe(clock.now());
});
