import { micros } from './micro-time.ts';
import type { Population } from './population.ts';
import { Revisions } from './revisions.ts';
import { type TouchPlan, touchesBetween } from './touches.ts';

/** What a timeline is made from. All times in microseconds; all functions pure. */
export interface TimelinePlan {
  readonly epochUs: number;
  readonly population: Population;
  /**
   * The times of a record's planned revisions, strictly ascending. The first one makes it appear: at most a second
   * before its creation and not after it, except for records of the base, which may appear at any time before the epoch.
   */
  plannedUs(record: number): readonly number[];
  /** Changes that come on top of the planned ones after the epoch. Absent for records that never change. */
  readonly touches?: TouchPlan;
  /** From when on the console does not have the record any more; infinity where it stays. Absent where all of them do. */
  readonly goneUs?: (record: number) => number;
  /** From when on nothing touches the record any more; from when it is gone on where absent. */
  readonly restsFromUs?: (record: number) => number;
}

/** Records and touches are added in steps of this size, so that reading at two close times builds once. */
const stepUs = micros.hour;

/** A record appears at most so long before its creation, so records from behind the horizon may belong before it. */
const earlyUs = micros.second;

/**
 * All revisions of all records of one kind in the order of their times, as columns of numbers: what the console shows
 * at any time is then a binary search and a filter, and no body exists before somebody asks for it.
 */
export class Timeline {
  readonly #plan: TimelinePlan;
  #revisions = new Revisions();
  /** Everything up to here is in the columns. */
  #horizonUs: number;
  #records: number;
  #mutation: { readonly fromUs: number; toUs: number }[] = [];
  readonly #deeds: { readonly us: number; readonly record: number }[] = [];

  constructor(plan: TimelinePlan) {
    this.#plan = plan;
    this.#horizonUs = plan.epochUs;
    this.#records = plan.population.countAt(plan.epochUs + earlyUs);
    this.#addRecords(0, this.#records);
    this.#revisions.merge();
  }

  /** The columns. The row number of a time that has passed never changes: what is added later lies behind it. */
  get revisions(): Revisions {
    return this.#revisions;
  }

  /** Records that the columns know, whether visible by now or not. */
  get recordCount(): number {
    return this.#records;
  }

  /** From when on the record is not shown any more, microseconds. */
  goneUs(record: number): number {
    return this.#plan.goneUs?.(record) ?? Number.POSITIVE_INFINITY;
  }

  /** The row of the record's last revision at or before this time, -1 where it has none. */
  rowAt(record: number, us: number): number {
    this.advance(us);
    return this.#revisions.rowAt(record, us);
  }

  /** Makes sure that everything that happens up to this time is in the columns. */
  advance(us: number): void {
    if (us <= this.#horizonUs) return;
    const { epochUs, population } = this.#plan;
    const horizonUs = epochUs + Math.ceil((us - epochUs) / stepUs) * stepUs;
    const known = population.countAt(horizonUs + earlyUs);
    this.#addRecords(this.#records, known);
    this.#records = known;
    this.#addTouches(this.#horizonUs, horizonUs);
    this.#horizonUs = horizonUs;
    this.#revisions.merge();
  }

  /** From this time on records change fast, or no longer. What happened before stays as it is. */
  setMutation(on: boolean, atUs: number): void {
    const { touches } = this.#plan;
    const last = this.#mutation.at(-1);
    const isOn = last !== undefined && last.toUs === Number.POSITIVE_INFINITY;
    if (touches === undefined || isOn === on) return;
    this.advance(atUs);
    if (on) this.#mutation.push({ fromUs: atUs, toUs: Number.POSITIVE_INFINITY });
    else if (last !== undefined) last.toUs = atUs;
    this.#revisions.dropUnplannedAfter(atUs);
    // Deeds stay, also the ones whose places touches had taken.
    for (const { us, record } of this.#deeds) if (us > atUs) this.#revisions.add(us, record, 'deed');
    this.#addTouches(atUs, this.#horizonUs);
    this.#revisions.merge();
  }

  /**
   * Somebody did something to a known record at this time, which makes a revision of it with the next `settle`: two deeds of
   * one moment make one.
   */
  addDeed(us: number, record: number): void {
    this.#deeds.push({ us, record });
    this.#revisions.add(us, record, 'deed');
  }

  /** Puts the deeds in their places. It costs nothing where there are none. */
  settle(): void {
    if (this.#revisions.isWaiting) this.#revisions.merge();
  }

  /**
   * The population has got more records at or after this time, so that all later ones have other numbers. Only for records with
   * one revision each, their creation.
   */
  renumberFrom(us: number): void {
    const { population } = this.#plan;
    const known = population.countAt(this.#horizonUs + earlyUs);
    this.#revisions.dropFrom(us);
    this.#addRecords(Math.min(known, population.countAt(us - 1)), known);
    this.#records = known;
    this.#revisions.merge();
  }

  #addRecords(from: number, to: number): void {
    for (let record = from; record < to; record++) {
      for (const us of this.#plan.plannedUs(record)) this.#revisions.add(us, record, 'planned');
    }
  }

  #addTouches(afterUs: number, untilUs: number): void {
    const { touches, population, epochUs, restsFromUs } = this.#plan;
    if (touches === undefined) return;
    for (const { us, record } of touchesBetween(
      touches,
      population,
      epochUs,
      this.#mutation,
      afterUs,
      untilUs,
    )) {
      const endUs = restsFromUs?.(record) ?? this.goneUs(record);
      if (us < endUs) this.#revisions.add(us, record, 'touch');
    }
  }
}
