import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../../local/console/console.ts';
import { epochMs, type ListedRecord, vendorError, walk } from '../support.ts';
import {
  act,
  activitiesOf,
  atOnce,
  consoleWithClock,
  first,
  recordOf,
  sendBody,
  threatsOn,
} from './support.ts';

const actions = [
  ['kill', 'kill', 'Threats.kill', [2011, 2001, 2006, 2031]],
  ['quarantine', 'quarantine', 'Threats.quarantine', [2014, 2004, 2009, 2034]],
  ['un-quarantine', 'unquarantine', 'Threats.unquarantine', [2015, 2026, 2027, 2035]],
  ['remediate', 'remediate', 'Threats.remediate', [2012, 2002, 2007, 2032]],
  ['rollback-remediation', 'rollback', 'Threats.rollback', [2013, 2003, 2008, 2033]],
] as const;
const path = (name: string) => `/threats/mitigate/${name}`;
const world = { threats: 300, agents: 60 };

/** The entry of an action in `mitigationStatus[]`, and what the threat says about itself. */
async function mitigationOf(console: RunningConsole, id: string, action: string) {
  const threat = await recordOf(console, '/threats', id);
  const entries = Object(threat['mitigationStatus']) as readonly Readonly<Record<string, unknown>>[];
  const own = entries.filter((entry) => entry['action'] === action);
  expect(own.length).toBeLessThan(2);
  return { entry: own[0], info: Object(threat['threatInfo']) as Readonly<Record<string, unknown>> };
}

function osOf(threat: ListedRecord): unknown {
  return Reflect.get(Object(threat['agentRealtimeInfo']), 'agentOsType');
}

describe('the mitigation of threats', () => {
  it.each(actions)('%s needs its permission, and a role that may do more than look', async (...of) => {
    const [name, , permission] = of;
    const { console } = await consoleWithClock({ limits: { refused: [permission], mayAct: true } });
    const ids = await threatsOn(console, 'windows');
    for (const token of [console.tokens.limited, console.tokens.viewer]) {
      const refused = await sendBody(console, 'POST', path(name), { filter: { ids } }, token);
      expect([refused.status, vendorError(refused).code]).toEqual([403, 4_030_010]);
    }
    expect((await act(console, path(name), { ids })).affected).toBeGreaterThan(0);
  });

  it.each(actions)('%s is sent, and then done as %s', async (name, action, _, [asked, done]) => {
    const { console, clock } = await consoleWithClock(world);
    const id = first(await threatsOn(console, 'windows'));
    const answer = await act(console, path(name), { ids: [id] });
    const sent = {
      action,
      status: 'sent',
      lastUpdate: '2026-11-24T12:00:00.000000Z',
      actionsCounters: null,
      mitigationEndedAt: null,
    };
    expect(answer).toEqual({
      affected: 1,
      details: [{ threatId: id, reports: [expect.objectContaining(sent)], skipped: [] }],
    });
    const before = await mitigationOf(console, id, action);
    expect(before.entry).toMatchObject(sent);
    expect(before.info).toMatchObject({ pendingActions: true, updatedAt: '2026-11-24T12:00:00.000000Z' });
    clock.nowMs += 5_000;
    const after = await mitigationOf(console, id, action);
    expect(after.entry).toMatchObject({
      status: 'success',
      lastUpdate: '2026-11-24T12:00:05.000000Z',
      actionsCounters: { success: 2, failed: 0, total: 2 },
      mitigationStartedAt: '2026-11-24T12:00:01.000000Z',
      reportId: before.entry?.['reportId'],
    });
    expect(after.info).toMatchObject({ pendingActions: false, updatedAt: '2026-11-24T12:00:05.000000Z' });
    clock.nowMs += 3_000;
    const told = await activitiesOf(console, { threatIds: id });
    expect(told.map(({ activityType, createdAt }) => [activityType, createdAt])).toEqual([
      [asked, '2026-11-24T12:00:03.000000Z'],
      [done, '2026-11-24T12:00:08.000000Z'],
    ]);
    expect(told.every(({ agentId }) => agentId !== null && agentId !== '')).toBe(true);
  });

  it.each(actions)('%s can end in every other way', async (name, action, _, [asked, , failed, reboot]) => {
    const { console, clock } = await consoleWithClock({ ...world, deedTiming: atOnce });
    const id = first(await threatsOn(console, 'windows'));
    for (const [result, told, info] of [
      ['failed', failed, { failedActions: true, rebootRequired: false }],
      ['partial', 4008, { failedActions: true, rebootRequired: false }],
      ['pending-reboot', reboot, { failedActions: false, rebootRequired: true }],
      ['success', undefined, { failedActions: false, rebootRequired: false }],
    ] as const) {
      clock.nowMs += 60_000;
      console.setNextMitigation([id], result);
      expect((await act(console, path(name), { ids: [id] })).affected).toBe(1);
      const found = await mitigationOf(console, id, action);
      expect([found.entry?.['status'], found.info]).toEqual([result, expect.objectContaining(info)]);
      if (told === undefined) continue;
      const since = new Date(clock.nowMs).toISOString();
      const types = (await activitiesOf(console, { threatIds: id, createdAt__gte: since })).map(
        ({ activityType }) => activityType,
      );
      expect(types).toEqual([asked, told]);
    }
  });

  it('rolls back on Windows only, and remediates on Windows and macOS', async () => {
    const { console } = await consoleWithClock(world);
    const threats = await walk(console, '/threats', { limit: '1000' });
    const serving = new Set(await threatsOn(console));
    const asked = threats.filter(({ id }) => serving.has(id));
    const ids = asked.map(({ id }) => id);
    for (const [name, able] of [
      ['rollback-remediation', ['windows', 'windows_legacy']],
      ['remediate', ['windows', 'windows_legacy', 'macos']],
      ['kill', ['windows', 'windows_legacy', 'macos', 'linux']],
    ] as const) {
      const { affected, details = [] } = await act(console, path(name), { ids });
      const can = asked.filter((threat) => able.some((os) => os === osOf(threat)));
      expect([affected, details.length]).toEqual([can.length, asked.length]);
      for (const threat of asked) {
        const detail = details.find(({ threatId }) => threatId === threat.id);
        const reasons = Object(detail?.['skipped']).map(({ reason }: { reason: string }) => reason);
        expect(reasons).toEqual(can.includes(threat) ? [] : ['not_supported']);
      }
    }
  });

  it('skips what is on its way, what nobody manages, and what a test wants to be skipped', async () => {
    const { console, clock } = await consoleWithClock(world);
    const id = first(await threatsOn(console));
    const reasonOf = async (threatId: string) => {
      const { affected, details } = await act(console, path('kill'), { ids: [threatId] });
      return [affected, first(Object(details?.[0]?.['skipped']) as { reason: string }[]).reason];
    };
    await act(console, path('kill'), { ids: [id] });
    expect(await reasonOf(id)).toEqual([0, 'triggered']);
    clock.nowMs += 5_000;
    expect((await act(console, path('kill'), { ids: [id] })).affected).toBe(1);
    const gone = new Set(
      (await walk(console, '/agents', { limit: '1000', isDecommissioned: 'True' })).map((one) => one.id),
    );
    const [orphan] = (await walk(console, '/threats', { limit: '1000' })).filter((threat) =>
      gone.has(Reflect.get(Object(threat['agentRealtimeInfo']), 'agentId')),
    );
    expect(await reasonOf(orphan?.id ?? '')).toEqual([0, 'precondition']);
    const other = (await threatsOn(console))[1] ?? '';
    console.setNextMitigation([other], 'permissions');
    expect(await reasonOf(other)).toEqual([0, 'permissions']);
    expect((await act(console, path('kill'), { ids: [other] })).affected).toBe(1);
  });

  it('waits for an agent that is offline, and begins when it is back', async () => {
    const { console, clock } = await consoleWithClock(world);
    const id = first(await threatsOn(console, 'windows'));
    const threat = await recordOf(console, '/threats', id);
    const agentId = String(Reflect.get(Object(threat['agentRealtimeInfo']), 'agentId'));
    console.setAgents([agentId], { online: false });
    console.setAgents([agentId], { online: true, atMs: epochMs + 600_000 });
    const { details } = await act(console, path('quarantine'), { ids: [id] });
    expect(details?.[0]?.['reports']).toMatchObject([{ status: 'pending' }]);
    const seen: unknown[] = [];
    for (const seconds of [0, 599, 601, 604, 605]) {
      clock.nowMs = epochMs + seconds * 1_000;
      seen.push([seconds, (await mitigationOf(console, id, 'quarantine')).entry?.['status']]);
    }
    expect(seen).toEqual([
      [0, 'pending'],
      [599, 'pending'],
      [601, 'sent'],
      [604, 'sent'],
      [605, 'success'],
    ]);
  });

  it('counts no threat that is unknown or of another site', async () => {
    const { console } = await consoleWithClock(world);
    expect(await act(console, path('kill'), { ids: ['17'] })).toEqual({ affected: 0, details: [] });
    const { siteScoped } = console.tokens;
    const own = new Set((await walk(console, '/threats', { limit: '1000' }, siteScoped)).map(({ id }) => id));
    const every = await threatsOn(console);
    const { affected, details = [] } = await act(console, path('kill'), { ids: every }, {}, siteScoped);
    expect(affected).toBe(every.filter((id) => own.has(id)).length);
    expect([affected > 0, affected < every.length]).toEqual([true, true]);
    expect(details.every(({ threatId }) => own.has(String(threatId)))).toBe(true);
  });

  it('takes no other action, and no filter that it does not know', async () => {
    const { console } = await consoleWithClock();
    expect((await sendBody(console, 'POST', path('delete'), { filter: {} })).status).toBe(404);
    expect((await sendBody(console, 'POST', path('unquarantine'), { filter: {} })).status).toBe(404);
    expect((await sendBody(console, 'POST', path('kill'), { filter: { agentIds: '1' } })).status).toBe(400);
  });
});
