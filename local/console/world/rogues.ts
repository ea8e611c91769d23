import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Organisation } from './organisation.ts';
import { population } from './population.ts';
import { draws, hash, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { type RogueKind, rogueBody, rogueKind } from './rogue-body.ts';
import { Timeline } from './timeline.ts';

/** Hosts without an agent, seen by agents in their networks. */
export interface Rogues extends RecordSet {
  kind(record: number): RogueKind;
}

export interface RoguesOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  readonly organisation: Organisation;
}

/** The first ones were seen so long before the history begins. */
const discoveryUs = 400 * micros.day;
const newEveryUs = 10 * micros.minute;
/** After the epoch each of them is seen so often, on average. */
const seenEveryUs = 10 * micros.minute;
/** Sightings of one of the base in the history. */
const mostSightings = 24;

/** A rogue's revisions are its sightings: `lastSeen` is all that tells them apart, and it moves all day. */
export function rogues(options: RoguesOptions): Rogues {
  const { seed, epochUs, historyUs, count, organisation } = options;
  const hosts = population({
    seed,
    purpose: purpose.rogueTiming,
    count,
    startUs: epochUs - historyUs - discoveryUs,
    endUs: epochUs - historyUs,
    epochUs,
    newPerUs: count === 0 ? 0 : 1 / newEveryUs,
    burst: options.burst,
  });

  /** One of the base comes up with its first sighting in the history; later ones when they are found. */
  function plannedUs(record: number): readonly number[] {
    const first = hosts.leader(record);
    if (first >= count) return [hosts.createdUs(record)];
    const draw = draws(seed, purpose.roguePlan, first);
    const times = new Set<number>();
    for (let left = 1 + draw.below(mostSightings); left > 0; left--) {
      const exact = epochUs - historyUs + Math.floor(draw.next() * (historyUs - 1));
      times.add(draw.chance(0.3) ? exact - (exact % micros.second) : exact);
    }
    return [...times].sort((a, b) => a - b);
  }

  const timeline = new Timeline({
    epochUs,
    population: hosts,
    plannedUs,
    touches: {
      seed,
      purpose: purpose.rogueTouch,
      mutationPurpose: purpose.rogueMutation,
      everyUs: Math.max(micros.second, Math.floor(seenEveryUs / Math.max(1, count))),
    },
  });
  const id = (record: number) => recordId(hosts.createdUs(record), record);
  const home = (record: number) => organisation.homeOf(hash(seed, purpose.rogueBody, record, 1) % 100_000);
  return {
    timeline,
    id,
    kind: (record) => rogueKind(seed, record),
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs: hosts.createdUs,
    siteId: (record) => home(record).site.id,
    accountId: (record) => home(record).site.account.id,
    groupId: (record) => home(record).id,
    body(row) {
      const { revisions } = timeline;
      const record = revisions.record(row);
      return rogueBody({
        seed,
        record,
        id: id(record),
        firstSeenUs: hosts.createdUs(record),
        lastSeenUs: revisions.us(row),
        sighting: revisions.step(row) + revisions.touches(row),
      });
    },
  };
}
