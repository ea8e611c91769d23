import type { JsonObject } from '../../../shared/json.ts';
import type { WrittenNote } from './deeds/written-notes.ts';
import { recordId } from './ids.ts';
import { formatMicros, micros } from './micro-time.ts';
import { draws, purpose } from './random.ts';
import { analysts } from './vocabulary.ts';

/** Everything that a note's body is made from. Times in microseconds. */
export interface NoteFacts {
  readonly seed: number;
  readonly id: string;
  /** Different for every note. */
  readonly number: number;
  readonly createdUs: number;
  readonly updatedUs: number;
  /** How often it was edited. */
  readonly revision: number;
}

const creators = [...analysts, 'SOAR service user', null];
const creatorsSinceUs = Date.UTC(2024, 1, 29) * micros.millisecond;

const texts = [
  'Quarantined by the agent, no further action.',
  '',
  'Confirmed with the user:\n  - opened the attachment 📎\n  - “nothing happened” 🤷‍♀️\n\nClosing.',
  'FP – Buchhaltungssoftware, siehe SEC-1042. Grüße, Ines',
  '再現できません。様子を見ます。',
  '<b>Escalated</b> to &quot;tier 2&quot;; see \\\\share\\cases\\77 and {"case": 1392053568582758390}',
  `Timeline of the shift: ${'checked, nothing new; '.repeat(200)}`,
  'دعم المستوى الثاني',
] as const;

/** The note as `GET /threats/{id}/notes` answers it: nothing in it tells which threat it belongs to. */
export function threatNoteBody({ seed, id, number, createdUs, updatedUs, revision }: NoteFacts): JsonObject {
  const draw = draws(seed, purpose.threatNoteBody, number);
  const creator = draw.pick(creators);
  const text = draws(seed, purpose.threatNoteBody, number, 1 + revision).pick(texts);
  return {
    createdAt: formatMicros(createdUs),
    creator,
    creatorId: creator === null ? null : recordId(creatorsSinceUs, creators.indexOf(creator)),
    edited: revision > 0,
    id,
    text: revision === 0 ? text : `${text} (edit ${revision})`,
    updatedAt: formatMicros(updatedUs),
  };
}

/** The same for a note that a user wrote through the API. */
export function writtenNoteBody(id: string, { createdUs, text, user }: WrittenNote): JsonObject {
  const created = formatMicros(createdUs);
  return {
    createdAt: created,
    creator: user.name,
    creatorId: user.id,
    edited: false,
    id,
    text,
    updatedAt: created,
  };
}
