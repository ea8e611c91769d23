import { expect, it } from 'vitest';
import type { ConnectivityReport } from '../../../shared/connectivity/report.ts';
import type { TestStore } from '../../../shared/connectivity/test-store.ts';

const now = Date.parse('2026-11-26T09:30:00Z');
const report: ConnectivityReport = {
  ok: false,
  checks: [
    { name: 'host', ok: false, status: 503, code: 'c', detail: 'd', recommendation: 'r', durationMs: 0.5 },
  ],
  token: { user: 'anna@example.com', daysLeft: -1 },
  console: {},
};

/** What every implementation of the store of tests must do. `tests` gives the implementation under test. */
export function defineTestStoreContract(tests: () => TestStore): void {
  let made = 0;
  const newConnector = () => ({ tenant: 'tested', id: `c${++made}` });

  it('knows no test of a connector that was never tested, and none while the first runs', async () => {
    const connector = newConnector();
    expect(await tests().last(connector)).toBeUndefined();
    expect(await tests().begin(connector, now, now + 10)).toBe(true);
    expect(await tests().last(connector)).toBeUndefined();
  });

  it('keeps the last result as it was', async () => {
    const connector = newConnector();
    for (const at of [now, now + 1]) {
      await tests().begin(connector, at, at + 10);
      await tests().finish(connector, { at, report });
      expect(await tests().last(connector)).toStrictEqual({ at, report });
    }
    expect(await tests().last(newConnector())).toBeUndefined();
  });

  it('lets one test of a connector run at a time', async () => {
    const connector = newConnector();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => tests().begin(connector, now, now + 10)),
    );
    expect(outcomes.filter((mayRun) => mayRun)).toHaveLength(1);
    expect(await tests().begin(newConnector(), now, now + 10)).toBe(true);
    await tests().finish(connector, { at: now, report });
    expect(await tests().begin(connector, now, now + 10)).toBe(true);
  });

  it('forgets a test that was interrupted, when its time is over', async () => {
    const connector = newConnector();
    await tests().begin(connector, now, now + 10);
    expect(await tests().begin(connector, now + 9, now + 20)).toBe(false);
    expect(await tests().begin(connector, now + 10, now + 20)).toBe(true);
  });

  it('lets the next one run after one that had no result, and keeps the result before', async () => {
    const connector = newConnector();
    await tests().begin(connector, now, now + 10);
    await tests().finish(connector, { at: now, report });
    await tests().begin(connector, now + 1, now + 11);
    await tests().abandon(connector);
    expect(await tests().last(connector)).toStrictEqual({ at: now, report });
    expect(await tests().begin(connector, now + 2, now + 12)).toBe(true);
  });
}
