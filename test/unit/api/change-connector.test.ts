import { describe, expect, it, vi } from 'vitest';
import { goodConnector } from '../../support/api-world.ts';
import { connectorWorld, sameSettings } from './connector-support.ts';

describe('PUT /v1/connectors/{connectorId}', () => {
  it.each([
    ['without a token', sameSettings],
    ['with the same token', goodConnector],
  ])('that says the same changes nothing, %s', async (_, body) => {
    const world = await connectorWorld();
    const before = JSON.stringify([...world.streams.rows]);
    const put = vi.spyOn(world.secrets, 'put');
    const ensure = vi.spyOn(world.streams, 'ensureStream');
    world.clock.advance(60_000);
    const { status, json, headers } = await world.on('PUT', '', { body });
    expect([status, headers['ETag']]).toEqual([200, '"1"']);
    expect(json).toStrictEqual(world.created.json);
    expect(put).not.toHaveBeenCalled();
    expect(ensure).not.toHaveBeenCalled();
    expect(JSON.stringify([...world.streams.rows])).toBe(before);
    expect(world.queue.sent).toHaveLength(3);
  });

  it('replaces all settings: what is left out is the default again', async () => {
    const world = await connectorWorld({ siteIds: ['1'] });
    const { intervalMinutes: _, ...body } = sameSettings;
    world.clock.advance(60_000);
    const { json, headers } = await world.on('PUT', '', { body });
    expect(headers['ETag']).toBe('"2"');
    expect(json).toMatchObject({ siteIds: [], updatedAt: '2026-11-26T09:31:00.000Z' });
    expect(json).not.toHaveProperty('intervalMinutes');
    expect((await world.stored()).every(({ settings }) => settings.siteIds.length === 0)).toBe(true);
  });

  it('gives the streams their settings and leaves their progress', async () => {
    const world = await connectorWorld();
    await world.worked('threats', { watermark: 77, fence: 3 });
    await world.on('PUT', '', { body: { ...sameSettings, siteIds: ['42'] } });
    const stream = (await world.stored()).find(({ id }) => id.contentType === 'threats');
    expect(stream).toMatchObject({ watermark: 77, fence: 3, settings: { siteIds: ['42'] } });
  });

  it('takes the beginning as it is told by GET', async () => {
    const world = await connectorWorld();
    const body = { ...sameSettings, since: world.created.json['since'] };
    expect((await world.on('PUT', '', { body })).headers['ETag']).toBe('"1"');
  });
});

describe('what cannot change', () => {
  it.each([
    ['tenant', { tenant: 'contoso' }, 'what is in the lake lies under it'],
    ['hostUrl', { hostUrl: 'https://other.sentinelone.net' }, 'https://euce1-northwind.sentinelone.net'],
    ['since', { since: '2026-11-01T00:00:00Z' }, '2026-11-25T09:30:00.000Z'],
  ])('%s says why, by PUT and by PATCH', async (field, changes, because) => {
    const world = await connectorWorld();
    for (const [method, body] of [
      ['PUT', { ...sameSettings, ...changes }],
      ['PATCH', changes],
    ] as const) {
      const { status, json } = await world.on(method, '', { body });
      expect([status, json['field']]).toEqual([422, field]);
      expect(json['detail']).toContain(because);
    }
    expect((await world.on('GET', '')).headers['ETag']).toBe('"1"');
  });

  it('is told together with everything else that is wrong', async () => {
    const world = await connectorWorld();
    const { json } = await world.on('PATCH', '', {
      body: { tenant: 'contoso', siteIds: ['x'], contentTypes: ['nothing'] },
    });
    const fields = Object(json['fields']).map(({ field }: { field: string }) => field);
    expect(fields).toStrictEqual(['tenant', 'contentTypes[0]', 'siteIds[0]']);
  });
});

describe('PATCH /v1/connectors/{connectorId}', () => {
  it('changes what it names and leaves the rest', async () => {
    const world = await connectorWorld({ siteIds: ['1'] });
    const { json } = await world.on('PATCH', '', { body: { intervalMinutes: 15 } });
    expect(json).toStrictEqual({ ...world.created.json, intervalMinutes: 15, etag: '"2"' });
  });

  it.each([
    ['nothing', {}],
    ['what is there already', { intervalMinutes: 5, siteIds: [], since: null }],
  ])('that says %s changes nothing', async (_, body) => {
    const world = await connectorWorld();
    expect((await world.on('PATCH', '', { body })).json).toStrictEqual(world.created.json);
  });

  it('takes a setting back to its default by null', async () => {
    const world = await connectorWorld({
      siteIds: ['1'],
      accountIds: ['2'],
      functions: ['collect', 'respond'],
    });
    const { json } = await world.on('PATCH', '', {
      body: {
        tenantName: null,
        functions: null,
        contentTypes: null,
        intervalMinutes: null,
        siteIds: null,
        accountIds: null,
        filters: null,
        options: null,
      },
    });
    expect(json).toMatchObject({
      tenantName: 'northwind',
      functions: ['collect'],
      siteIds: [],
      accountIds: [],
      filters: [],
      options: {},
    });
    expect(json['contentTypes']).toContain('vulnerabilities');
    expect(json).not.toHaveProperty('intervalMinutes');
  });

  it('merges options as RFC 7396 has it: what is not named stays, also within', async () => {
    const options = {
      vulnerabilities: { source: 'risks', intervalMinutes: '60' },
      threats: { intervalMinutes: 7 },
    };
    const world = await connectorWorld({ options });
    const { status, json } = await world.on('PATCH', '', {
      body: {
        options: {
          vulnerabilities: { intervalMinutes: null },
          threats: null,
          agents: { intervalMinutes: 9 },
        },
      },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(status).toBe(200);
    expect(json['options']).toStrictEqual({
      vulnerabilities: { source: 'risks' },
      agents: { intervalMinutes: '9' },
    });
  });
});

describe('content types', () => {
  it('that are removed are paused and keep their progress; added again they go on', async () => {
    const world = await connectorWorld();
    await world.worked('threats', { watermark: 77 });
    world.clock.advance(1_000);
    await world.on('PATCH', '', { body: { contentTypes: ['agents'] } });
    const threats = async () => (await world.stored()).find(({ id }) => id.contentType === 'threats');
    expect(await threats()).toMatchObject({ pausedAt: world.clock.now(), watermark: 77 });

    world.clock.advance(1_000);
    const sent = world.queue.sent.length;
    await world.on('PATCH', '', { body: { contentTypes: ['agents', 'threats'] } });
    expect(await threats()).toMatchObject({ watermark: 77, nextDueAt: world.clock.now() + 900_000 });
    expect(await threats()).not.toHaveProperty('pausedAt');
    expect(world.queue.sent.slice(sent).map(({ message }) => message.stream)).toStrictEqual([
      world.streamId('threats'),
    ]);
  });

  it('of a paused connector are not opened before it is resumed', async () => {
    const world = await connectorWorld();
    await world.on('POST', '/pause');
    await world.on('PATCH', '', { body: { contentTypes: ['agents', 'threats', 'sites'] } });
    expect((await world.stored()).map(({ id }) => id.contentType)).not.toContain('sites');
    await world.on('POST', '/resume');
    expect((await world.stored()).map(({ id }) => id.contentType)).toContain('sites');
  });

  it('are read earlier than planned where the new interval is shorter', async () => {
    const world = await connectorWorld({ intervalMinutes: 1440 });
    await world.worked('threats', { nextDueAt: world.clock.now() + 86_000_000 });
    await world.on('PATCH', '', { body: { intervalMinutes: 5 } });
    const stream = (await world.stored()).find(({ id }) => id.contentType === 'threats');
    expect(stream?.nextDueAt).toBeLessThanOrEqual(world.clock.now() + 300_000);
    expect(stream?.nextDueAt).toBeGreaterThan(world.clock.now());
  });
});

describe('a new token', () => {
  const apiToken = 'another-token-of-the-service-user';

  it('takes the place of the old one, and is no new version of the settings', async () => {
    const world = await connectorWorld();
    const { headers, body } = await world.on('PATCH', '', { body: { apiToken } });
    expect(headers['ETag']).toBe('"1"');
    expect(body).not.toContain(apiToken);
    expect(JSON.parse(world.secret() ?? '').apiToken).toBe(apiToken);
  });

  it('is tried by the next tick where the old one was refused', async () => {
    const world = await connectorWorld();
    const later = world.clock.now() + 86_000_000;
    const status = { health: 'credentials', since: 0, at: 0, failures: 3, code: 'token_refused' };
    await world.worked('threats', { status, nextDueAt: later });
    await world.worked('agents', { nextDueAt: later });
    await world.on('PATCH', '', { body: { apiToken } });
    const due = Object.fromEntries(
      (await world.stored()).map(({ id, nextDueAt }) => [id.contentType, nextDueAt]),
    );
    expect(due).toMatchObject({ threats: world.clock.now(), agents: later });
  });
});

describe('If-Match', () => {
  it.each(['"2"', 'W/"1"', '1', '', '"0", "2"'])(
    'refuses the change of %j, which is not the version',
    async (etag) => {
      const world = await connectorWorld();
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const body = method === 'PUT' ? sameSettings : method === 'PATCH' ? { siteIds: ['1'] } : undefined;
        const { status, json } = await world.on(method, '', { body, headers: { 'If-Match': etag } });
        expect([status, json['code'], json['field']]).toEqual([412, 'outdated', 'If-Match']);
      }
      expect((await world.on('GET', '')).json).toStrictEqual(world.created.json);
    },
  );

  it.each(['"1"', '*', '"0", "1"'])('lets the change of %j through', async (etag) => {
    const world = await connectorWorld();
    const { status } = await world.on('PATCH', '', {
      body: { siteIds: ['1'] },
      headers: { 'If-Match': etag },
    });
    expect(status).toBe(200);
  });

  it('counts every line of the header: one that is sent twice is not ignored', async () => {
    const world = await connectorWorld();
    const { status } = await world.on('PATCH', '', {
      body: { siteIds: ['1'] },
      headers: { 'If-Match': ['"7"', '"8"'] },
    });
    expect(status).toBe(412);
  });

  it('is told by GET, in the header and in the body', async () => {
    const world = await connectorWorld();
    await world.on('PATCH', '', { body: { siteIds: ['1'] } });
    const { headers, json } = await world.on('GET', '');
    expect([headers['ETag'], json['etag']]).toEqual(['"2"', '"2"']);
  });
});

it('of two changes at once one wins, and the other is told to read again', async () => {
  const world = await connectorWorld();
  const answers = await Promise.all([
    world.on('PATCH', '', { body: { siteIds: ['1'] } }),
    world.on('PATCH', '', { body: { siteIds: ['2'] } }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  const winner = answers.find(({ status }) => status === 200);
  expect((await world.on('GET', '')).json).toStrictEqual(winner?.json);
});
