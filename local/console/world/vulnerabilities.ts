import type { Agents } from './agents.ts';
import { applications } from './applications.ts';
import { type Cves, cves } from './cves.ts';
import { type Installs, installs } from './installs.ts';
import { type Risks, risks } from './risks.ts';

/** The vulnerabilities of the hosts, in the three ways in which a console tells of them: all are made from one set of installs. */
export interface Vulnerabilities {
  readonly installs: Installs;
  readonly cves: Cves;
  readonly risks: Risks;
}

export interface VulnerabilitiesOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly burst: number;
  readonly agents: Agents;
  readonly hostCount: number;
  /** Different applications, versions counted. */
  readonly applications: number;
  /** Applications on hosts, at the epoch. */
  readonly installs: number;
}

export function vulnerabilities(options: VulnerabilitiesOptions): Vulnerabilities {
  const catalogue = applications({ ...options, count: options.applications });
  const known = cves(options);
  const isEmpty = options.hostCount === 0 || options.applications === 0;
  const installed = installs({
    ...options,
    count: isEmpty ? 0 : options.installs,
    applications: catalogue,
    cves: known,
  });
  const found = risks({ ...options, applications: catalogue, installs: installed, cves: known });
  return { installs: installed, cves: known, risks: found };
}
