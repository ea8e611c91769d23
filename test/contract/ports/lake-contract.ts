import { expect, it } from 'vitest';
import type { LogEntryHeader, LogEntryId } from '../../../shared/engine/log-entry.ts';
import type { LakeLog } from '../../../shared/ports.ts';

let made = 0;

/** What every implementation of the landing zone must do. */
export function defineLakeContract(lake: () => LakeLog): void {
  const window = { from: Date.parse('2026-11-24T08:00:00Z'), to: Date.parse('2026-11-24T09:00:00Z') };
  const newEntry = (): LogEntryId => ({
    stream: { tenant: 'acme', connector: `c${++made}`, contentType: 'threats' },
    index: 'syslog',
    msgClass: 'sentinelone_threat_detection',
    window,
    batch: 0,
  });
  const headerOf = (batch: number, fence = 1): LogEntryHeader => ({
    window,
    batch,
    position: { gte: window.from, cursor: 'YWdlbnRfaWQ6NTgwMjkzODE=', lastKey: window.from + 5 },
    end: batch > 0,
    read: 3,
    written: 2,
    filtered: 1,
    pages: 1,
    fence,
  });

  function body(...lines: string[]): Promise<Uint8Array> {
    const made = lake().newBody();
    // Page ends in between, as they come in a batch; they leave no trace.
    for (const [i, line] of lines.entries()) {
      made.add(line);
      if (i % 2 === 1) made.endPage();
    }
    expect(made.count).toBe(lines.length);
    return made.finish();
  }
  const linesAt = (id: LogEntryId) => lake().lines(id);

  it('keeps header and lines as they were written', async () => {
    const id = newEntry();
    const lines = ['{"id":"1","big":1392053568582758390}', '{"id":"2","text":"Grüße 😀\\n"}'];
    expect(await lake().append(id, headerOf(0), await body(...lines))).toStrictEqual({ kind: 'appended' });
    expect(await lake().header(id)).toStrictEqual(headerOf(0));
    expect(await linesAt(id)).toStrictEqual(lines);
  });

  it('keeps a position with characters beyond ASCII', async () => {
    const id = newEntry();
    const header = { ...headerOf(0), position: { gte: 1, cursor: 'ü😀"\\' } };
    await lake().append(id, header, await body('{}'));
    expect(await lake().header(id)).toStrictEqual(header);
  });

  it('gives a place to exactly one of many and never changes it', async () => {
    const id = newEntry();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        lake().append(id, headerOf(0, i), await body(`{"writer":${i}}`)),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    const header = await lake().header(id);
    expect(await linesAt(id)).toStrictEqual([`{"writer":${header?.fence}}`]);
    await lake().append(id, headerOf(0, 99), await body('{"writer":99}'));
    expect(await lake().header(id)).toStrictEqual(header);
  });

  it('keeps batches, windows and indices apart', async () => {
    const id = newEntry();
    await lake().append(id, headerOf(0), await body('{"batch":0}'));
    expect((await lake().append({ ...id, batch: 1 }, headerOf(1), await body('{"batch":1}'))).kind).toBe(
      'appended',
    );
    expect(
      (await lake().append({ ...id, index: 'alerts' }, headerOf(0), await body('{"alert":0}'))).kind,
    ).toBe('appended');
    expect(await linesAt({ ...id, batch: 1 })).toStrictEqual(['{"batch":1}']);
    expect(await linesAt({ ...id, index: 'alerts' })).toStrictEqual(['{"alert":0}']);
  });

  it('keeps an entry without lines', async () => {
    const id = newEntry();
    await lake().append(id, headerOf(1), await body());
    expect(await linesAt(id)).toStrictEqual([]);
    expect((await lake().append(id, headerOf(1), await body('{}'))).kind).toBe('exists');
  });

  it('has neither header nor lines where nothing was written', async () => {
    const id = newEntry();
    expect(await lake().header(id)).toBeUndefined();
    await expect(lake().lines(id)).rejects.toThrow();
  });
}
