import { type AgentState, agentBody, agentState } from './agent-body.ts';
import { type AgentIdentity, agentIdentity } from './agent-identity.ts';
import type { AgentChange } from './deeds/agent-change.ts';
import type { Changes } from './deeds/changes.ts';
import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Organisation } from './organisation.ts';
import { population } from './population.ts';
import { draws, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { Timeline } from './timeline.ts';

export interface Agents extends RecordSet {
  /** Who a host is; also for numbers beyond the listed ones. */
  identity(record: number): AgentIdentity;
  state(row: number): AgentState;
  /** As if nobody had done anything to the host. */
  plannedState(row: number): AgentState;
}

export interface AgentsOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  readonly organisation: Organisation;
  /** What deeds made of hosts. */
  readonly deeds: Changes<AgentChange>;
}

/** Hosts were enrolled over so long before the history begins. */
const enrolmentUs = 400 * micros.day;
/** After the epoch a new host enrols every five minutes, and a known one changes every 15 seconds. */
const newHostEveryUs = 5 * micros.minute;
const touchEveryUs = 15 * micros.second;

export function agents(options: AgentsOptions): Agents {
  const { seed, epochUs, historyUs, count, organisation } = options;
  const hosts = population({
    seed,
    purpose: purpose.agentTiming,
    count,
    startUs: epochUs - historyUs - enrolmentUs,
    endUs: epochUs - historyUs,
    epochUs,
    newPerUs: count === 0 ? 0 : 1 / newHostEveryUs,
    burst: options.burst,
  });

  /** A host of the base is quiet until its first change in the history; later ones appear when they enrol. */
  function plannedUs(record: number): readonly number[] {
    const first = hosts.leader(record);
    if (first >= count) return [hosts.createdUs(record)];
    const draw = draws(seed, purpose.agentPlan, first);
    const times = new Set<number>();
    for (let changes = 1 + draw.below(4); changes > 0; changes--) {
      const exact = epochUs - historyUs + Math.floor(draw.next() * (historyUs - 1));
      times.add(draw.chance(0.1) ? exact - (exact % 1_000) : exact);
    }
    return [...times].sort((a, b) => a - b);
  }

  const timeline = new Timeline({
    epochUs,
    population: hosts,
    plannedUs,
    touches: {
      seed,
      purpose: purpose.agentTouch,
      mutationPurpose: purpose.agentMutation,
      everyUs: touchEveryUs,
    },
  });

  const identity = (record: number) => agentIdentity(seed, record, hosts.createdUs(record), organisation);
  const id = (record: number) => recordId(hosts.createdUs(record), record);
  const plannedState = (row: number) => {
    const { revisions } = timeline;
    const record = revisions.record(row);
    const last = record < count ? plannedUs(record).length - 1 : 0;
    return agentState(seed, {
      record,
      step: revisions.step(row),
      touches: revisions.touches(row),
      lastStep: last,
    });
  };
  const state = (row: number) => {
    const { revisions } = timeline;
    const planned = plannedState(row);
    const change = options.deeds.at(revisions.record(row), revisions.us(row));
    return change === undefined ? planned : { ...planned, ...change };
  };
  return {
    timeline,
    identity,
    state,
    plannedState,
    id,
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs: hosts.createdUs,
    siteId: (record) => organisation.homeOf(record).site.id,
    accountId: (record) => organisation.homeOf(record).site.account.id,
    groupId: (record) => organisation.homeOf(record).id,
    body: (row) =>
      agentBody(seed, identity(timeline.revisions.record(row)), state(row), timeline.revisions.us(row)),
  };
}
