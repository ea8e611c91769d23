import type { WrittenNote, WrittenNotes } from './deeds/written-notes.ts';
import { findById, recordId } from './ids.ts';
import type { RecordSet } from './record-set.ts';
import { threatNoteBody, writtenNoteBody } from './threat-note-body.ts';
import { type NoteChange, type NoteChanges, noteChanges } from './threat-note-changes.ts';
import { type NotePlan, planNotes } from './threat-note-plan.ts';
import type { Threats } from './threats.ts';
import { Timeline } from './timeline.ts';

/** What analysts write about threats. */
export interface ThreatNotes {
  /** The notes of a threat. Made anew at every call: few are asked for, and never again and again. */
  of(threat: number): RecordSet;
  /** True where the threat has a note at this time, microseconds. */
  existAt(threat: number, us: number): boolean;
  /** Everything that happens to notes, of all threats. */
  readonly changes: NoteChanges;
}

export interface ThreatNotesOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly threats: Threats;
  /** What users wrote besides what the world has planned. */
  readonly written: WrittenNotes;
}

/** A note of a threat. */
interface Note {
  /** Its own among the notes of the threat, whatever else is written. */
  readonly number: number;
  readonly plan: NotePlan;
  readonly written?: WrittenNote;
}

/** More than any threat has notes: tells the ids of two threats' notes apart. */
const idsPerThreat = 32;

export function threatNotes({ seed, epochUs, historyUs, threats, written }: ThreatNotesOptions): ThreatNotes {
  function planOf(threat: number): readonly NotePlan[] {
    const createdUs = threats.createdUs(threat);
    return planNotes(seed, { record: threat, createdUs, goneUs: threats.timeline.goneUs(threat) }, historyUs);
  }

  /** The planned notes of a threat and the written ones, in the order of their creation. */
  function notesOf(threat: number): readonly Note[] {
    const planned = planOf(threat).map((plan, number): Note => ({ number, plan }));
    const own = written.of(threat);
    if (own.length === 0) return planned;
    const added = own.map(
      (note, index): Note => ({
        number: planned.length + index,
        plan: { createdUs: note.createdUs, editedUs: [], deletedUs: Number.POSITIVE_INFINITY },
        written: note,
      }),
    );
    return [...planned, ...added].sort((a, b) => a.plan.createdUs - b.plan.createdUs || a.number - b.number);
  }

  function of(threat: number): RecordSet {
    const plan = notesOf(threat);
    const noteAt = (note: number): Note => {
      const found = plan[note];
      if (found === undefined) throw new Error(`Threat ${threat} has no note number ${note}.`);
      return found;
    };
    const at = (note: number) => noteAt(note).plan;
    const numberOf = (note: number) => threat * idsPerThreat + noteAt(note).number;
    const timeline = new Timeline({
      epochUs,
      population: {
        createdUs: (note) => at(note).createdUs,
        leader: (note) => note,
        countAt: (us) => plan.filter((note) => note.plan.createdUs <= us).length,
      },
      plannedUs: (note) => [at(note).createdUs, ...at(note).editedUs],
      goneUs: (note) => at(note).deletedUs,
    });
    const id = (note: number) => recordId(at(note).createdUs, numberOf(note));
    return {
      timeline,
      id,
      find: (wanted) => findById(wanted, timeline.recordCount, id),
      createdUs: (note) => at(note).createdUs,
      siteId: () => threats.siteId(threat),
      accountId: () => threats.accountId(threat),
      groupId: () => threats.groupId(threat),
      body(row) {
        const { revisions } = timeline;
        const note = revisions.record(row);
        const own = noteAt(note).written;
        if (own !== undefined) return writtenNoteBody(id(note), own);
        return threatNoteBody({
          seed,
          id: id(note),
          number: numberOf(note),
          createdUs: at(note).createdUs,
          updatedUs: revisions.us(row),
          revision: revisions.step(row),
        });
      },
    };
  }

  const planned = noteChanges({ seed, threats, planOf });

  /** Written notes are announced when their deeds are, and are no part of what the world has planned. */
  function changesOfThreat(threat: number): readonly NoteChange[] {
    const usual = planned.ofThreat(threat);
    if (written.of(threat).length === 0) return usual;
    const notes = notesOf(threat);
    const place = (number: number) => notes.findIndex((note) => note.number === number);
    const own = notes.flatMap(({ written: note }, index): readonly NoteChange[] =>
      note === undefined ? [] : [{ kind: 'added', threat, note: index, edits: 0, us: note.announcedUs }],
    );
    return [...usual.map((change) => ({ ...change, note: place(change.note) })), ...own].sort(
      (a, b) => a.us - b.us,
    );
  }

  return {
    of,
    existAt: (threat, us) =>
      planOf(threat).some((note) => note.createdUs <= us && us < note.deletedUs) ||
      written.of(threat).some((note) => note.createdUs <= us),
    changes: { ...planned, ofThreat: changesOfThreat },
  };
}
