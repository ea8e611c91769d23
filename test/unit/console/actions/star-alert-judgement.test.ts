import { describe, expect, it } from 'vitest';
import { type ListedRecord, vendorError, walk } from '../support.ts';
import { act, consoleWithClock, recordOf, sendBody } from './support.ts';

const list = '/cloud-detection/alerts';
const info = (alert: ListedRecord | undefined) =>
  Object(alert?.['alertInfo']) as Readonly<Record<string, unknown>>;
const idOf = (alert: ListedRecord) => String(info(alert)['alertId']);

describe('what analysts say about alerts of custom rules', () => {
  it.each([
    ['incident', { incidentStatus: 'resolved' }, 'incidentStatus', 'Resolved'],
    ['incident', { incidentStatus: 'IN_PROGRESS' }, 'incidentStatus', 'In progress'],
    ['analyst-verdict', { analystVerdict: 'true_positive' }, 'analystVerdict', 'True positive'],
    ['analyst-verdict', { analystVerdict: 'FALSE_POSITIVE' }, 'analystVerdict', 'False positive'],
  ])('%s takes %j', async (verb, data, field, word) => {
    const { console, clock } = await consoleWithClock({ starAlerts: 80 });
    const alerts = await walk(console, list, { limit: '1000' });
    const others = alerts.filter((alert) => info(alert)[field] !== word);
    const ids = alerts.map(idOf);
    expect(await act(console, `${list}/${verb}`, { ids }, data)).toEqual({ affected: others.length });
    expect(await act(console, `${list}/${verb}`, { ids }, data)).toEqual({ affected: 0 });
    clock.nowMs += 4 * 3_600_000;
    for (const alert of others.slice(0, 5)) {
      const now = await recordOf(console, list, idOf(alert));
      expect(info(now)).toEqual({ ...info(alert), [field]: word });
    }
  });

  it('is the truth: what was said stands at its time, and in the state since then', async () => {
    const { console, clock } = await consoleWithClock({ starAlerts: 80 });
    const alert = (await walk(console, list, { limit: '1000', incidentStatus: 'UNRESOLVED' }))[0];
    const id = idOf(Object(alert));
    clock.nowMs += 60_000;
    await act(console, `${list}/incident`, { ids: [id] }, { incidentStatus: 'resolved' });
    clock.nowMs += 60_000;
    const changes = [...console.truth('alert-changes', 0, clock.nowMs + 1)].filter((line) => line.id === id);
    expect(changes.at(-1)).toMatchObject({
      time: '2026-11-24T12:01:00.000000Z',
      current: true,
      record: await recordOf(console, list, id),
    });
    const states = [...console.truth('alerts', 0, clock.nowMs + 1)].filter((line) => line.id === id);
    expect(states.filter(({ current }) => current)).toMatchObject([{ record: changes.at(-1)?.record }]);
  });

  it.each([
    ['incident', {}],
    ['incident', { incidentStatus: 'In progress' }],
    ['incident', { incidentStatus: 'resolved', analystVerdict: 'suspicious' }],
    ['analyst-verdict', { analystVerdict: 'benign' }],
  ])('%s refuses %j with 400', async (verb, data) => {
    const { console } = await consoleWithClock();
    const reply = await sendBody(console, 'POST', `${list}/${verb}`, { filter: { ids: ['1'] }, data });
    expect([reply.status, vendorError(reply).code]).toEqual([400, 4_000_010]);
  });

  it.each([
    ['incident', 'Custom Alerts.updateIncidentStatus', { incidentStatus: 'resolved' }],
    ['analyst-verdict', 'Custom Alerts.updateAnalystVerdict', { analystVerdict: 'suspicious' }],
  ])('%s needs %s, and counts what the token sees', async (verb, permission, data) => {
    const { console } = await consoleWithClock({
      starAlerts: 80,
      limits: { refused: [permission], mayAct: true },
    });
    const { limited, viewer, siteScoped } = console.tokens;
    for (const token of [limited, viewer]) {
      const refused = await sendBody(console, 'POST', `${list}/${verb}`, { filter: {}, data }, token);
      expect([refused.status, vendorError(refused).code]).toEqual([403, 4_030_010]);
    }
    const { affected } = await act(console, `${list}/${verb}`, {}, data, siteScoped);
    const rest = await act(console, `${list}/${verb}`, {}, data);
    expect([affected > 0, rest.affected > 0]).toEqual([true, true]);
  });
});
