import { consoleWorld, hourMs } from '../test/support/console-world.ts';

/** Events of threats that change again and again. */
export interface ThreatEvents {
  readonly threats: number;
  /** Events that the lake has to hold, and the ones that it holds: those that were gone again before the end are more. */
  readonly required: number;
  readonly lines: number;
  /** What a comparison of lake and console has to say, record by record; 0 is each event, once. */
  readonly problems: number;
  readonly history: Calls;
  /** Each an hour of the console's time, in which threats change several times a second for 20 minutes. */
  readonly rounds: readonly Calls[];
}

export interface Calls {
  /** Revisions of threats that the console made in the time. */
  readonly changes: number;
  readonly threatsChanged: number;
  readonly requests: number;
  readonly eventsRead: number;
}

const type = 'threat-events';
const minuteMs = 60_000;
const rounds = 3;

/** 5,000 threats with some 200,000 events, over HTTP. Every event is to be there once, and calls are to follow the changes. */
export async function measureThreatEvents(): Promise<ThreatEvents> {
  const threats = 5_000;
  const world = await consoleWorld({
    pageSize: 1000,
    dependencies: () => ({ batchLimits: { bytes: 8_000_000, pages: 20 } }),
    console: { agents: 500, threats, threatEventsPerThreat: 40 },
  });
  const { clock, simulator } = world;
  const begun = clock.now();
  const since = begun - 6 * hourMs;
  /** Collects up to now, and counts what was asked since the last time. */
  async function collected(from: number): Promise<Calls> {
    const [requests, lines] = [simulator.counts.requests, world.stream(type).totals.records];
    await world.collect([type], clock.now(), 20_000);
    const revisions = [...simulator.truth('threats', from, clock.now())];
    return {
      changes: revisions.length,
      threatsChanged: new Set(revisions.map(({ id }) => id)).size,
      requests: simulator.counts.requests - requests,
      eventsRead: world.stream(type).totals.records - lines,
    };
  }
  try {
    await world.connect([type], since);
    const history = await collected(since);
    const later: Calls[] = [];
    for (let round = 0; round < rounds; round++) {
      const from = clock.now();
      simulator.setProfiles(['mutation']);
      clock.advance(20 * minuteMs);
      simulator.setProfiles([]);
      clock.advance(40 * minuteMs);
      later.push(await collected(from));
    }
    const { problems, required, lines } = await world.compare(type);
    return { threats, required, lines, problems: problems.length, history, rounds: later };
  } finally {
    await world.close();
  }
}
