import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../local/console/console.ts';
import { epochMs, get, getPage, hourMs, openConsole, stoppedClock, vendorError, walk } from './support.ts';

const path = '/cloud-detection/alerts';
const large = { threats: 2_000, agents: 100 };

interface AlertInfo {
  readonly alertId: string;
  readonly incidentStatus: string;
  readonly analystVerdict: string;
  readonly reportedAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

async function alerts(
  console: RunningConsole,
  params: Readonly<Record<string, string>> = {},
  token?: string,
): Promise<readonly AlertInfo[]> {
  const records = await walk(console, path, { limit: '1000', ...params }, token);
  return records.map(({ alertInfo }) => JSON.parse(JSON.stringify(alertInfo)));
}

describe('GET /cloud-detection/alerts', () => {
  it('is walked by the time of the report, and what happened long before is in it', async () => {
    const console = await openConsole(large);
    const params = { sortBy: 'alertInfoReportedAt', reportedAt__gte: '2026-11-24T10:00:00Z' };
    const records = await walk(console, path, { ...params, limit: '20' });
    const expected = [...console.truth('alerts', epochMs - 2 * hourMs, epochMs)].filter(
      (line) => line.current,
    );
    expect(records).toEqual(JSON.parse(JSON.stringify(expected.map(({ record }) => record))));
    const found = await alerts(console, params);
    expect(found.length).toBeGreaterThan(20);
    for (const { reportedAt, createdAt } of found) expect(createdAt < reportedAt).toBe(true);
    // Whoever walks by the event's time never meets those of endpoints that were offline.
    const late = found.filter(({ createdAt }) => createdAt < '2026-11-24T10:00:00Z');
    const seconds = found.filter(
      ({ createdAt, reportedAt }) => Date.parse(reportedAt) - Date.parse(createdAt) < 6_000,
    );
    expect(late.length).toBeGreaterThan(0);
    expect(seconds.length).toBeGreaterThan(late.length);
  });

  it('changes under the hands of analysts, and no time stamp tells', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ ...large, clock });
    const before = await alerts(console);
    clock.nowMs += 2 * hourMs;
    const after = new Map((await alerts(console)).map((info) => [info.alertId, info]));
    const changed = before.filter((info) => {
      const now = after.get(info.alertId);
      return now?.incidentStatus !== info.incidentStatus || now.analystVerdict !== info.analystVerdict;
    });
    expect(changed.length).toBeGreaterThan(20);
    for (const { alertId, reportedAt, createdAt, updatedAt } of before)
      expect(after.get(alertId)).toMatchObject({ reportedAt, createdAt, updatedAt });
    // And both states are in the truth about changes, with the time of the change.
    const lines = [...console.truth('alert-changes', epochMs, clock.nowMs)];
    const ids = new Set(lines.map(({ id }) => id));
    expect(changed.filter(({ alertId }) => !ids.has(alertId))).toEqual([]);
    expect(lines.map(({ time }) => time)).toEqual(lines.map(({ time }) => time).sort());
  });

  it.each([
    ['incidentStatus', 'UNRESOLVED', ['Unresolved']],
    ['incidentStatus', 'IN_PROGRESS,RESOLVED', ['In progress', 'Resolved']],
    ['analystVerdict', 'TRUE_POSITIVE', ['True positive']],
    ['analystVerdict', 'UNDEFINED,FALSE_POSITIVE,SUSPICIOUS', ['Undefined', 'False positive', 'Suspicious']],
  ] as const)('takes for %s the spelling %s, which its answers do not have', async (name, value, words) => {
    const console = await openConsole(large);
    const expected = (await alerts(console)).filter((info) => words.some((word) => word === info[name]));
    expect(await alerts(console, { [name]: value })).toEqual(expected);
    expect(new Set(expected.map((info) => info[name]))).toEqual(new Set(words));
    const refused = await get(console, path, { [name]: words[0] });
    expect([refused.status, vendorError(refused).detail?.startsWith(`${name}: `)]).toEqual([400, true]);
  });

  it.each([
    [{ updatedAt__gte: '2026-11-24T00:00:00Z' }, "dict_values(['updatedAt__gte']): Unknown field"],
    [{ reportedAt__between: '1-2' }, "dict_values(['reportedAt__between']): Unknown field"],
    [{ sortBy: 'reportedAt' }, 'sortBy: '],
    [{ severity: 'HIGH' }, 'severity: '],
    [{ ids: 'x' }, 'ids: '],
    [{ limit: '1001' }, 'limit: '],
  ])('refuses %j', async (params, detail) => {
    const reply = await get(await openConsole(), path, params);
    expect([reply.status, vendorError(reply).detail?.startsWith(detail)]).toEqual([400, true]);
  });

  it('is found by ids, severity and event time', async () => {
    const console = await openConsole(large);
    const all = await alerts(console);
    const wanted = all.filter((_, index) => index % 50 === 0).map(({ alertId }) => alertId);
    expect((await alerts(console, { ids: wanted.join(',') })).map(({ alertId }) => alertId)).toEqual(wanted);
    const high = await walk(console, path, { severity: 'High,Critical', limit: '1000' });
    const rules = high.map(({ ruleInfo }) => Reflect.get(Object(ruleInfo), 'severity'));
    expect(new Set(rules)).toEqual(new Set(['High', 'Critical']));
    const since = '2026-11-24T08:00:00Z';
    expect(await alerts(console, { createdAt__gte: since })).toEqual(
      all.filter(({ createdAt }) => createdAt >= since),
    );
  });

  it('is refused where custom rules are not licensed', async () => {
    const console = await openConsole();
    const reply = await get(console, path, {}, console.tokens.withoutStar);
    expect([reply.status, vendorError(reply)]).toEqual([
      403,
      {
        code: 4_030_010,
        detail: 'This scope does not have Custom Rules enabled.',
        title: 'Insufficient permissions',
      },
    ]);
    expect((await get(console, '/threats', {}, console.tokens.withoutStar)).status).toBe(200);
  });

  it('has everything that alerts are known to hold', async () => {
    const console = await openConsole({ threats: 6_000, agents: 300 });
    const texts = (await walk(console, path, { limit: '1000' })).map((record) => JSON.stringify(record));
    for (const pattern of [
      /"agentRealtimeInfo":\{"id":"\d{18,19}"/,
      /"agentDetectionInfo":\{"accountId":/,
      /"agentDetectionInfo":\{"machineType":/,
      /"pidStarttime":"1970-01-01T00:00:00Z"/,
      /"tgtFileModifiedAt":"2185-07-21T23:34:33.709552Z"/,
      /"tgtFilePath":""/,
      /"registryValue":"[^"]*🚀"/u,
      /"dstPort":"\d+"/,
      /"loginIsSuccessful":"(true|false)"/,
      /"labels":"tier:web,team:zahlung"/,
      /"labels":null/,
      /"description":null/,
      /"dvEventId":"01J[0-9A-F]{23}_\d+"/,
      /"incidentStatus":"Resolved"/,
      /"subsystem":"wsl"/,
      /"purpleSummary"/,
    ])
      expect(
        texts.some((text) => pattern.test(text)),
        String(pattern),
      ).toBe(true);
    const values = (name: string) =>
      new Set(
        texts.flatMap((text) =>
          [...text.matchAll(new RegExp(`"${name}":"([^"]*)"`, 'g'))].map(([, value]) => value),
        ),
      );
    expect(values('hitType').size).toBe(4);
    expect(values('severity').size).toBe(5);
    expect(values('treatAsThreat').size).toBe(3);
    expect(values('scopeLevel').size).toBe(4);
    expect(values('integrityLevel').size).toBe(6);
    expect(values('eventType').size).toBe(10);
    expect(texts.some((text) => text.length > 6_000)).toBe(true);
  });
});

describe('the truth about alerts', () => {
  it('tells every state, and the last one is current', async () => {
    const clock = stoppedClock(epochMs + hourMs);
    const console = await openConsole({ ...large, clock });
    const lines = [...console.truth('alerts', 0, clock.nowMs)];
    const byId = Map.groupBy(lines, ({ id }) => id);
    expect(byId.size).toBe((await getPage(console, path, { countOnly: 'true' })).pagination.totalItems);
    expect([...byId.values()].some((states) => states.length > 2)).toBe(true);
    for (const states of byId.values()) {
      expect(states.map(({ current }) => current)).toEqual(
        states.map((_, index) => index === states.length - 1),
      );
      expect(new Set(states.map(({ record }) => JSON.stringify(record))).size).toBe(states.length);
      expect(new Set(states.map(({ time }) => time)).size).toBe(1);
    }
  });

  it('stays what it was', async () => {
    const options = { ...large, clock: stoppedClock(epochMs + 3 * hourMs) };
    const [console, again] = [await openConsole(options), await openConsole(options)];
    const past = (of: RunningConsole) => [...of.truth('alert-changes', 0, epochMs, epochMs)];
    expect(past(console)).toEqual(past(again));
    const later = [...console.truth('alert-changes', 0, epochMs)];
    expect(later.map(({ id, time, record }) => ({ id, time, record }))).toEqual(
      past(again).map(({ id, time, record }) => ({ id, time, record })),
    );
  });
});
