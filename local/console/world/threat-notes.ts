import { findById, recordId } from './ids.ts';
import type { RecordSet } from './record-set.ts';
import { threatNoteBody } from './threat-note-body.ts';
import { type NoteChanges, noteChanges } from './threat-note-changes.ts';
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
}

/** More than any threat has notes: tells the ids of two threats' notes apart. */
const idsPerThreat = 32;

export function threatNotes({ seed, epochUs, historyUs, threats }: ThreatNotesOptions): ThreatNotes {
  function planOf(threat: number): readonly NotePlan[] {
    const createdUs = threats.createdUs(threat);
    return planNotes(seed, { record: threat, createdUs, goneUs: threats.timeline.goneUs(threat) }, historyUs);
  }

  function of(threat: number): RecordSet {
    const plan = planOf(threat);
    const at = (note: number): NotePlan => {
      const planned = plan[note];
      if (planned === undefined) throw new Error(`Threat ${threat} has no note number ${note}.`);
      return planned;
    };
    const timeline = new Timeline({
      epochUs,
      population: {
        createdUs: (note) => at(note).createdUs,
        leader: (note) => note,
        countAt: (us) => plan.filter((note) => note.createdUs <= us).length,
      },
      plannedUs: (note) => [at(note).createdUs, ...at(note).editedUs],
      goneUs: (note) => at(note).deletedUs,
    });
    const id = (note: number) => recordId(at(note).createdUs, threat * idsPerThreat + note);
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
        return threatNoteBody({
          seed,
          id: id(note),
          number: threat * idsPerThreat + note,
          createdUs: at(note).createdUs,
          updatedUs: revisions.us(row),
          revision: revisions.step(row),
        });
      },
    };
  }

  return {
    of,
    existAt: (threat, us) => planOf(threat).some((note) => note.createdUs <= us && us < note.deletedUs),
    changes: noteChanges({ seed, threats, planOf }),
  };
}
