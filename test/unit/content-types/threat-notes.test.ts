import { describe, expect, it } from 'vitest';
import { threatNotes } from '../../../shared/content-types/threat-notes.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { listOnly } from '../../support/list-only.ts';
import { pageRequest } from '../../support/page-request.ts';

const window = { from: Date.UTC(2026, 10, 24, 8), to: Date.UTC(2026, 10, 24, 9) };

/** The records of a console with one threat, for which it announces that something was noted. */
async function recordsOf(notes: readonly Json[], threats: readonly Json[]): Promise<readonly JsonObject[]> {
  const answers: Readonly<Record<string, readonly Json[]>> = {
    '/activities': [{ id: '1', threatId: '700', createdAt: '2026-11-24T08:30:00Z' }],
    '/threats': threats,
    '/threats/700/notes': notes,
  };
  const api = listOnly(async (path) => ({ data: answers[path] ?? [] }));
  const { records } = await threatNotes.reading.readPage(pageRequest(api, window));
  return records.filter(isObject);
}

describe('a note', () => {
  const note = { id: '8', text: 'Isolated.', updatedAt: '2026-11-24T08:30:00Z' };

  it.each<[string, JsonObject]>([
    ['that does not name its threat', note],
    ['whose field for it is empty', { ...note, threatId: null }],
    ['that names it', { ...note, threatId: '700' }],
  ])('%s is told which one it belongs to', async (_name, vendor) => {
    const threat = {
      id: '700',
      threatInfo: { storyline: 'ABC' },
      agentRealtimeInfo: { agentId: '17', agentComputerName: 'ws-1', siteId: '2' },
    };
    const [record] = await recordsOf([vendor], [threat]);
    expect(record).toEqual({
      ...note,
      threatId: '700',
      threat: { id: '700', storyline: 'ABC', agentId: '17', computerName: 'ws-1', siteId: '2' },
    });
    expect(threatNotes.identity(record ?? {}, window)).toEqual({ id: '700:8', revision: note.updatedAt });
  });

  it('of a threat that has gone is told its id', async () => {
    expect(await recordsOf([note], [])).toMatchObject([{ threat: { id: '700' } }]);
  });

  it.each<[Json, string]>([
    [null, note.updatedAt],
    ['', note.updatedAt],
    ['2026-11-24T08:50:00Z', 'deleted'],
  ])('that was deleted at %j is the revision %s', (deletedAt, revision) => {
    expect(threatNotes.identity({ ...note, threatId: '700', deletedAt }, window).revision).toBe(revision);
  });
});
