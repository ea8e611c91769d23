import type { Agents } from './agents.ts';
import { type ApplicationName, applicationNames } from './application-vocabulary.ts';
import { cvePoolSize } from './cves.ts';
import { draws, hash, purpose } from './random.ts';

/** One version of an application: what all its installs have in common. */
export interface Application extends ApplicationName {
  readonly number: number;
  readonly version: string;
  /** The numbers of its vulnerabilities, each once; none for most of the ones without a risk. */
  readonly cves: readonly number[];
}

/** Which application is installed on which host, by the number of the install; no pair comes twice. */
export interface Applications {
  /** The number of the application of an install. */
  applicationOf(install: number): number;
  /** The number of the host of an install. */
  hostOf(install: number): number;
  application(number: number): Application;
  /** How many vulnerabilities an application has. */
  cveCount(application: number): number;
}

export interface ApplicationsOptions {
  readonly seed: number;
  /** So many of them are installed in turn; more come when one of them is on all hosts that it runs on. */
  readonly count: number;
  readonly agents: Agents;
  readonly hostCount: number;
}

/** Applications are known of the first so many hosts: which of them runs what has to be looked up. */
const mostHosts = 5_000;
/** One application in so many has no known vulnerability, and one in so many has very many. */
const harmlessOneIn = 4;
const worstOneIn = 23;
const mostCves = 9;
const worstCves = { least: 60, most: 140 };

export function applications(options: ApplicationsOptions): Applications {
  const { seed, count, agents } = options;
  const hosts = hostsByOs(agents, Math.min(options.hostCount, mostHosts));
  // What runs on an operating system that no host has is installed nowhere.
  const names = applicationNames.filter(({ osType }) => hosts.has(osType));
  const known = new Map<number, Application>();

  /** Where an install stands: the place of its application in the catalogue, and how many installs that had before. */
  function placeOf(install: number) {
    const place = install % count;
    const before = Math.floor(install / count);
    const name = nameOf(place);
    const mine = hosts.get(name.osType) ?? [];
    return { place, before, mine };
  }

  function nameOf(place: number): ApplicationName {
    const name = names[place % names.length];
    if (name === undefined) throw new Error('Nothing is installed without hosts.');
    return name;
  }

  function applicationOf(install: number): number {
    const { place, before, mine } = placeOf(install);
    return place + count * Math.floor(before / mine.length);
  }

  function hostOf(install: number): number {
    const { place, before, mine } = placeOf(install);
    const offset = hash(seed, purpose.installPlan, place);
    return mine[(before + offset) % mine.length] ?? 0;
  }

  function cveCount(number: number): number {
    const draw = draws(seed, purpose.applicationPlan, number);
    if (draw.below(harmlessOneIn) === 0) return 0;
    if (draw.below(worstOneIn) === 0) return worstCves.least + draw.below(worstCves.most - worstCves.least);
    return 1 + draw.below(mostCves);
  }

  function application(number: number): Application {
    const found = known.get(number);
    if (found !== undefined) return found;
    const place = number % count;
    const draw = draws(seed, purpose.applicationPlan, number, 1);
    // The pool's size is a prime number, so that no step comes back to a vulnerability too early.
    const [start, step] = [draw.below(cvePoolSize), 1 + draw.below(cvePoolSize - 1)];
    const made: Application = {
      ...nameOf(place),
      number,
      version: versionOf(
        place,
        Math.floor(number / count),
        draw.pick(['', '', '-4.el9', ' (64-bit)', '+b2']),
      ),
      cves: Array.from({ length: cveCount(number) }, (_, index) => (start + index * step) % cvePoolSize),
    };
    known.set(number, made);
    return made;
  }

  /** Different for all places that share a name, and for all versions of one place. */
  function versionOf(place: number, release: number, suffix: string): string {
    const major = 1 + Math.floor(place / names.length);
    const minor = hash(seed, purpose.applicationPlan, place, 2) % 20;
    return `${major}.${minor}.${release}${suffix}`;
  }

  return { applicationOf, hostOf, application, cveCount };
}

/** The numbers of the hosts by the operating system that they run. */
function hostsByOs(agents: Agents, hostCount: number): ReadonlyMap<string, readonly number[]> {
  const hosts = Array.from({ length: hostCount }, (_, host) => host);
  return Map.groupBy(hosts, (host) => agents.identity(host).os.type);
}
