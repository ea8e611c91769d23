import type { PageRequest } from '../engine/reading.ts';
import { alternatives } from '../engine/readings/alternatives.ts';
import { type JoinedDeclaration, joined } from '../engine/readings/joined.ts';
import { oneScope } from '../engine/readings/one-scope.ts';
import type { OwnersDeclaration } from '../engine/readings/owners.ts';
import { windowed } from '../engine/readings/windowed.ts';
import { withOwners } from '../engine/readings/with-owners.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ApiRequest } from '../ports.ts';
import { enumAt, fieldAt, listAt, requiredTextAt, textAt } from '../records/json-fields.ts';
import { vulnerabilityFields, vulnerabilityKey } from '../records/vulnerability-fields.ts';
import type { ContentType, Probe, ProbeAnswer, ProbeRequest } from './content-type.ts';
import { firstOpen } from './parts/first-open.ts';
import { answerOf, newestOf, newestRecord } from './parts/newest.ts';
import { ofFirstScope, wantsAccount } from './parts/newest-of-scope.ts';
import { dayMs, eventTimeAt, hourMs, minuteMs, timeAt } from './parts/times.ts';

const detectionDate = timeAt('detectionDate');
const installedAt = timeAt('installedAt');
const cvePages = 50;
const auto = ['risks', 'installed-applications'];

/** The endpoints that rows name by id, with the addresses that the rows do not know. */
const endpointsBy = (idField: string): OwnersDeclaration => ({
  path: '/agents',
  idOf: (row) => textAt(row, idField),
  params: { isDecommissioned: 'True,False', isUninstalled: 'True,False' },
  select: (agent) => ({
    id: agent['id'] ?? null,
    computerName: agent['computerName'] ?? null,
    networkInterfaces: agent['networkInterfaces'] ?? null,
    lastIpToMgmt: agent['lastIpToMgmt'] ?? null,
  }),
  refused:
    'The token may not read endpoints (Endpoints.view): the vulnerabilities are there without the addresses of their hosts.',
});

/** Installed applications with their CVEs, joined: asked once per application and version, however many hosts have it. */
const installedApplications: JoinedDeclaration = {
  list: {
    path: '/installed-applications',
    sortBy: 'id',
    // Each of them may have many CVEs.
    pageSize: 200,
    everyMs: dayMs,
    params: { agentIsDecommissioned: 'True,False' },
  },
  owners: endpointsBy('agentId'),
  details: { groupOf: applicationOf, read: readCves },
  join: (install, cve, agent) => ({ ...install, cve, ...(agent === undefined ? {} : { agent }) }),
};

/** The same by the console's private endpoint, which answers for one installed application at a time. */
const perApplication: JoinedDeclaration = {
  ...installedApplications,
  details: {
    groupOf: (install) => (applicationOf(install) === undefined ? undefined : textAt(install, 'id')),
    read: async (install, { api, signal }) => {
      const path = cvesOfInstallPath(requiredTextAt(install, 'id'));
      const { json } = await api.request({ method: 'GET', path }, signal);
      return listAt(json, 'data', 'cves');
    },
  },
};

/**
 * CVEs of the applications that are installed on endpoints: one record per endpoint, application and CVE. From application
 * management where the token may read it, which tells what has changed; else from the list of installed applications.
 */
export const vulnerabilities: ContentType = {
  id: 'vulnerabilities',
  label: 'Vulnerabilities',
  msgClass: 'sentinelone_vulnerabilities',
  index: 'scans',
  permission:
    'Applications Page.viewRisks (source risks) or Applications Page.view (source installed-applications), with Endpoints.view for the addresses of hosts',
  defaultIntervalMs: hourMs,
  keepsPace: true,
  settleMs: 5 * minuteMs,
  lateBecause: "The console's scans are processed in the background.",
  costs:
    'Source risks: one request per 1,000 changed rows and per 200 of their endpoints. Source installed-applications, once a day: two requests per 200 installed applications and one per application and version. Source per-application: one per installed application.',
  options: [
    {
      name: 'source',
      choices: ['auto', 'risks', 'installed-applications', 'per-application'],
      meaning:
        'Which endpoints are asked; auto is risks where the token may read it, else installed-applications. per-application asks a private endpoint once per installed application.',
    },
  ],
  reading: alternatives({
    ways: {
      risks: withOwners(
        oneScope(
          windowed({
            path: '/application-management/risks',
            timeField: 'riskUpdatedDate',
            // The time that the endpoint filters by is neither in its records nor among its orders.
            sortBy: 'id',
            pageSize: 1000,
            params: { includeRemovals: 'true' },
          }),
        ),
        endpointsBy('endpointId'),
        (row, agent) => ({ ...row, agent }),
      ),
      'installed-applications': joined(installedApplications),
      'per-application': joined(perApplication),
    },
    auto,
  }),
  probe: firstOpen({
    ways: {
      risks: probeRisks,
      'installed-applications': probeInstalls(({ id }) => ({
        path: '/installed-applications/cves',
        params: { applicationIds: id, limit: '1' },
      })),
      'per-application': probeInstalls(({ id }) => ({ path: cvesOfInstallPath(id) })),
    },
    auto,
  }),
  identity: (vendor, window) => {
    const { endpointId, application, version, cveId } = vulnerabilityKey(vendor);
    if (endpointId === undefined || cveId === undefined)
      throw new Error('The endpoint or the CVE is missing or blank.');
    return {
      // With the row's own id, because one application may be installed on a host twice.
      id: JSON.stringify([
        endpointId,
        application ?? null,
        version ?? null,
        cveId,
        textAt(vendor, 'id') ?? null,
      ]),
      // The console does not say when a row has changed; what it showed in one window is one revision, but for what is gone.
      revision: [new Date(window.from).toISOString(), textAt(vendor, 'status')].join(' ').trim(),
    };
  },
  eventTime: (vendor) => detectionDate(vendor) ?? installedAt(vendor),
  normalize: vulnerabilityFields,
};

const newestRisk = ofFirstScope(
  newestOf({
    path: '/application-management/risks',
    sortBy: 'detectionDate',
    timeOf: eventTimeAt('detectionDate'),
  }),
);

/** The application and version of an install; undefined where it has no known vulnerability. */
function applicationOf(install: JsonObject): string | undefined {
  if (enumAt(install, 'riskLevel') === 'none') return undefined;
  const parts = ['name', 'publisher', 'version', 'osType'].map((name) => fieldAt(install, name) ?? null);
  return JSON.stringify(parts);
}

function cvesOfInstallPath(id: string): string {
  return `/private/installed-applications/${encodeURIComponent(id)}/cves`;
}

/** One request. */
async function probeRisks(request: ProbeRequest): Promise<ProbeAnswer> {
  try {
    return await newestRisk(request);
  } catch (error) {
    if (!wantsAccount(error)) throw error;
    return { note: 'the console wants an account to be named here, which the collection does by itself' };
  }
}

/** Two requests: what is installed, and the CVEs of one of them by another endpoint. */
function probeInstalls(
  cvesOf: (install: { readonly id: string }) => Pick<ApiRequest, 'path' | 'params'>,
): Probe {
  return async (request) => {
    const list = { path: '/installed-applications', sortBy: 'installedAt', params: { skipCount: 'true' } };
    const newest = await newestRecord(list, request, request.scope);
    const id = newest.kind === 'record' ? textAt(newest.record, 'id') : undefined;
    if (id !== undefined) await request.api.request({ method: 'GET', ...cvesOf({ id }) }, request.signal);
    return answerOf(newest, eventTimeAt('installedAt'));
  };
}

async function readCves(install: JsonObject, { api, signal }: PageRequest): Promise<readonly Json[]> {
  const path = '/installed-applications/cves';
  const fixed = {
    applicationIds: requiredTextAt(install, 'id'),
    limit: '1000',
    sortBy: 'id',
    sortOrder: 'asc',
  };
  const cves: Json[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < cvePages; page++) {
    const answer = await api.list(path, { ...fixed, ...(cursor === undefined ? {} : { cursor }) }, signal);
    cves.push(...answer.data);
    if (answer.nextCursor === undefined || answer.nextCursor === cursor) return cves;
    cursor = answer.nextCursor;
  }
  throw new Error(`${path} has more than ${cvePages} pages for one application.`);
}
