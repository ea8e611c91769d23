import { type AgentState, isDecommissioned, isUninstalled, usualScanTimes } from '../agent-body.ts';
import type { AgentIdentity } from '../agent-identity.ts';
import type { Agents } from '../agents.ts';
import type { Agenda } from './agenda.ts';
import type { AgentChange } from './agent-change.ts';
import { type AgentLife, agentLife } from './agent-life.ts';
import type { Changes } from './changes.ts';
import type { DeedTiming } from './timing.ts';

/** A host that somebody has done something to, or has taken control of. All times in microseconds. */
export interface CommandedAgent {
  readonly record: number;
  readonly identity: AgentIdentity;
  readonly life: AgentLife;
  /** As it is after all that has happened so far. */
  readonly state: AgentState;
  /** The next disconnection from the network ends without success. */
  doesNextDisconnectFail: boolean;
  /** Makes a revision of the host in which this is so, and stays so. */
  change(us: number, change: AgentChange): void;
}

/** The hosts that commands go to. All times in microseconds. */
export interface AgentRoster {
  /**
   * Of a listed host, from now on under command: what commands can change stays as it is until one does, whatever the world had
   * planned, and an online host stays online unless somebody says otherwise.
   */
  commanded(record: number, us: number): CommandedAgent;
  /** Undefined for a host that nobody has done anything to. */
  known(record: number): CommandedAgent | undefined;
  /** As it is at this time, which has passed. */
  state(record: number, us: number): AgentState;
  /** True for a host that still takes commands. */
  isInService(record: number, us: number): boolean;
  /** From this time on, whatever the world had planned. */
  setOnline(record: number, us: number, isOnline: boolean): void;
  /** Puts on the agenda which of the hosts that are waited for come online by themselves up to this time. */
  wake(us: number): void;
}

export interface AgentRosterOptions {
  readonly agents: Agents;
  readonly changes: Changes<AgentChange>;
  readonly agenda: Agenda;
  readonly timing: () => DeedTiming;
}

export function agentRoster({ agents, changes, agenda, timing }: AgentRosterOptions): AgentRoster {
  const { revisions } = agents.timeline;
  const all = new Map<number, CommandedAgent>();
  /** Hosts that were offline when they got their first command, with the time up to which that is known to be so. */
  const awaited = new Map<number, number>();

  function plannedState(record: number, us: number): AgentState {
    const row = agents.timeline.rowAt(record, us);
    if (row < 0) throw new Error(`There is no host ${record} at ${us}.`);
    return agents.plannedState(row);
  }

  function state(record: number, us: number): AgentState {
    return { ...plannedState(record, us), ...changes.at(record, us) };
  }

  function commanded(record: number, us: number): CommandedAgent {
    const known = all.get(record);
    if (known !== undefined) return known;
    let current = state(record, us);
    const { networkStatus, scan, isOnline: isOnlineNow } = current;
    let changed: AgentChange = {
      networkStatus,
      scan,
      scanTimes: usualScanTimes(current, revisions.us(agents.timeline.rowAt(record, us))),
      ...(isOnlineNow ? { isOnline: true } : {}),
    };
    const agent: CommandedAgent = {
      record,
      identity: agents.identity(record),
      doesNextDisconnectFail: false,
      life: agentLife({
        agenda,
        timing,
        isOnline: isOnlineNow,
        onReachable: (atUs, isOnline) => agent.change(atUs, { isOnline }),
      }),
      get state() {
        return current;
      },
      change(atUs, change) {
        current = { ...current, ...change };
        changed = { ...changed, ...change };
        changes.add(record, atUs, changed);
        agents.timeline.addDeed(atUs, record);
      },
    };
    all.set(record, agent);
    // No revision of its own: nothing is different yet.
    changes.add(record, us, changed);
    if (!isOnlineNow) awaited.set(record, us);
    return agent;
  }

  /** The first time in (afterUs, untilUs] at which the world has planned the host to be online. */
  function plannedOnlineUs(record: number, afterUs: number, untilUs: number): number | undefined {
    for (
      let row = revisions.first(record);
      row >= 0 && revisions.us(row) <= untilUs;
      row = revisions.next(row)
    ) {
      if (revisions.us(row) > afterUs && agents.plannedState(row).isOnline) return revisions.us(row);
    }
    return undefined;
  }

  function setOnline(record: number, us: number, isOnline: boolean): void {
    const { life } = commanded(record, us);
    awaited.delete(record);
    life.setOnline(us, isOnline);
  }

  return {
    commanded,
    state,
    setOnline,
    known: (record) => all.get(record),
    isInService(record, us) {
      const now = state(record, us);
      const identity = agents.identity(record);
      return !isDecommissioned(identity, now) && !isUninstalled(identity, now);
    },
    wake(us) {
      if (awaited.size === 0) return;
      agents.timeline.advance(us);
      for (const [record, knownUs] of awaited) {
        if (us <= knownUs) continue;
        const onlineUs = plannedOnlineUs(record, knownUs, us);
        awaited.set(record, us);
        if (onlineUs === undefined) continue;
        agenda.add(onlineUs, () => {
          // Somebody may have taken control in the meantime.
          if (awaited.has(record)) setOnline(record, onlineUs, true);
        });
      }
    },
  };
}
