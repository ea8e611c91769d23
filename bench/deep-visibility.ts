import { consoleWorld, hourMs } from '../test/support/console-world.ts';

/** Hours of endpoint events by one of the two interfaces, read as fast as the console allows. */
export interface DeepVisibility {
  readonly source: 'dv' | 'sdl';
  readonly events: number;
  /** What a comparison of lake and console has to say, record by record; 0 is all there, once. */
  readonly problems: number;
  /** Minutes on the console's clock until all of it was in the lake. */
  readonly consoleMinutes: number;
  readonly slices: number;
  readonly requests: number;
  /** Requests that the console refused. */
  readonly refused: number;
  /** Queries of Deep Visibility, of which the console allows one a minute, and the shortest time between two, seconds. */
  readonly queries: number;
  readonly leastSecondsBetweenQueries: number | null;
}

const type = 'deep-visibility';
const hours = 3;

/** 150,000 events in three hours, 5,000 of each hour within one second. The real client over HTTP, with the product's pacer. */
export async function measureDeepVisibility(source: DeepVisibility['source']): Promise<DeepVisibility> {
  const world = await consoleWorld({
    isPaced: true,
    pageSize: 1000,
    options: { [type]: { source } },
    dependencies: () => ({ batchLimits: { bytes: 8_000_000, pages: 10 } }),
    console: {
      agents: 500,
      threats: 10,
      endpointEvents: 45_000,
      endpointEventBurst: 5_000,
      rateLimitScale: 1,
    },
  });
  try {
    const begun = world.clock.now();
    await world.connect([type], begun - hours * hourMs);
    const slices = await world.collect([type], begun);
    const { problems, lines } = await world.compare(type, source === 'sdl' ? 'deep-visibility-sdl' : type);
    const { requests } = world.simulator;
    const starts = requests.filter(({ path }) => path.endsWith('/dv/init-query')).map(({ time }) => time);
    const gaps = starts.slice(1).map((time, i) => (time - (starts[i] ?? 0)) / 1_000);
    return {
      source,
      events: lines,
      problems: problems.length,
      consoleMinutes: Math.round((world.clock.now() - begun) / 6_000) / 10,
      slices,
      requests: requests.length,
      refused: requests.filter(({ status }) => status >= 400).length,
      queries: starts.length,
      leastSecondsBetweenQueries: gaps.length === 0 ? null : Math.min(...gaps),
    };
  } finally {
    await world.close();
  }
}
