import { describe, expect, it } from 'vitest';
import { getPage, vendorError, walk } from '../support.ts';
import { act, activitiesOf, consoleWithClock, first, recordOf, sendBody, threatsOn } from './support.ts';

describe('what analysts say about threats', () => {
  it('changes status and verdict, once', async () => {
    const { console, clock } = await consoleWithClock();
    const [threat] = await walk(console, '/threats', {
      limit: '1000',
      incidentStatuses: 'unresolved',
      analystVerdicts: 'undefined',
    });
    const id = threat?.id ?? '';
    const data = { incidentStatus: 'resolved', analystVerdict: 'false_positive' };
    expect(await act(console, '/threats/incident', { ids: [id] }, data)).toEqual({
      affected: 1,
      details: [{ threatId: id, result: 'updated' }],
    });
    expect(await act(console, '/threats/incident', { ids: [id] }, data)).toEqual({
      affected: 0,
      details: [{ threatId: id, result: 'already_set' }],
    });
    expect((await recordOf(console, '/threats', id))['threatInfo']).toMatchObject({
      ...data,
      mitigationStatus: 'marked_as_benign',
      updatedAt: '2026-11-24T12:00:00.000000Z',
    });
    clock.nowMs += 3_000;
    expect((await activitiesOf(console, { threatIds: id })).map((told) => told['activityType'])).toEqual([
      2028, 2030,
    ]);
    const verdict = { analystVerdict: 'suspicious' };
    expect((await act(console, '/threats/analyst-verdict', { ids: id }, verdict)).affected).toBe(1);
    expect((await recordOf(console, '/threats', id))['threatInfo']).toMatchObject({
      incidentStatus: 'resolved',
      analystVerdict: 'suspicious',
      updatedAt: '2026-11-24T12:00:03.000000Z',
    });
    expect(
      (await walk(console, '/threats', { analystVerdicts: 'suspicious' })).map((one) => one.id),
    ).toContain(id);
  });

  it('keeps what was said, whatever the world had planned for later', async () => {
    const { console, clock } = await consoleWithClock({ profiles: ['mutation'] });
    const others = await walk(console, '/threats', {
      limit: '1000',
      incidentStatuses: 'unresolved,resolved',
    });
    const ids = others.map(({ id }) => id);
    await act(console, '/threats/incident', { ids }, { incidentStatus: 'in_progress' });
    clock.nowMs += 20 * 60_000;
    const statuses = (await walk(console, '/threats', { limit: '1000', ids: ids.join(',') })).map((threat) =>
      Reflect.get(Object(threat['threatInfo']), 'incidentStatus'),
    );
    expect(new Set(statuses)).toEqual(new Set(['in_progress']));
  });

  it.each([
    ['/threats/incident', {}, 'incidentStatus'],
    ['/threats/incident', { incidentStatus: 'Resolved' }, 'incidentStatus'],
    ['/threats/incident', { analystVerdict: 'suspicious' }, 'incidentStatus'],
    ['/threats/incident', { incidentStatus: 'resolved', analystVerdict: 'benign' }, 'analystVerdict'],
    ['/threats/incident', { incidentStatus: 'resolved', status: 'x' }, 'status'],
    ['/threats/analyst-verdict', {}, 'analystVerdict'],
    ['/threats/analyst-verdict', { analystVerdict: 'TRUE_POSITIVE' }, 'analystVerdict'],
    [
      '/threats/analyst-verdict',
      { analystVerdict: 'suspicious', incidentStatus: 'resolved' },
      'incidentStatus',
    ],
    ['/threats/notes', {}, 'text'],
    ['/threats/notes', { text: '' }, 'text'],
    ['/threats/notes', { text: 'a', title: 'b' }, 'title'],
  ])('%s refuses %j with 400', async (path, data, field) => {
    const { console } = await consoleWithClock();
    const reply = await sendBody(console, 'POST', path, { filter: { ids: ['1'] }, data });
    expect([reply.status, vendorError(reply).detail?.includes(field)]).toEqual([400, true]);
  });

  it.each([
    ['/threats/incident', 'Threats.updateIncidentStatus', { incidentStatus: 'resolved' }],
    ['/threats/analyst-verdict', 'Threats.updateAnalystVerdict', { analystVerdict: 'suspicious' }],
  ])('%s needs %s', async (path, permission, data) => {
    const { console } = await consoleWithClock({ limits: { refused: [permission], mayAct: true } });
    for (const token of [console.tokens.limited, console.tokens.viewer]) {
      const refused = await sendBody(console, 'POST', path, { filter: {}, data }, token);
      expect([refused.status, vendorError(refused).code]).toEqual([403, 4_030_010]);
    }
  });
});

describe('a note', () => {
  it('is there at once, and announced later', async () => {
    const { console, clock } = await consoleWithClock();
    const every = await walk(console, '/threats', { limit: '1000', noteExists: 'false' });
    const [id = '', other = ''] = every.map((threat) => threat.id);
    expect(await act(console, '/threats/notes', { ids: [id] }, { text: 'Isolated. – 孤立' })).toEqual({
      affected: 1,
    });
    const note = {
      createdAt: '2026-11-24T12:00:00.000000Z',
      creator: 'Simulator admin',
      edited: false,
      text: 'Isolated. – 孤立',
      updatedAt: '2026-11-24T12:00:00.000000Z',
    };
    expect(await walk(console, `/threats/${id}/notes`, {})).toMatchObject([note]);
    expect(await walk(console, `/threats/${other}/notes`, {})).toEqual([]);
    const noted = (await walk(console, '/threats', { limit: '1000', noteExists: 'true' })).map(
      (one) => one.id,
    );
    expect([noted.includes(id), noted.includes(other)]).toEqual([true, false]);
    expect(await activitiesOf(console, { threatIds: id })).toEqual([]);
    clock.nowMs += 3_000;
    expect(await activitiesOf(console, { threatIds: id })).toMatchObject([
      { activityType: 4020, createdAt: '2026-11-24T12:00:03.000000Z' },
    ]);
  });

  it('is the truth from its announcement on, among the notes that the world has planned', async () => {
    const { console, clock } = await consoleWithClock({ threats: 400, deletedThreats: 0 });
    const ids = (await walk(console, '/threats', { limit: '1000', noteExists: 'true' })).map((one) => one.id);
    const truth = () =>
      [...console.truth('threat-notes', 0, clock.nowMs + 1)].map(({ id, time, record }) => ({
        id,
        time,
        text: record['text'],
        threatId: record['threatId'],
      }));
    const before = truth();
    for (const text of ['one', 'two']) await act(console, '/threats/notes', { ids }, { text });
    clock.nowMs += 3_000;
    const after = truth();
    const own = after.filter(({ text }) => text === 'one' || text === 'two');
    expect(own.length).toBe(2 * ids.length);
    expect(new Set(own.map(({ time }) => time))).toEqual(new Set(['2026-11-24T12:00:03.000000Z']));
    // Of a deleted note there is a line for every announcement that makes a collector look, and there are more now.
    const planned = after.filter(({ time, text }) => time < '2026-11-24T12' && text !== undefined);
    expect(planned).toEqual(before.filter(({ text }) => text !== undefined));
    // The list is what the truth says, with ids that ascend, also of what was planned for later.
    clock.nowMs += 3_600_000;
    const lines = [...console.truth('threat-notes', 0, clock.nowMs + 1)].filter(({ current }) => current);
    for (const id of ids.slice(0, 20)) {
      const listed = await walk(console, `/threats/${id}/notes`, { limit: '3' });
      const own = lines.filter(({ record }) => record['threatId'] === id).map(({ record }) => record);
      expect(own.toSorted((a, b) => (String(a['createdAt']) < String(b['createdAt']) ? -1 : 1))).toEqual(
        listed.map((note) => ({ ...note, threatId: id })),
      );
      const notes = listed.map((note) => note.id);
      expect(notes).toEqual([...notes].sort((a, b) => Number(BigInt(a) - BigInt(b))));
      expect(new Set(notes).size).toBe(notes.length);
    }
  });

  it('may be written by whoever sees the threat', async () => {
    const { console } = await consoleWithClock();
    const { viewer, siteScoped } = console.tokens;
    const ids = await threatsOn(console);
    expect(
      (await act(console, '/threats/notes', { ids: [first(ids)] }, { text: 'seen' }, viewer)).affected,
    ).toBe(1);
    const own = new Set((await walk(console, '/threats', { limit: '1000' }, siteScoped)).map(({ id }) => id));
    const { affected } = await act(console, '/threats/notes', { ids }, { text: 'mine' }, siteScoped);
    expect(affected).toBe(ids.filter((id) => own.has(id)).length);
    const { data } = await getPage(console, `/threats/${first(ids)}/notes`, {});
    expect(data?.map(({ creator }) => creator)).toContain('Simulator viewer');
  });
});
