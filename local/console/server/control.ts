import {
  type MitigationResult,
  mitigationResults,
  type SkipReason,
  skipReasons,
} from '../world/deeds/mitigation.ts';
import { type DeedTiming, usualTiming } from '../world/deeds/timing.ts';
import { micros, parseMicros } from '../world/micro-time.ts';
import type { RecordSet } from '../world/record-set.ts';
import type { World } from '../world/world.ts';

/** What is made of hosts, besides what commands make of them. */
export interface AgentControl {
  /**
   * Online or offline from `atMs` on, whatever the world had planned. One that goes offline in the middle of a command keeps it,
   * and begins anew when it is back.
   */
  readonly online?: boolean;
  /** Epoch milliseconds, now where absent; any number of times may be set one after the other. */
  readonly atMs?: number;
  /** The next time that it is to be cut off from the network it fails. */
  readonly nextDisconnect?: 'failed';
}

/** How the next mitigation of a threat ends, or why it is not begun. */
export type NextMitigationControl = MitigationResult | SkipReason;

/** What a test or a person decides for the simulated hosts. The methods throw Error for ids that the console does not list. */
export interface ConsoleControl {
  setAgents(ids: readonly string[], control: AgentControl): void;
  setNextMitigation(threatIds: readonly string[], next: NextMitigationControl): void;
  /** For what begins from now on. Throws Error for what is no length of time. */
  setDeedTiming(changes: Partial<DeedTiming>): void;
}

/** @param now the console's time, epoch milliseconds */
export function consoleControl(world: World, now: () => number): ConsoleControl {
  const { deeds } = world;

  /** The numbers of listed records. */
  function numbersOf(records: RecordSet, ids: readonly string[]): readonly number[] {
    const shown = world.shown(records, now());
    return ids.map((id) => {
      const record = /^\d{1,20}$/.test(id) ? records.find(id) : -1;
      if (record < 0 || shown.rowOf(record) < 0) throw new Error(`ids: the console lists no ${id}.`);
      return record;
    });
  }

  return {
    setAgents(ids, { online, atMs = now(), nextDisconnect }) {
      const nowUs = now() * micros.millisecond;
      for (const agent of numbersOf(world.agents, ids)) {
        if (online !== undefined) deeds.setOnline(agent, Math.max(nowUs, atMs * micros.millisecond), online);
        if (nextDisconnect === 'failed') deeds.failNextDisconnect(agent, nowUs);
      }
      deeds.advance(nowUs);
    },
    setNextMitigation(threatIds, next) {
      const skipped = skipReasons.find((reason) => reason === next);
      const result = mitigationResults.find((known) => known === next);
      for (const threat of numbersOf(world.threats, threatIds)) {
        if (skipped !== undefined) deeds.threats.setNextMitigation(threat, { skipped });
        if (result !== undefined) deeds.threats.setNextMitigation(threat, { result });
      }
    },
    setDeedTiming: deeds.setTiming,
  };
}

type Body = Readonly<Record<string, unknown>>;

/** What the simulator's own API takes, by path. Each throws Error with a message that names the field. */
export const controlPaths: Readonly<Record<string, (control: ConsoleControl, body: Body) => void>> = {
  '/simulator/agents': (control, body) => {
    refuseOthers(body, ['ids', 'online', 'at', 'nextDisconnect']);
    const { online, at, nextDisconnect } = body;
    if (online !== undefined && typeof online !== 'boolean')
      throw new Error('online: must be true or false.');
    if (nextDisconnect !== undefined && nextDisconnect !== 'failed')
      throw new Error('nextDisconnect: can only be "failed".');
    control.setAgents(idsOf(body), {
      ...(online === undefined ? {} : { online }),
      ...(at === undefined ? {} : { atMs: timeOf(at) }),
      ...(nextDisconnect === undefined ? {} : { nextDisconnect }),
    });
  },
  '/simulator/threats': (control, body) => {
    refuseOthers(body, ['ids', 'nextMitigation']);
    const allowed = [...mitigationResults, ...skipReasons];
    const next = allowed.find((known) => known === body['nextMitigation']);
    if (next === undefined) throw new Error(`nextMitigation: must be one of ${allowed.join(', ')}.`);
    control.setNextMitigation(idsOf(body), next);
  },
  '/simulator/deed-timing': (control, body) => {
    refuseOthers(body, Object.keys(usualTiming));
    const changes = Object.entries(body).map(([name, ms]) => {
      if (typeof ms !== 'number') throw new Error(`${name}: must be a number of milliseconds.`);
      return [name, ms] as const;
    });
    control.setDeedTiming(Object.fromEntries(changes));
  },
};

function refuseOthers(body: Body, known: readonly string[]): void {
  const other = Object.keys(body).find((name) => !known.includes(name));
  if (other !== undefined) throw new Error(`${other}: is unknown here; send ${known.join(', ')}.`);
}

function idsOf({ ids }: Body): readonly string[] {
  const isList = Array.isArray(ids) && ids.length > 0;
  if (!isList) throw new Error('ids: must be a list of ids.');
  return ids.map((id: unknown) => {
    if (typeof id !== 'string') throw new Error('ids: must be texts.');
    return id;
  });
}

function timeOf(at: unknown): number {
  const us = typeof at === 'string' ? parseMicros(at) : undefined;
  if (us === undefined)
    throw new Error('at: must be an ISO-8601 time with a zone, e.g. 2026-11-24T00:00:00Z.');
  return us / micros.millisecond;
}
