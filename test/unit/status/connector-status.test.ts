import { describe, expect, it, vi } from 'vitest';
import { wellReport } from '../../support/api-world.ts';
import { connectorWorld } from '../api/connector-support.ts';

const lastWord = Date.parse('2026-11-26T09:29:00Z');
const failed = (health: string) => ({
  fence: 1,
  status: { health, since: 1, at: lastWord, failures: 1, code: 'c', message: 'm', recommendation: 'r' },
});
const states = (json: object) =>
  Object(Reflect.get(json, 'contentTypes')).map((one: { contentType: string; state: string }) => [
    one.contentType,
    one.state,
  ]);

describe('the status of a connector', () => {
  it('is the worst of its content types, and lists them worst first, equals by name', async () => {
    const world = await connectorWorld({ contentTypes: ['threats', 'sites', 'groups', 'accounts'] });
    await world.worked('threats', { fence: 1, watermark: world.clock.now() });
    await world.worked('sites', failed('licence'));
    await world.worked('groups', failed('credentials'));
    const { json } = await world.on('GET', '/status');
    expect(json['state']).toBe('credentials');
    expect(states(json)).toEqual([
      ['groups', 'credentials'],
      ['sites', 'licence'],
      ['accounts', 'starting'],
      ['threats', 'ok'],
    ]);
  });

  it('does not count content types that it no longer names', async () => {
    const world = await connectorWorld({ contentTypes: ['threats', 'sites'] });
    await world.worked('threats', { fence: 1, watermark: world.clock.now() });
    await world.worked('sites', failed('credentials'));
    await world.on('PATCH', '', { body: { contentTypes: ['threats'] } });
    const { json } = await world.on('GET', '/status');
    expect(json['state']).toBe('ok');
    expect(states(json)).toEqual([
      ['threats', 'ok'],
      ['sites', 'paused'],
    ]);
  });

  it('is internal where the state of a stream is damaged, and says of which', async () => {
    const world = await connectorWorld({ contentTypes: ['sites'] });
    const read = world.status.read.bind(world.status);
    vi.spyOn(world.status, 'read').mockImplementation(async (connector) => ({
      ...(await read(connector)),
      unreadable: [{ contentType: 'threats', reason: 'fence is not a number.' }],
    }));
    const { json } = await world.on('GET', '/status');
    expect(json).toMatchObject({
      state: 'internal',
      contentTypes: [{ contentType: 'sites', state: 'starting' }],
      unreadable: [
        {
          contentType: 'threats',
          code: 'state_malformed',
          message: 'fence is not a number.',
          recommendation: expect.stringContaining('by hand'),
        },
      ],
    });
    const { json: fleet } = await world.as('GET', '/v1/status');
    expect(fleet['counts']).toEqual({ internal: 1 });
  });

  it('of one that does not collect is not that of one that is about to', async () => {
    const world = await connectorWorld({ functions: ['respond'] });
    expect((await world.on('GET', '/status')).json).toMatchObject({ state: 'ok', contentTypes: [] });
  });

  it('is internal where a change was interrupted, so that a content type has no stream that is worked on', async () => {
    const world = await connectorWorld({ contentTypes: ['threats', 'sites'] });
    const status = { health: 'ok', since: 1, at: lastWord, failures: 0 };
    for (const type of ['threats', 'sites'])
      await world.worked(type, { fence: 1, watermark: world.clock.now(), status });
    await world.streams.pause(world.streamId('sites'), 1);
    const statusIn = async (ms: number) => {
      world.clock.advance(ms);
      return (await world.on('GET', '/status')).json;
    };
    expect(await statusIn(60_000)).toMatchObject({ state: 'ok' });
    expect(await statusIn(0)).not.toHaveProperty('unsettled');
    expect(await statusIn(1)).toMatchObject({
      state: 'internal',
      unsettled: { contentTypes: ['sites'], recommendation: expect.stringContaining('PUT') },
    });
    await world.streams.remove(world.streamId('threats'));
    expect(await statusIn(0)).toMatchObject({ unsettled: { contentTypes: ['threats', 'sites'] } });
    await world.on('POST', '/pause');
    expect(await statusIn(0)).not.toHaveProperty('unsettled');
    await world.on('POST', '/resume');
    expect(await statusIn(120_000)).not.toHaveProperty('unsettled');
  });

  it('says how long the token lasts, from the last test on', async () => {
    const world = await connectorWorld({ contentTypes: ['sites'] });
    const now = world.clock.now();
    const place = { tenant: 'northwind', id: world.id.slice('northwind.'.length) };
    const expiresAt = new Date(now + 20 * 86_400_000).toISOString();
    await world.tests.finish(place, { at: now, report: { ok: true, checks: [], token: { expiresAt } } });
    expect((await world.on('GET', '/status')).json['token']).toEqual({ expiresAt, daysLeft: 20 });
    world.clock.advance(21 * 86_400_000);
    expect((await world.on('GET', '/status')).json['token']).toEqual({ expiresAt, daysLeft: 0 });
    await world.tests.finish(place, { at: now, report: { ok: true, checks: [] } });
    expect((await world.on('GET', '/status')).json).not.toHaveProperty('token');
  });

  it('has the last test, and times as ISO-8601', async () => {
    const world = await connectorWorld({ contentTypes: ['sites'] });
    await world.on('POST', '/test');
    await world.worked('sites', {
      fence: 1,
      watermark: world.clock.now() - 1_499,
      ahead: { from: 0, to: 1_000 },
      nextDueAt: world.clock.now() + 1_000,
      status: { health: 'ok', since: 0, at: 0, failures: 0, lastSuccessAt: lastWord },
    });
    expect((await world.on('GET', '/status')).json).toMatchObject({
      connector: world.id,
      tenant: 'northwind',
      name: 'EMEA servers',
      state: 'ok',
      contentTypes: [
        {
          contentType: 'sites',
          state: 'ok',
          since: '1970-01-01T00:00:00.000Z',
          watermark: '2026-11-26T09:29:58.501Z',
          lagSeconds: 1,
          newDataUntil: '1970-01-01T00:00:01.000Z',
          lastSuccess: '2026-11-26T09:29:00.000Z',
          records: 0,
          filtered: 0,
          windows: 0,
          throttled: 0,
          nextRun: '2026-11-26T09:30:01.000Z',
        },
      ],
      lastTest: { at: '2026-11-26T09:30:00.000Z', report: wellReport },
    });
  });
});
