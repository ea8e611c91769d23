import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import type { Agents } from './agents.ts';
import type { Application, Applications } from './applications.ts';
import { type Cves, riskLevels } from './cves.ts';
import { findById, recordId } from './ids.ts';
import { installBody } from './install-body.ts';
import { micros } from './micro-time.ts';
import { type Population, population } from './population.ts';
import { draws, hash, purpose, unit } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { Timeline } from './timeline.ts';

/** Applications on hosts: one record per host and application, until it is uninstalled. */
export interface Installs extends RecordSet {
  readonly population: Population;
  application(record: number): Application;
  host(record: number): AgentIdentity;
  /** True for an install on a host that is out of service. */
  isDecommissioned(record: number): boolean;
  /** Microseconds. */
  installedUs(record: number): number;
  /** The worst of its vulnerabilities. */
  riskLevel(record: number): (typeof riskLevels)[number];
  /** From when on it is not there any more, microseconds. */
  goneUs(record: number): number;
  size(record: number): number;
}

export interface InstallsOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  readonly agents: Agents;
  readonly applications: Applications;
  readonly cves: Cves;
}

/** What is there at the epoch was installed during so long before the history. */
const installedOverUs = 300 * micros.day;
/** After the epoch something is installed every twelve minutes. */
const newPerUs = 1 / (12 * micros.minute);
/** One install in so many is removed, in the history or during the days after it. */
const removedOneIn = 16;
const removedOverUs = 3 * micros.day;

export function installs(options: InstallsOptions): Installs {
  const { seed, epochUs, historyUs, count, agents, applications, cves } = options;
  const installed = population({
    seed,
    purpose: purpose.installTiming,
    count,
    startUs: epochUs - historyUs - installedOverUs,
    endUs: epochUs - historyUs,
    epochUs,
    newPerUs: count === 0 ? 0 : newPerUs,
    burst: options.burst,
  });

  function goneUs(record: number): number {
    if (hash(seed, purpose.installPlan, record, 1) % removedOneIn !== 0) return Number.POSITIVE_INFINITY;
    const from = Math.max(installed.createdUs(record) + micros.hour, epochUs - historyUs);
    return from + Math.floor(unit(seed, purpose.installPlan, record, 2) * (historyUs + removedOverUs));
  }

  const timeline = new Timeline({
    epochUs,
    population: installed,
    // A console looks at an application once, and at some of them again soon after.
    plannedUs(record) {
      const first = installed.createdUs(record);
      const draw = draws(seed, purpose.installPlan, installed.leader(record), 3);
      return draw.chance(0.7) ? [first] : [first, first + micros.second + draw.below(20 * micros.minute)];
    },
    goneUs,
  });
  const id = (record: number) => recordId(installed.createdUs(record), record);
  const host = (record: number) => agents.identity(applications.hostOf(record));
  const application = (record: number) => applications.application(applications.applicationOf(record));
  const installedUs = (record: number) => {
    const us = installed.createdUs(record) - draws(seed, purpose.installBody, record).below(micros.day);
    return us - (us % micros.second);
  };
  const size = (record: number) => draws(seed, purpose.installBody, record, 1).below(900_000_000);

  function riskLevel(record: number): (typeof riskLevels)[number] {
    const levels = application(record).cves.map((cve) => riskLevels.indexOf(cves.cve(cve).riskLevel));
    if (levels.length === 0) return 'none';
    // A vulnerability without a score is one nevertheless.
    return riskLevels[Math.max(1, ...levels)] ?? 'none';
  }

  return {
    timeline,
    population: installed,
    application,
    host,
    isDecommissioned: (record) => host(record).fate === 'decommissioned',
    installedUs,
    riskLevel,
    goneUs,
    size,
    id,
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs: installed.createdUs,
    siteId: (record) => host(record).group.site.id,
    accountId: (record) => host(record).group.site.account.id,
    groupId: (record) => host(record).group.id,
    body(row): JsonObject {
      const { revisions } = timeline;
      const record = revisions.record(row);
      return installBody({
        seed,
        record,
        id: id(record),
        createdUs: installed.createdUs(record),
        updatedUs: revisions.us(row),
        installedUs: installedUs(record),
        host: host(record),
        application: application(record),
        riskLevel: riskLevel(record),
        size: size(record),
      });
    },
  };
}
