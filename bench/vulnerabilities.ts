import { presentVulnerabilities } from '../test/lake-truth/present-vulnerabilities.ts';
import { consoleWorld, hourMs } from '../test/support/console-world.ts';

/** The same installed applications by one of the sources of their vulnerabilities. */
export interface Vulnerabilities {
  readonly source: string;
  readonly installs: number;
  readonly applications: number;
  /** Distinct vulnerabilities of hosts and applications that are there now. */
  readonly present: number;
  /**
   * True where they are the ones that the first source has. The sources are not read at the same second: what came, changed or went
   * within an hour of that may be there or not.
   */
  readonly isSame: boolean;
  /** Of those, how many had not changed for an hour. */
  readonly sinceAnHour: number;
  readonly requests: number;
  /** By path; ids in paths are left out. */
  readonly requestsByPath: Readonly<Record<string, number>>;
}

const type = 'vulnerabilities';
const [installs, applications] = [10_000, 200];

/** 10,000 installs of 200 applications by each of the three sources, over HTTP. */
export async function measureVulnerabilities(): Promise<readonly Vulnerabilities[]> {
  const results: Vulnerabilities[] = [];
  let quiet: ReadonlySet<string> | undefined;
  let known: ReadonlySet<string> = new Set();
  for (const source of ['risks', 'installed-applications', 'per-application']) {
    const world = await consoleWorld({
      pageSize: 1000,
      dependencies: () => ({ batchLimits: { bytes: 8_000_000, pages: 20 } }),
      console: { threats: 0, applications, installs },
      options: { [type]: { source } },
    });
    try {
      const now = world.clock.now();
      await world.connect([type], now - 6 * hourMs);
      const read = async (until: number) => {
        await world.collect([type], until, 20_000);
        return new Set(presentVulnerabilities(world.recordsOf(type)));
      };
      const before = quiet === undefined ? await read(now - hourMs) : undefined;
      const present = await read(now);
      const { requests } = world.simulator.counts;
      const paths = world.simulator.requests.map(({ path }) => path);
      if (before !== undefined) {
        const after = await read(now + hourMs);
        quiet = new Set([...before].filter((one) => after.has(one)));
        known = new Set([...before, ...present, ...after]);
      }
      const isThere = (one: string) => present.has(one);
      const isKnown = (one: string) => known.has(one);
      const byPath: Record<string, number> = {};
      for (const path of paths) {
        const name = path.replace(/\d{5,}/, '{id}');
        byPath[name] = (byPath[name] ?? 0) + 1;
      }
      results.push({
        source,
        installs,
        applications,
        present: present.size,
        isSame: [...(quiet ?? [])].every(isThere) && [...present].every(isKnown),
        sinceAnHour: quiet?.size ?? 0,
        requests,
        requestsByPath: byPath,
      });
    } finally {
      await world.close();
    }
  }
  return results;
}
