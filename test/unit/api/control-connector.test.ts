import { describe, expect, it, vi } from 'vitest';
import { runSlice } from '../../../shared/engine/slice.ts';
import { goodConnector } from '../../support/api-world.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { connectorWorld, sameSettings } from './connector-support.ts';

/** What a worker makes of a message about a stream of the connector. */
async function slice(world: Awaited<ReturnType<typeof connectorWorld>>, contentType: string) {
  const { dependencies } = await engineWorld({ since: '2026-11-26T00:00:00Z', now: '2026-11-26T09:30:00Z' });
  return await runSlice(
    {
      message: { version: 1, stream: world.streamId(contentType) },
      receives: 1,
      owner: 'worker',
      deadline: world.clock.now() + 60_000,
      signal: new AbortController().signal,
    },
    {
      ...dependencies,
      clock: world.clock,
      streams: world.streams,
      findContentType: world.services.findContentType,
      openConsole: () => Promise.reject(new Error('The console was opened.')),
    },
  );
}

describe('POST /v1/connectors/{connectorId}/pause', () => {
  it('takes every stream off the schedule, and messages that are under way are dropped', async () => {
    const world = await connectorWorld();
    await expect(slice(world, 'threats')).rejects.toThrow('The console was opened.');
    const { status, json, headers } = await world.on('POST', '/pause');
    expect([status, json['state'], headers['ETag']]).toEqual([200, 'paused', '"2"']);
    expect(await slice(world, 'agents')).toEqual({ kind: 'dropped', reason: 'the stream is paused' });
    world.clock.advance(86_400_000);
    const due: unknown[] = [];
    for await (const page of world.streams.due(world.clock.now())) due.push(...page.items);
    expect(due).toEqual([]);
    expect((await world.on('GET', '/status')).json).toMatchObject({ state: 'paused' });
  });

  it('again is the same, and keeps the time of the first', async () => {
    const world = await connectorWorld();
    await world.on('POST', '/pause');
    const first = await world.stored();
    world.clock.advance(1_000);
    expect((await world.on('POST', '/pause')).headers['ETag']).toBe('"2"');
    expect(await world.stored()).toStrictEqual(first);
  });
});

describe('POST /v1/connectors/{connectorId}/resume', () => {
  it('goes on where it was paused, at once', async () => {
    const world = await connectorWorld();
    await world.worked('threats', { watermark: 77 });
    await world.on('POST', '/pause');
    world.clock.advance(3_600_000);
    const sent = world.queue.sent.length;
    const { json } = await world.on('POST', '/resume');
    expect(json).toMatchObject({ state: 'active', etag: '"3"' });
    expect(world.queue.sent).toHaveLength(sent + 3);
    const streams = await world.stored();
    expect(streams.every(({ pausedAt }) => pausedAt === undefined)).toBe(true);
    expect(streams.find(({ id }) => id.contentType === 'threats')?.watermark).toBe(77);
  });

  it('of one that is not paused changes nothing', async () => {
    const world = await connectorWorld();
    const before = await world.stored();
    expect((await world.on('POST', '/resume')).json).toStrictEqual(world.created.json);
    expect(await world.stored()).toStrictEqual(before);
    expect(world.queue.sent).toHaveLength(3);
  });
});

describe('DELETE /v1/connectors/{connectorId}', () => {
  it('removes streams and secret, says what remains, and nobody sees it afterwards', async () => {
    const world = await connectorWorld();
    const { status, json } = await world.on('DELETE', '');
    expect([status, json['id'], json['state']]).toEqual([200, world.id, 'deleted']);
    const remains = Object(json['remains']).map(({ what, where }: { what: string; where: string }) => [
      what,
      where,
    ]);
    expect(remains).toStrictEqual([
      ['records', 'landing/tenant=northwind/index=*/msg_class=*/dt=*/hr=*/emea-servers.*'],
      ['ledger', 'LEDGER#northwind/emea-servers/*'],
      ['secret', 'northwind/emea-servers'],
    ]);
    expect(await world.stored()).toStrictEqual([]);
    expect(world.secret()).toBeUndefined();
    for (const [method, rest] of [
      ['GET', ''],
      ['GET', '/status'],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/test'],
    ] as const)
      expect((await world.on(method, rest)).status).toBe(404);
    expect((await world.on('PUT', '', { body: sameSettings })).status).toBe(404);
    expect((await world.on('PATCH', '', { body: {} })).status).toBe(404);
    expect((await world.as('GET', '/v1/connectors')).json['connectors']).toStrictEqual([]);
    expect((await world.as('GET', '/v1/status')).json['connectors']).toStrictEqual([]);
    expect(await slice(world, 'threats')).toMatchObject({ kind: 'dropped', reason: 'no such stream' });
  });

  it('that was interrupted is completed by another, also with the version that was seen before', async () => {
    const world = await connectorWorld();
    vi.spyOn(world.secrets, 'remove').mockRejectedValueOnce(new Error('away'));
    const headers = { 'If-Match': '"1"' };
    expect((await world.on('DELETE', '', { headers })).status).toBe(500);
    expect(world.secret()).toBeDefined();
    expect((await world.on('DELETE', '', { headers })).status).toBe(200);
    expect(world.secret()).toBeUndefined();
    expect(await world.stored()).toStrictEqual([]);
  });

  it('again is the same, and does not touch a connector that has the name now', async () => {
    const world = await connectorWorld();
    await world.on('DELETE', '');
    const second = await world.as('POST', '/v1/connectors', { body: goodConnector });
    expect((await world.on('DELETE', '')).status).toBe(200);
    const third = await world.as('POST', '/v1/connectors', { body: goodConnector });
    expect([third.status, third.json['detail']]).toEqual([
      409,
      expect.stringContaining(String(second.json['id'])),
    ]);
  });

  it('of what never was is a 404', async () => {
    const world = await connectorWorld();
    expect((await world.as('DELETE', '/v1/connectors/northwind.nothing')).status).toBe(404);
  });
});

describe('whoever comes last', () => {
  /** Has `first` come to the middle of its work when `then` is done from beginning to end. */
  async function overtaken(
    world: Awaited<ReturnType<typeof connectorWorld>>,
    first: () => Promise<unknown>,
    then: () => Promise<unknown>,
  ) {
    const streams = world.streams.streams.bind(world.streams);
    const spy = vi.spyOn(world.streams, 'streams');
    spy.mockImplementationOnce(async (tenant, connector) => {
      const before = await streams(tenant, connector);
      await then();
      return before;
    });
    await first();
  }

  it('a change that a deletion has overtaken brings no stream and no token back', async () => {
    const world = await connectorWorld();
    await overtaken(
      world,
      () =>
        world.on('PATCH', '', {
          body: { contentTypes: ['agents', 'threats', 'sites'], apiToken: 'new-token-1' },
        }),
      () => world.on('DELETE', ''),
    );
    expect(await world.stored()).toStrictEqual([]);
    expect(world.secret()).toBeUndefined();
  });

  it('a resumption that a pause has overtaken leaves the connector paused', async () => {
    const world = await connectorWorld();
    await world.on('POST', '/pause');
    await overtaken(
      world,
      () => world.on('POST', '/resume'),
      () => world.on('POST', '/pause'),
    );
    expect((await world.on('GET', '')).json['state']).toBe('paused');
    expect((await world.stored()).every(({ pausedAt }) => pausedAt !== undefined)).toBe(true);
  });
});
