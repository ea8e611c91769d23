import type { Activities } from '../activities.ts';
import type { Agents } from '../agents.ts';
import { micros } from '../micro-time.ts';
import type { Organisation } from '../organisation.ts';
import type { AlertState } from '../star-alert-plan.ts';
import type { Threats } from '../threats.ts';
import { type Agenda, agenda } from './agenda.ts';
import type { AgentChange } from './agent-change.ts';
import { type AgentRoster, agentRoster } from './agent-roster.ts';
import { type AgentVerb, agentVerbTable } from './agent-verbs.ts';
import { Changes } from './changes.ts';
import { type DeedActivities, type DeedActivity, deedActivities } from './deed-activities.ts';
import { blocklisted, threatBlocklisted } from './deed-activity-types.ts';
import { type Restriction, type RestrictionFacts, type Restrictions, restrictions } from './restrictions.ts';
import type { ThreatChange } from './threat-change.ts';
import { type ThreatDeeds, threatDeeds } from './threat-deeds.ts';
import { type DeedTiming, timingWith, usualTiming } from './timing.ts';
import type { User } from './user.ts';
import { type WrittenNotes, writtenNotes } from './written-notes.ts';

/** Where it is kept what users have done, for the kinds of records that show it. */
export interface DeedTraces {
  readonly agenda: Agenda;
  readonly agents: Changes<AgentChange>;
  readonly threats: Changes<ThreatChange>;
  readonly alerts: Changes<AlertState>;
  readonly notes: WrittenNotes;
  readonly activities: DeedActivities;
}

export function deedTraces(): DeedTraces {
  const plans = agenda();
  return {
    agenda: plans,
    agents: new Changes(),
    threats: new Changes(),
    alerts: new Changes(),
    notes: writtenNotes(),
    activities: deedActivities(plans),
  };
}

/**
 * What users of the console do to the world, and what comes of it: all that they have set off happens when the time is asked
 * for, in the order of its times, so it does not depend on who looks when. All times in microseconds.
 */
export interface Deeds {
  readonly timing: DeedTiming;
  /** For what begins from now on. Throws for what is no length of time. */
  setTiming(changes: Partial<DeedTiming>): void;
  /** Lets everything happen up to this time, and shows it; to be called before anybody looks, and after every deed. */
  advance(us: number): void;
  /** Gives a command to a listed host; false where the console does not take it. */
  command(verb: AgentVerb, agent: number, us: number, user: User): boolean;
  /** From this time on the host is online, or no longer. */
  setOnline(agent: number, us: number, isOnline: boolean): void;
  /** The next disconnection of the host from the network ends without success. */
  failNextDisconnect(agent: number, us: number): void;
  readonly threats: ThreatDeeds;
  /** Sets what is said about an alert from now on; false where it is so already. */
  judgeAlert(alert: number, before: AlertState, change: Partial<AlertState>, us: number): boolean;
  readonly restrictions: Pick<Restrictions, 'all' | 'isKnown' | 'same' | 'remove'>;
  /** @param threat the one that was taken as the reason */
  restrict(us: number, user: User, facts: RestrictionFacts, threat?: number): Restriction;
}

export interface DeedsOptions {
  readonly traces: DeedTraces;
  readonly agents: Agents;
  readonly threats: Threats;
  readonly activities: Activities;
  readonly timing: Partial<DeedTiming>;
  readonly organisation: Organisation;
}

export function deeds(options: DeedsOptions): Deeds {
  const { traces, agents, threats, activities, organisation } = options;
  let timing = timingWith(usualTiming, options.timing);
  const roster: AgentRoster = agentRoster({
    agents,
    changes: traces.agents,
    agenda: traces.agenda,
    timing: () => timing,
  });
  const list = restrictions();

  function tell(us: number, activity: DeedActivity): void {
    traces.activities.publish(us + timing.activityDelayMs * micros.millisecond, activity);
  }

  function tellOfRestriction(
    us: number,
    user: User,
    { type, scope, ...facts }: RestrictionFacts,
    threat?: number,
  ) {
    if (type !== 'black_hash') return;
    const data = () => ({ fileContentHash: facts.value, osFamily: facts.osType });
    if (threat !== undefined) return tell(us, { type: threatBlocklisted, user, data, threat });
    const account = organisation.accounts.find(({ id }) => id === scope.accountId);
    const group = organisation.groups.find(({ id }) => id === scope.id);
    tell(us, {
      type: blocklisted,
      user,
      data,
      scope: { account, ...(group === undefined ? {} : { group }) },
    });
  }

  return {
    get timing() {
      return timing;
    },
    setTiming(changes) {
      timing = timingWith(timing, changes);
    },
    advance(us) {
      roster.wake(us);
      traces.agenda.runUntil(us);
      agents.timeline.settle();
      threats.timeline.settle();
      const firstNewUs = traces.activities.takeFirstNewUs();
      if (firstNewUs !== undefined) activities.timeline.renumberFrom(firstNewUs);
    },
    command(verb, agent, us, user) {
      const { isWanted, carryOut } = agentVerbTable[verb];
      const has = roster.known(agent)?.life.has ?? (() => false);
      const isPossible =
        roster.isInService(agent, us) && isWanted(roster.state(agent, us), agents.identity(agent), has);
      if (isPossible) carryOut({ agent: roster.commanded(agent, us), us, user, tell });
      return isPossible;
    },
    setOnline(agent, us, isOnline) {
      traces.agenda.add(us, (atUs) => roster.setOnline(agent, atUs, isOnline));
    },
    failNextDisconnect(agent, us) {
      roster.commanded(agent, us).doesNextDisconnectFail = true;
    },
    threats: threatDeeds({
      threats,
      changes: traces.threats,
      notes: traces.notes,
      roster,
      hasAgent: (record, us) => agents.timeline.rowAt(record, us) >= 0,
      timing: () => timing,
      tell,
    }),
    judgeAlert(alert, before, change, us) {
      const after = { ...before, ...change };
      if (after.incidentStatus === before.incidentStatus && after.analystVerdict === before.analystVerdict)
        return false;
      traces.alerts.add(alert, us, { ...after, sinceUs: us });
      return true;
    },
    restrictions: list,
    restrict(us, user, facts, threat) {
      tellOfRestriction(us, user, facts, threat);
      return list.add(us, user, facts);
    },
  };
}
