import { describe, expect, it } from 'vitest';
import { addNote } from '../../../../shared/actions/catalogue/add-note.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { listApi } from './list-api.ts';
import { secondsAfter, takes, threatSubject, tryOut } from './trying-out.ts';

const text = 'Isolated & "checked" by playbook 7.';
const tried = tryOut(addNote, { note: ` ${text}\n` });
const note = (id: string, seconds: number, fields: JsonObject = {}): JsonObject => ({
  id,
  text,
  createdAt: secondsAfter(seconds),
  ...fields,
});
const noted = (...related: readonly JsonObject[]) => threatSubject({}, { related });

describe('add-note', () => {
  it('adds the text to the threats that are named', () => {
    expect(tried.call([threatSubject()]).request).toEqual({
      method: 'POST',
      path: '/threats/notes',
      body: { filter: { ids: ['2001'] }, data: { text } },
    });
  });

  it('takes texts that say something', () => {
    expect(takes(addNote, { note: 'x'.repeat(4_000) })).toBe(true);
    expect(takes(addNote, { note: 'x'.repeat(4_001) })).toBe(false);
    expect(takes(addNote, { note: ' \t ' })).toBe(false);
  });

  it('is done when the threat has the note', () => {
    expect(tried.observe({ subject: noted(note('52', 1)), earlier: noted() })).toEqual({
      kind: 'done',
      evidence: [{ source: 'note', field: 'text', value: text, consoleTime: secondsAfter(1), id: '52' }],
    });
  });

  it('knows its text with entities and other line ends', () => {
    const shown = 'Isolated &amp; &quot;checked&quot;\r\nby playbook 7. ';
    expect(tried.observe({ subject: noted(note('52', 1, { text: shown })), earlier: noted() }).kind).toBe(
      'done',
    );
  });

  it.each([
    ['another text', note('52', 1, { text: 'Something else.' })],
    ['the same text of long ago', note('52', -60)],
    ['no time', note('52', 1, { createdAt: null })],
    ['the same text of right before', note('51', -1)],
  ])('does not take a note with %s for its own', (_, other) => {
    const earlier = noted(note('51', -1));
    expect(tried.observe({ subject: noted(other), earlier })).toEqual({ kind: 'nothing' });
  });

  it('reads the newest notes of each threat', async () => {
    const api = listApi((path) => (path === '/threats/2001/notes' ? [note('52', 1), null] : []));
    const read = await addNote.related?.([threatSubject(), { ...threatSubject(), id: '2002' }], api);
    expect(api.asked[0]?.params).toEqual({ limit: '100', sortBy: 'createdAt', sortOrder: 'desc' });
    expect(read).toEqual(
      new Map([
        ['2001', [note('52', 1)]],
        ['2002', []],
      ]),
    );
  });

  it('reads the notes of several threats side by side, eight at a time', async () => {
    let underWay = 0;
    let most = 0;
    const api = listApi(() => []);
    const list = api.list.bind(api);
    api.list = async (path, params) => {
      most = Math.max(most, ++underWay);
      const page = await list(path, params);
      underWay--;
      return page;
    };
    const ids = Array.from({ length: 100 }, (_, index) => String(3_000 + index));
    const read = await addNote.related?.(
      ids.map((id) => ({ ...threatSubject(), id })),
      api,
    );
    expect(most).toBe(8);
    expect([...(read ?? new Map()).keys()]).toEqual(ids);
  });

  it('reads the others where one threat was deleted, and tells of every other failure', async () => {
    const failing = (httpStatus: number) =>
      listApi((path) => {
        if (path !== '/threats/2001/notes') return [note('52', 1)];
        throw new ConnectorError({
          code: 'test',
          message: 'No.',
          health: 'unavailable',
          retryable: true,
          recommendation: 'None.',
          httpStatus,
        });
      });
    const subjects = [threatSubject(), { ...threatSubject(), id: '2002' }];
    const read = await addNote.related?.(subjects, failing(404));
    expect(read?.get('2001')).toEqual([]);
    expect(read?.get('2002')).toHaveLength(1);
    await expect(addNote.related?.(subjects, failing(503))).rejects.toMatchObject({ httpStatus: 503 });
  });

  it('is never so already, must not be sent twice, and has no way back', () => {
    expect(tried.reached(noted(note('52', 1)))).toBeUndefined();
    expect(addNote.isRepeatable).toBe(false);
    expect(tried.revert(noted())).toBeUndefined();
  });
});
