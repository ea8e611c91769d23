import { activityBody } from './activity-body.ts';
import { activityTypes } from './activity-types.ts';
import type { Agents } from './agents.ts';
import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Group, Organisation } from './organisation.ts';
import { population } from './population.ts';
import { draws, hash, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import type { Threats } from './threats.ts';
import { Timeline } from './timeline.ts';

export interface Activities extends RecordSet {
  activityType(record: number): number;
}

export interface ActivitiesOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  readonly organisation: Organisation;
  readonly agents: Agents;
  readonly threats: Threats;
  readonly hostCount: number;
}

/** After the epoch somebody does something every ten seconds. */
const everyUs = 10 * micros.second;

/** Activities never change: their only revision is their creation, and `createdAt` is what they are read by. */
export function activities(options: ActivitiesOptions): Activities {
  const { seed, epochUs, count, organisation, agents, threats } = options;
  const hostCount = Math.max(1, options.hostCount);
  const events = population({
    seed,
    purpose: purpose.activityTiming,
    count,
    startUs: epochUs - options.historyUs,
    endUs: epochUs,
    epochUs,
    newPerUs: count === 0 ? 0 : 1 / everyUs,
    burst: options.burst,
  });
  const timeline = new Timeline({
    epochUs,
    population: events,
    plannedUs: (record) => [events.createdUs(record)],
  });
  const id = (record: number) => recordId(events.createdUs(record), record);
  const typeOf = (record: number) => draws(seed, purpose.activityBody, record).pick(activityTypes);

  /** The newest threat at the time, or one shortly before it; -1 before the first one. */
  function threatOf(record: number): number {
    const known = threats.countAt(events.createdUs(record));
    return known === 0 ? -1 : Math.max(0, known - 1 - (hash(seed, purpose.activityBody, record, 2) % 20));
  }

  /** Where it happened: undefined for what concerns the whole account. */
  function groupOf(record: number): Group | undefined {
    const type = typeOf(record);
    if (type.subject === 'account') return undefined;
    const threat = threatOf(record);
    if (type.subject === 'threat' && threat >= 0) return threats.host(threat).group;
    return organisation.homeOf(hash(seed, purpose.activityBody, record, 3) % hostCount);
  }

  const accountOf = (record: number) =>
    groupOf(record)?.site.account ??
    organisation.accounts[hash(seed, purpose.activityBody, record, 4) % organisation.accounts.length];

  return {
    timeline,
    id,
    activityType: (record) => typeOf(record).id,
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs: events.createdUs,
    siteId: (record) => groupOf(record)?.site.id ?? null,
    accountId: (record) => accountOf(record)?.id ?? null,
    groupId: (record) => groupOf(record)?.id ?? null,
    body(row) {
      const record = timeline.revisions.record(row);
      const type = typeOf(record);
      const threat = type.subject === 'threat' ? threatOf(record) : -1;
      const host =
        threat >= 0
          ? threats.host(threat)
          : agents.identity(hash(seed, purpose.activityBody, record, 3) % hostCount);
      return activityBody({
        seed,
        record,
        type,
        id: id(record),
        createdUs: timeline.revisions.us(row),
        account: accountOf(record),
        group: groupOf(record),
        host: type.subject === 'account' ? undefined : host,
        threat: threat >= 0 ? { id: threats.id(threat), file: threats.file(threat) } : undefined,
      });
    },
  };
}
