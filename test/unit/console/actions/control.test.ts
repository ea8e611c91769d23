import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../../local/console/console.ts';
import { epochMs } from '../support.ts';
import {
  act,
  activitiesOf,
  atOnce,
  consoleWithClock,
  first,
  hostOf,
  onlineHost,
  recordOf,
  threatsOn,
} from './support.ts';

async function simulator(console: RunningConsole, path: string, body?: unknown) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const reply = await fetch(`${console.url}/simulator/${path}`, init);
  return { status: reply.status, json: JSON.parse(await reply.text()) };
}

describe('the control of hosts and threats below /simulator', () => {
  it('takes agents offline and brings them back, now or at a time', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    const at = new Date(epochMs + 60_000).toISOString();
    expect((await simulator(console, 'agents', { ids: [id], online: false })).status).toBe(200);
    await simulator(console, 'agents', { ids: [id], online: true, at });
    expect(await hostOf(console, id)).toMatchObject({
      isActive: false,
      updatedAt: '2026-11-24T12:00:00.000000Z',
    });
    clock.nowMs += 60_000;
    expect(await hostOf(console, id)).toMatchObject({
      isActive: true,
      updatedAt: '2026-11-24T12:01:00.000000Z',
    });
  });

  it('decides how the next disconnection and the next mitigation end', async () => {
    const { console } = await consoleWithClock({ deedTiming: atOnce });
    const id = await onlineHost(console);
    await simulator(console, 'agents', { ids: [id], nextDisconnect: 'failed' });
    await act(console, '/agents/actions/disconnect', { ids: [id] });
    expect(await hostOf(console, id)).toMatchObject({ networkStatus: 'connected' });
    const threat = first(await threatsOn(console));
    await simulator(console, 'threats', { ids: [threat], nextMitigation: 'partial' });
    await act(console, '/threats/mitigate/kill', { ids: [threat] });
    expect(JSON.stringify(await recordOf(console, '/threats', threat))).toContain('"status":"partial"');
  });

  it('sets how long everything takes, from then on', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    const { json } = await simulator(console, 'deed-timing', { activityDelayMs: 120_000, networkMs: 500 });
    expect(json.timing).toMatchObject({ activityDelayMs: 120_000, networkMs: 500, reactionMs: 1_000 });
    await act(console, '/agents/actions/disconnect', { ids: [id] });
    clock.nowMs += 1_500;
    expect(await hostOf(console, id)).toMatchObject({ networkStatus: 'disconnected' });
    clock.nowMs = epochMs + 119_999;
    expect(await activitiesOf(console, { agentIds: id, activityTypes: '61,1001' })).toEqual([]);
    clock.nowMs = epochMs + 121_500;
    expect((await activitiesOf(console, { agentIds: id, activityTypes: '61,1001' })).length).toBe(2);
  });

  it('tells what was done and what was asked for, with the filters as they came, and no token', async () => {
    const { console } = await consoleWithClock();
    const id = await onlineHost(console);
    await act(console, '/agents/actions/disconnect', { ids: id });
    await act(console, '/agents/actions/connect', { ids: ['1'] });
    await act(console, '/agents/actions/fetch-logs', {}, { agentLogs: true }).catch(() => undefined);
    const { json } = await simulator(console, 'deeds');
    expect(json).toEqual({
      timing: expect.objectContaining({ scanMs: 30_000 }),
      deeds: JSON.parse(JSON.stringify(console.deeds)),
      requests: JSON.parse(JSON.stringify(console.actionRequests)),
    });
    expect(console.deeds.map(({ verb }) => verb)).toEqual(['disconnect', 'fetch-logs']);
    expect(json.requests).toMatchObject([
      { method: 'POST', path: '/agents/actions/disconnect', filter: { ids: id }, status: 200 },
      { path: '/agents/actions/connect', filter: { ids: ['1'] }, token: 'admin' },
      { path: '/agents/actions/fetch-logs', filter: {}, data: { agentLogs: true } },
    ]);
    for (const token of Object.values(console.tokens)) expect(JSON.stringify(json)).not.toContain(token);
  });

  it.each([
    ['agents', { online: true }, 'ids: '],
    ['agents', { ids: [] }, 'ids: '],
    ['agents', { ids: [7] }, 'ids: '],
    ['agents', { ids: ['7'], online: true }, 'ids: '],
    ['agents', { ids: ['x'], online: true }, 'ids: '],
    ['agents', { ids: ['7'], online: 'yes' }, 'online: '],
    ['agents', { ids: ['7'], at: 'soon' }, 'at: '],
    ['agents', { ids: ['7'], nextDisconnect: 'success' }, 'nextDisconnect: '],
    ['agents', { ids: ['7'], offline: true }, 'offline: '],
    ['threats', { ids: ['7'] }, 'nextMitigation: '],
    ['threats', { ids: ['7'], nextMitigation: 'failed' }, 'ids: '],
    ['deed-timing', { scanMs: -1 }, 'scanMs: '],
    ['deed-timing', { scanMs: '5s' }, 'scanMs: '],
    ['deed-timing', { activityDelayMs: 120_001 }, 'activityDelayMs: '],
    ['deed-timing', { napMs: 1 }, 'napMs: '],
    ['deed-timing', null, 'Send a JSON object.'],
  ])('refuses /simulator/%s with %j and names the field', async (path, body, problem) => {
    const { console } = await consoleWithClock();
    const { status, json } = await simulator(console, path, body);
    expect([status, json.error.startsWith(problem)]).toEqual([400, true]);
  });

  it('throws for ids that the console does not list', async () => {
    const { console } = await consoleWithClock();
    expect(() => console.setAgents(['7'], { online: true })).toThrow('ids: ');
    expect(() => console.setNextMitigation(['7'], 'failed')).toThrow('ids: ');
    expect(() => console.setDeedTiming({ scanMs: 0.5 })).toThrow('scanMs: ');
  });
});
