import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { noteFields } from '../../../shared/records/note-fields.ts';

describe('the normalised fields of a note', () => {
  it.each<Json>([null, '', {}, 'text', []])('are known without a threat: %j', (threat) => {
    expect(noteFields({ creator: 'Ana', creatorId: '5', text: 'Isolated.', threat })).toEqual({
      user: { name: 'Ana', id: '5' },
      event: { category: 'threat', description: 'Isolated.' },
    });
  });

  it('say which host and organisation the threat is of', () => {
    const threat = {
      agentId: '17',
      computerName: 'ws-1',
      accountId: '1',
      siteName: 'Rotterdam',
      storyline: 'ABC',
    };
    expect(noteFields({ threat })).toEqual({
      host: { name: 'ws-1', hostname: 'ws-1', id: '17' },
      event: { category: 'threat' },
      storyline: 'ABC',
      organization: { id: '1' },
      labels: { site_name: 'Rotterdam' },
    });
  });

  it('take no part of a name for a domain', () => {
    expect(noteFields({ creator: 'Ana \\o/' })['user']).toEqual({ name: 'Ana \\o/' });
  });

  it.each<[JsonObject, string | undefined]>([
    [{ edited: false }, 'added'],
    [{ edited: true }, 'edited'],
    [{ edited: true, deletedAt: '2026-11-24T08:50:00Z' }, 'deleted'],
    [{ edited: false, deletedAt: null }, 'added'],
    [{ edited: null }, undefined],
  ])('say what happened to it: %j', (note, action) => {
    expect(noteFields(note)['event']).toEqual({
      category: 'threat',
      ...(action === undefined ? {} : { action }),
    });
  });
});
