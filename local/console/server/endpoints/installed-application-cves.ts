import type { Cves } from '../../world/cves.ts';
import type { Call } from '../endpoint.ts';
import {
  axisFilters,
  type FilterParser,
  type FilterTable,
  oneOf,
  ownIds,
  readIds,
  timeFilters,
} from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

/**
 * The vulnerabilities of what is installed, each once, however many applications have it: no record says which. A token that is
 * bound to a site sees those of its own site.
 */
export const installedApplicationCves = listEndpoint({
  path: '/installed-applications/cves',
  permission: 'Applications Page.view',
  // They belong to no site of their own.
  records: (world, { token }) => ({ ...world.cves, siteId: () => token?.siteId ?? null }),
  filters: cveFilters,
  visible(records, call) {
    // Which of them are meant is said by the applications, and looked up there.
    if (call.query.has('applicationIds')) return () => true;
    return among(records, cvesOf(call, everyInstall(call)));
  },
  sortKeys: (records) => ({
    id: 'record',
    publishedAt: (row) => records.cve(records.timeline.revisions.record(row)).publishedUs,
    // By something that no record has, so that their ids decide.
    agentId: 'record',
    applicationId: 'record',
  }),
});

function cveFilters(records: Cves, call: Call): FilterTable {
  const { installs } = call.world;
  const ofScope = (scopeOf: (install: number) => string | null): FilterParser => {
    return (name, text) => {
      const wanted = new Set(readIds(name, text));
      const own = everyInstall(call).filter((install) => wanted.has(scopeOf(install) ?? ''));
      return { matches: among(records, cvesOf(call, own)) };
    };
  };
  return {
    ids: ownIds(records),
    applicationIds: (name, text) => {
      const asked = readIds(name, text).map((id) => installs.find(id));
      return { matches: among(records, cvesOf(call, asked)) };
    },
    siteIds: ofScope(installs.siteId),
    accountIds: ofScope(installs.accountId),
    groupIds: ofScope(installs.groupId),
    cveIds: oneOf((row) => records.cve(records.timeline.revisions.record(row)).cveId),
    ...timeFilters('createdAt', (row) => records.createdUs(records.timeline.revisions.record(row))),
    ...axisFilters('updatedAt'),
  };
}

function everyInstall({ world, nowMs }: Call): readonly number[] {
  // Looking at them brings the timeline up to the present.
  const { timeline } = world.shown(world.installs, nowMs);
  return Array.from({ length: timeline.recordCount }, (_, install) => install);
}

/** The vulnerabilities of those of the installs that are there now and that the token sees. */
function cvesOf({ world, token, nowMs }: Call, asked: readonly number[]): ReadonlySet<number> {
  const { installs } = world;
  const shown = world.shown(installs, nowMs);
  const isMine = (install: number) =>
    token?.siteId === undefined || installs.siteId(install) === token.siteId;
  const found = new Set<number>();
  for (const install of asked) {
    if (install < 0 || shown.rowOf(install) < 0 || !isMine(install)) continue;
    for (const cve of installs.application(install).cves) found.add(cve);
  }
  return found;
}

function among(records: Cves, cves: ReadonlySet<number>): (row: number) => boolean {
  return (row) => cves.has(records.timeline.revisions.record(row));
}
