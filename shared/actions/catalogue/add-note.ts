import * as z from 'zod/mini';
import { ConnectorError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../json.ts';
import type { SentinelOneApi } from '../../ports.ts';
import { decodeHtmlEntities } from '../../records/html-entities.ts';
import { presentFields, textAt } from '../../records/json-fields.ts';
import { ActionCall } from '../action-call.ts';
import { actionType, type Look, type Observation } from '../action-type.ts';
import { timeOf } from '../kinds/evidence.ts';
import { text } from '../kinds/parameters.ts';
import { isSinceSent } from '../kinds/since-sent.ts';
import type { Subject } from '../subject.ts';

/** Threats whose notes are asked for at once. */
const lanes = 8;

/** The newest notes of a threat; a command's own is among them. */
const newestNotes = { limit: '100', sortBy: 'createdAt', sortOrder: 'desc' };

/** Writes notes on threats. */
export const addNote = actionType({
  id: 'add-note',
  title: 'Add a note to the threat',
  description: 'Adds a note to the threat, for the analysts at the console.',
  target: 'threat',
  danger: 'console',
  permission: 'Threats.view',
  parameters: z.strictObject({ note: text(4_000) }),
  example: { note: 'Isolated by playbook 7 after a hit of the sandbox. Ticket INC-2041.' },
  doneWhen: 'The threat has a note with the text that is not older than the command.',
  typicalSeconds: 5,
  timeoutMinutes: 10,
  needsEndpoint: false,
  isRepeatable: false,
  activityTypes: [],
  revertedBy: [],
  unsuitable: () => undefined,
  reached: () => undefined,
  related: readNotes,
  call: (subjects, { note }) =>
    ActionCall.of(
      'POST',
      '/threats/notes',
      subjects.map(({ id }) => id),
      { text: note },
    ),
  before: ({ related: [newest] = [] }) =>
    presentFields({ newestNote: newest === undefined ? undefined : textAt(newest, 'id') }),
  observe: observeNote,
  revert: () => undefined,
});

function observeNote({
  subject: { related = [] },
  before,
  sentAt,
  parameters,
}: Look<{ readonly note: string }>): Observation {
  const newestBefore = textAt(before, 'newestNote');
  const note = related.find(
    (one) =>
      plain(textAt(one, 'text') ?? '') === plain(parameters.note) &&
      isSinceSent(one['createdAt'], sentAt) &&
      (newestBefore === undefined || textAt(one, 'id') !== newestBefore),
  );
  if (note === undefined) return { kind: 'nothing' };
  const id = textAt(note, 'id');
  return {
    kind: 'done',
    evidence: [
      {
        source: 'note',
        field: 'text',
        value: textAt(note, 'text') ?? null,
        ...timeOf(note['createdAt']),
        ...(id === undefined ? {} : { id }),
      },
    ],
  };
}

/** The console may give a text back with entities and with other line ends. */
function plain(note: string): string {
  return decodeHtmlEntities(note).replace(/\s+/g, ' ').trim();
}

async function readNotes(
  subjects: readonly Subject[],
  api: SentinelOneApi,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const notes = new Map<string, readonly JsonObject[]>();
  for (let at = 0; at < subjects.length; at += lanes) {
    const some = subjects.slice(at, at + lanes);
    const read = await Promise.all(some.map(({ id }) => notesOf(id, api, signal)));
    for (const [index, { id }] of some.entries()) notes.set(id, read[index] ?? []);
  }
  return notes;
}

async function notesOf(
  threatId: string,
  api: SentinelOneApi,
  signal: AbortSignal | undefined,
): Promise<readonly JsonObject[]> {
  try {
    const { data } = await api.list(`/threats/${encodeURIComponent(threatId)}/notes`, newestNotes, signal);
    return data.filter(isObject);
  } catch (error) {
    // A threat that was deleted since has no notes, and must not keep the others from theirs.
    if (error instanceof ConnectorError && error.httpStatus === 404) return [];
    throw error;
  }
}
