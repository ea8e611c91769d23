import type { AgentIdentity } from './agent-identity.ts';
import type { Agents } from './agents.ts';
import { micros } from './micro-time.ts';
import type { Organisation } from './organisation.ts';
import { population } from './population.ts';
import { draws, hash, purpose, unit } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { Timeline } from './timeline.ts';
import { unifiedAlertBody } from './unified-alert-body.ts';
import { type UnifiedAlertState, unifiedAlertState } from './unified-alert-state.ts';
import {
  type AlertOrigin,
  alertOrigins,
  classifications,
  type confidenceLevels,
  severities,
} from './unified-alert-vocabulary.ts';

/** What an alert keeps through all its revisions. */
export interface UnifiedAlertFacts {
  readonly origin: AlertOrigin;
  readonly name: string;
  readonly severity: (typeof severities)[number];
  readonly classification: (typeof classifications)[number];
  readonly confidenceLevel: (typeof confidenceLevels)[number] | null;
  readonly externalId: string;
  /** Microseconds, whole milliseconds. */
  readonly detectedUs: number;
  readonly firstSeenUs: number | null;
}

/** Alerts of all sources. All times that they tell are whole milliseconds. */
export interface UnifiedAlerts extends RecordSet {
  facts(record: number): UnifiedAlertFacts;
  host(record: number): AgentIdentity;
  state(row: number): UnifiedAlertState;
  /** `updatedAt`, microseconds; null where nobody has touched the alert yet. */
  updatedUs(row: number): number | null;
  lastSeenUs(row: number): number;
}

export interface UnifiedAlertsOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  readonly organisation: Organisation;
  readonly agents: Agents;
  readonly hostCount: number;
}

/** After the epoch: an alert a minute, and every half minute somebody works on one. */
const newPerUs = 1 / micros.minute;
const touchEveryUs = 30 * micros.second;
/** What nobody has touched has no `updatedAt`, in so many cases. */
const untouchedShare = 0.4;
/** Some were detected long before the console heard of them, by agents that were offline. */
const offlineShare = 0.1;
const mostOfflineUs = 20 * micros.hour;
const mostPromptUs = 5 * micros.second;

export function unifiedAlerts(options: UnifiedAlertsOptions): UnifiedAlerts {
  const { seed, epochUs, historyUs, count, organisation, agents } = options;
  const hostCount = Math.max(1, options.hostCount);
  const raised = population({
    seed,
    purpose: purpose.unifiedAlertTiming,
    count,
    startUs: epochUs - historyUs,
    endUs: epochUs,
    epochUs,
    newPerUs: count === 0 ? 0 : newPerUs,
    burst: options.burst,
  });
  const createdUs = (record: number) => wholeMilliseconds(raised.createdUs(record));

  const timeline = new Timeline({
    epochUs,
    population: { ...raised, createdUs },
    plannedUs(record) {
      const draw = draws(seed, purpose.unifiedAlertPlan, raised.leader(record));
      const times = [createdUs(record)];
      for (let changes = draw.below(4); changes > 0; changes--) {
        const before = times.at(-1) ?? 0;
        times.push(wholeMilliseconds(before + micros.second + draw.below(Math.ceil(historyUs / 4))));
      }
      return times;
    },
    touches: {
      seed,
      purpose: purpose.unifiedAlertTouch,
      mutationPurpose: purpose.unifiedAlertMutation,
      everyUs: touchEveryUs,
    },
  });

  const hostNumber = (record: number) => hash(seed, purpose.unifiedAlertBody, record, 1) % hostCount;
  const host = (record: number) => agents.identity(hostNumber(record));
  const home = (record: number) => organisation.homeOf(hostNumber(record));
  const changes = (row: number) => timeline.revisions.step(row) + timeline.revisions.touches(row);
  const mayBeUntouched = (record: number) =>
    unit(seed, purpose.unifiedAlertPlan, raised.leader(record), 2) < untouchedShare;

  function detectedUs(record: number): number {
    const [chance, share] = [3, 4].map((salt) => unit(seed, purpose.unifiedAlertPlan, record, salt));
    const isOffline = (chance ?? 1) < offlineShare;
    return wholeMilliseconds(createdUs(record) - (share ?? 0) * (isOffline ? mostOfflineUs : mostPromptUs));
  }

  function facts(record: number): UnifiedAlertFacts {
    const draw = draws(seed, purpose.unifiedAlertBody, record, 2);
    const origin = draw.pick(origins);
    const confidence = draw.next();
    return {
      origin,
      name: draw.pick(origin.names),
      severity: draw.pick(severities),
      classification: draw.pick(classifications),
      confidenceLevel:
        confidence < 0.04
          ? 'INFORMATIONAL'
          : confidence < 0.3
            ? null
            : draw.pick(['MALICIOUS', 'SUSPICIOUS'] as const),
      externalId: String(1_000_000_000_000_000_000n + BigInt(Math.floor(createdUs(record))) * 113n),
      detectedUs: detectedUs(record),
      firstSeenUs: draw.chance(0.05) ? null : detectedUs(record) - draw.below(3) * micros.hour,
    };
  }

  function updatedUs(row: number): number | null {
    const isUntouched = changes(row) === 0 && mayBeUntouched(timeline.revisions.record(row));
    return isUntouched ? null : wholeMilliseconds(timeline.revisions.us(row));
  }

  function lastSeenUs(row: number): number {
    const record = timeline.revisions.record(row);
    const isSeenAgain = changes(row) > 0 && hash(seed, purpose.unifiedAlertPlan, record, 5) % 3 === 0;
    return isSeenAgain ? wholeMilliseconds(timeline.revisions.us(row)) - micros.second : detectedUs(record);
  }

  const id = (record: number) => uuid(seed, createdUs(record), record);
  const state = (row: number) => unifiedAlertState(seed, timeline.revisions.record(row), changes(row));
  return {
    timeline,
    facts,
    host,
    state,
    updatedUs,
    lastSeenUs,
    id,
    find(wanted) {
      const record = Number.parseInt(wanted.slice(-8), 16) - (seed % 0x100);
      return record >= 0 && record < timeline.recordCount && id(record) === wanted ? record : -1;
    },
    createdUs,
    siteId: (record) => home(record).site.id,
    accountId: (record) => home(record).site.account.id,
    groupId: (record) => home(record).id,
    body(row) {
      const record = timeline.revisions.record(row);
      return unifiedAlertBody({
        seed,
        record,
        id: id(record),
        createdUs: createdUs(record),
        updatedUs: updatedUs(row),
        lastSeenUs: lastSeenUs(row),
        facts: facts(record),
        state: state(row),
        host: host(record),
      });
    },
  };
}

/** Every origin as often as its share says, so that one pick is enough. */
const origins = alertOrigins.flatMap((origin) => Array.from({ length: origin.share }, () => origin));

function wholeMilliseconds(us: number): number {
  return Math.floor(us / micros.millisecond) * micros.millisecond;
}

/** A UUID of version 7: the time of the making, some chance, and the record's number. */
function uuid(seed: number, us: number, record: number): string {
  const time = Math.floor(us / micros.millisecond)
    .toString(16)
    .padStart(12, '0');
  const chance = draws(seed, purpose.unifiedAlertBody, record).hex(10);
  const number = (record + (seed % 0x100)).toString(16).padStart(8, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-9${chance.slice(3, 6)}-${chance.slice(6)}${number}`;
}
