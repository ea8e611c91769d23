import type { AgentIdentity } from './agent-identity.ts';
import type { Agents } from './agents.ts';
import type { Changes } from './deeds/changes.ts';
import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Organisation } from './organisation.ts';
import { population } from './population.ts';
import { draws, hash, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { starAlertBody } from './star-alert-body.ts';
import { type AlertState, planAlert } from './star-alert-plan.ts';
import { type StarRule, starRules } from './star-alert-vocabulary.ts';
import { Timeline } from './timeline.ts';

/** The alerts of custom rules as they are at one moment. */
export interface StarAlerts extends RecordSet {
  rule(record: number): StarRule;
  /** When it happened on the endpoint, microseconds: up to many hours before the report. */
  eventUs(record: number): number;
  /** At this moment. */
  state(record: number): AlertState;
  /** All states up to this moment, the report's first. */
  statesUntilNow(record: number): readonly AlertState[];
}

export interface StarAlertsOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  readonly organisation: Organisation;
  readonly agents: Agents;
  readonly hostCount: number;
  /** What users made of alerts: the states that they set. */
  readonly deeds: Changes<AlertState>;
}

/** After the epoch: a tenth of the rate before it, but one a minute at least and ten at most. */
const leastPerUs = 1 / micros.minute;
const mostPerUs = 10 / micros.minute;

/**
 * An alert has one revision only, its report, by whose time it is read. What analysts do to it later moves no time stamp: so
 * there is a set of alerts for every moment, in microseconds.
 */
export function starAlerts(options: StarAlertsOptions): (nowUs: number) => StarAlerts {
  const { seed, epochUs, historyUs, count, organisation, agents } = options;
  const hostCount = Math.max(1, options.hostCount);
  const reports = population({
    seed,
    purpose: purpose.starAlertTiming,
    count,
    startUs: epochUs - historyUs,
    endUs: epochUs,
    epochUs,
    newPerUs: count === 0 ? 0 : Math.min(mostPerUs, Math.max(leastPerUs, count / historyUs / 10)),
    burst: options.burst,
  });
  const timeline = new Timeline({
    epochUs,
    population: reports,
    plannedUs: (record) => [reports.createdUs(record)],
  });
  const hostNumber = (record: number) => hash(seed, purpose.starAlertBody, record, 2) % hostCount;
  const host = (record: number): AgentIdentity => agents.identity(hostNumber(record));
  const home = (record: number) => organisation.homeOf(hostNumber(record));
  const id = (record: number) => recordId(reports.createdUs(record), record);
  const rule = (record: number) => draws(seed, purpose.starAlertBody, record).pick(starRules);
  const eventUs = (record: number) => reports.createdUs(record) - delayUs(seed, record);

  return (nowUs) => {
    function statesUntilNow(record: number): readonly AlertState[] {
      const planned = planAlert(seed, record, reports.createdUs(record), historyUs);
      const set = options.deeds.of(record);
      // From the first deed on, what analysts had planned is overtaken.
      const untilUs = set[0]?.sinceUs ?? Number.POSITIVE_INFINITY;
      const states = [...planned.filter(({ sinceUs }, index) => index === 0 || sinceUs < untilUs), ...set];
      return states.filter(({ sinceUs }, index) => index === 0 || sinceUs <= nowUs);
    }
    function state(record: number): AlertState {
      const last = statesUntilNow(record).at(-1);
      if (last === undefined) throw new Error(`Alert ${record} has no state.`);
      return last;
    }
    return {
      timeline,
      id,
      rule,
      eventUs,
      state,
      statesUntilNow,
      find: (wanted) => findById(wanted, timeline.recordCount, id),
      createdUs: reports.createdUs,
      siteId: (record) => home(record).site.id,
      accountId: (record) => home(record).site.account.id,
      groupId: (record) => home(record).id,
      body(row) {
        const record = timeline.revisions.record(row);
        return starAlertBody({
          seed,
          record,
          id: id(record),
          reportedUs: reports.createdUs(record),
          createdUs: eventUs(record),
          rule: rule(record),
          host: host(record),
          state: state(record),
        });
      },
    };
  };
}

/** Mostly a fraction of a second, or some seconds; minutes or hours where the endpoint was offline. */
function delayUs(seed: number, record: number): number {
  const draw = draws(seed, purpose.starAlertBody, record, 3);
  const form = draw.next();
  if (form < 0.6) return 10_000 + draw.below(300_000);
  if (form < 0.85) return 4 * micros.second + draw.below(2_000_000);
  return form < 0.95 ? draw.below(50) * micros.minute + 7 : draw.below(30 * 60) * micros.minute + 11;
}
