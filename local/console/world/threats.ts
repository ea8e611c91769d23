import type { AgentIdentity } from './agent-identity.ts';
import type { Agents } from './agents.ts';
import type { Changes } from './deeds/changes.ts';
import type { ThreatChange } from './deeds/threat-change.ts';
import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Organisation } from './organisation.ts';
import { population } from './population.ts';
import { hash, purpose, unit } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { threatBody } from './threat-body.ts';
import { type DetectedFile, detectedFile } from './threat-file.ts';
import { planThreat, type ThreatState, threatState } from './threat-state.ts';
import { Timeline } from './timeline.ts';

export interface Threats extends RecordSet {
  state(row: number): ThreatState;
  /** The host on which the threat was found. */
  host(record: number): AgentIdentity;
  file(record: number): DetectedFile;
  /** How many threats exist at a time in microseconds. */
  countAt(us: number): number;
}

export interface ThreatsOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  /** A body has at least so many bytes. */
  readonly bytes: number;
  readonly organisation: Organisation;
  readonly agents: Agents;
  /** Threats are found on the hosts of the base. */
  readonly hostCount: number;
  /** One threat in so many is deleted; 0 for none. */
  readonly deletedOneIn: number;
  /** What deeds made of threats. */
  readonly deeds: Changes<ThreatChange>;
}

/** After the epoch: a tenth of the rate before it, but two a minute at least and thirty at most. */
const leastPerUs = 2 / micros.minute;
const mostPerUs = 30 / micros.minute;
const touchEveryUs = 20 * micros.second;
/** A threat is deleted so long after it was found, or after the epoch, whichever is later. */
const leastKeptUs = 10 * micros.minute;
const mostKeptUs = 6 * micros.hour;

export function threats(options: ThreatsOptions): Threats {
  const { seed, epochUs, historyUs, count, organisation, agents } = options;
  const hostCount = Math.max(1, options.hostCount);
  const detections = population({
    seed,
    purpose: purpose.threatTiming,
    count,
    startUs: epochUs - historyUs,
    endUs: epochUs,
    epochUs,
    newPerUs: count === 0 ? 0 : Math.min(mostPerUs, Math.max(leastPerUs, count / historyUs / 10)),
    burst: options.burst,
  });
  const plan = (record: number) => {
    const leader = detections.leader(record);
    return planThreat(seed, leader, detections.createdUs(leader), historyUs);
  };
  function goneUs(record: number): number {
    const { deletedOneIn } = options;
    if (deletedOneIn === 0 || hash(seed, purpose.threatDeletion, record) % deletedOneIn !== 0)
      return Number.POSITIVE_INFINITY;
    const keptUs = Math.min(mostKeptUs, historyUs);
    const from = Math.max(detections.createdUs(record), epochUs) + leastKeptUs;
    return from + Math.floor(unit(seed, purpose.threatDeletion, record, 1) * keptUs);
  }

  const timeline = new Timeline({
    epochUs,
    population: detections,
    plannedUs: (record) => plan(record).map((planned) => planned.us),
    goneUs,
    touches: {
      seed,
      purpose: purpose.threatTouch,
      mutationPurpose: purpose.threatMutation,
      everyUs: touchEveryUs,
    },
  });

  const hostNumber = (record: number) => hash(seed, purpose.threatHost, record) % hostCount;
  const home = (record: number) => organisation.homeOf(hostNumber(record));
  const host = (record: number) => agents.identity(hostNumber(record));
  const file = (record: number) => detectedFile(seed, record);
  const id = (record: number) => recordId(detections.createdUs(record), record);
  const state = (row: number) => {
    const { revisions } = timeline;
    const record = revisions.record(row);
    const planned = threatState(seed, record, plan(record), revisions.step(row), revisions.touches(row));
    const change = options.deeds.at(record, revisions.us(row));
    return change === undefined ? planned : { ...planned, ...change };
  };
  return {
    timeline,
    state,
    host,
    file,
    id,
    countAt: detections.countAt,
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs: detections.createdUs,
    siteId: (record) => home(record).site.id,
    accountId: (record) => home(record).site.account.id,
    groupId: (record) => home(record).id,
    body(row) {
      const { revisions } = timeline;
      const record = revisions.record(row);
      return threatBody({
        seed,
        record,
        id: id(record),
        createdUs: detections.createdUs(record),
        updatedUs: revisions.us(row),
        revision: revisions.step(row) * 65_536 + revisions.touches(row),
        state: state(row),
        host: host(record),
        file: file(record),
        bytes: options.bytes,
      });
    },
  };
}
