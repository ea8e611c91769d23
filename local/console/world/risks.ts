import type { AgentIdentity } from './agent-identity.ts';
import type { Application, Applications } from './applications.ts';
import type { Cve, Cves } from './cves.ts';
import { findById, recordId } from './ids.ts';
import type { Installs } from './installs.ts';
import { micros } from './micro-time.ts';
import { draws, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { riskBody } from './risk-body.ts';
import { type RiskState, riskState } from './risk-state.ts';
import { Timeline } from './timeline.ts';

/**
 * Vulnerabilities of applications on hosts, one record for each: exactly those that the installed applications and their
 * vulnerabilities make when they are joined. When an application is uninstalled, its vulnerabilities are removed.
 */
export interface Risks extends RecordSet {
  state(row: number): RiskState;
  cve(record: number): Cve;
  host(record: number): AgentIdentity;
  application(record: number): Application;
}

export interface RisksOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly applications: Applications;
  readonly installs: Installs;
  readonly cves: Cves;
}

/** After the epoch a vulnerability is looked at again every 20 seconds. */
const touchEveryUs = 20 * micros.second;

export function risks(options: RisksOptions): Risks {
  const { seed, epochUs, historyUs, applications, installs, cves } = options;
  /** By install: the number of its first risk. Made as far as it is asked for. */
  const firsts: number[] = [0];

  function firstOf(install: number): number {
    for (let known = firsts.length - 1; known < install; known++)
      firsts.push((firsts[known] ?? 0) + applications.cveCount(applications.applicationOf(known)));
    return firsts[install] ?? 0;
  }

  /** The install that a risk belongs to: the last one whose first risk is not above it. */
  function installOf(record: number): number {
    while ((firsts.at(-1) ?? 0) <= record) firstOf(firsts.length);
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (firstOf(middle) <= record) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  const createdUs = (record: number) => installs.createdUs(installOf(record));
  const removedUs = (record: number) => installs.goneUs(installOf(record));

  function plannedUs(record: number): readonly number[] {
    const draw = draws(seed, purpose.riskPlan, record);
    const foundUs = createdUs(record);
    // What was there before the history is found again by its scans, an application at a time.
    const startUs = epochUs - historyUs;
    const scan = draws(seed, purpose.riskPlan, installOf(record), 1);
    const first = foundUs >= startUs ? foundUs : startUs + scan.below(historyUs - 1);
    const endUs = removedUs(record);
    const times = [first];
    for (let changes = draw.below(3); changes > 0; changes--)
      times.push((times.at(-1) ?? 0) + micros.second + draw.below(historyUs / 2));
    return endUs === Number.POSITIVE_INFINITY ? times : [...times.filter((us) => us < endUs), endUs];
  }

  const timeline = new Timeline({
    epochUs,
    population: {
      createdUs,
      leader: (record) => record,
      countAt: (us) => firstOf(installs.population.countAt(us)),
    },
    plannedUs,
    restsFromUs: removedUs,
    touches: {
      seed,
      purpose: purpose.riskTouch,
      mutationPurpose: purpose.riskMutation,
      everyUs: touchEveryUs,
    },
  });

  const id = (record: number) => recordId(createdUs(record), record);
  const host = (record: number) => installs.host(installOf(record));
  const application = (record: number) => installs.application(installOf(record));
  function cve(record: number): Cve {
    const install = installOf(record);
    return cves.cve(installs.application(install).cves[record - firstOf(install)] ?? 0);
  }
  function state(row: number): RiskState {
    const { revisions } = timeline;
    const record = revisions.record(row);
    const changes = revisions.step(row) + revisions.touches(row);
    return riskState(seed, record, changes, revisions.us(row) >= removedUs(record));
  }

  return {
    timeline,
    state,
    cve,
    host,
    application,
    id,
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs,
    siteId: (record) => host(record).group.site.id,
    accountId: (record) => host(record).group.site.account.id,
    groupId: (record) => host(record).group.id,
    body(row) {
      const { revisions } = timeline;
      const record = revisions.record(row);
      return riskBody({
        seed,
        record,
        id: id(record),
        detectedUs: createdUs(record),
        updatedUs: revisions.us(row),
        state: state(row),
        host: host(record),
        application: application(record),
        cve: cve(record),
      });
    },
  };
}
