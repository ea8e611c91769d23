import { expect, it } from 'vitest';
import { type Backfill, type BackfillStore, noBackfill } from '../../../shared/jobs/backfill.ts';

const first: Backfill = {
  version: 0,
  spans: { threats: [{ part: 'b1', from: 0, to: 1_767_225_600_000 }] },
  jobs: [
    {
      id: 'j1',
      contentTypes: ['threats'],
      from: 0,
      to: 1_767_225_600_000,
      createdAt: 1_795_521_600_000,
      createdBy: 'key:a',
    },
  ],
};

/** What every store of jobs must do. `backfills` gives the implementation under test. */
export function defineBackfillContract(backfills: () => BackfillStore): void {
  let made = 0;
  const newConnector = () => ({ tenant: 'jobs', id: `c${++made}` });
  const by = (createdBy: string): Backfill => ({
    ...first,
    jobs: first.jobs.map((job) => ({ ...job, createdBy })),
  });

  it('knows nothing of a connector that nothing was asked of', async () => {
    expect(await backfills().get(newConnector())).toStrictEqual(noBackfill);
  });

  it('keeps what was written, of one connector, with the next version', async () => {
    const connector = newConnector();
    expect(await backfills().put(connector, first)).toBe(true);
    expect(await backfills().get(connector)).toStrictEqual({ ...first, version: 1 });
    expect(await backfills().get({ ...connector, id: `${connector.id}-2` })).toStrictEqual(noBackfill);
    const second = { version: 1, spans: {}, jobs: [] };
    expect(await backfills().put(connector, second)).toBe(true);
    expect(await backfills().get(connector)).toStrictEqual({ ...second, version: 2 });
  });

  it('refuses what was made from an older version, and from one that is not there', async () => {
    const connector = newConnector();
    expect(await backfills().put(connector, { ...first, version: 1 })).toBe(false);
    expect(await backfills().get(connector)).toStrictEqual(noBackfill);
    await backfills().put(connector, first);
    expect(await backfills().put(connector, by('key:late'))).toBe(false);
    expect(await backfills().put(connector, { ...by('key:early'), version: 2 })).toBe(false);
    expect(await backfills().get(connector)).toStrictEqual({ ...first, version: 1 });
  });

  it('takes one of several that come at once', async () => {
    const connector = newConnector();
    for (const version of [0, 1]) {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          backfills().put(connector, { ...by(`key:${version}-${i}`), version }),
        ),
      );
      expect(outcomes.filter((isWritten) => isWritten)).toHaveLength(1);
    }
  });

  it('recognises its own write whose answer was lost', async () => {
    const connector = newConnector();
    for (const version of [0, 1]) {
      const change = { ...by(`key:${version}`), version };
      expect(await backfills().put(connector, change)).toBe(true);
      expect(await backfills().put(connector, change)).toBe(true);
    }
    expect((await backfills().get(connector)).version).toBe(2);
  });
}
