import { exploitCodeMaturities, remediationLevels, reportConfidences } from '../../world/risk-body.ts';
import { mitigationStatuses, scanResults } from '../../world/risk-state.ts';
import type { Call } from '../endpoint.ts';
import {
  axisBetween,
  axisFilters,
  contains,
  type FilterParser,
  oneOf,
  scopeFilters,
  timeBetween,
  timeFilters,
} from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';
import { parseFlag, parseList } from '../query.ts';
import { invalidParameter } from '../vendor-error.ts';

const severities = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
const osTypes = ['windows', 'windows_legacy', 'linux', 'macos'];
/** How filters spell the values of the enums that answers write in words. */
const inCapitals = (values: readonly string[]) =>
  values.map((value) => value.toUpperCase().replaceAll(' ', '_'));
const scopeNames = ['siteIds', 'accountIds', 'groupIds'] as const;

/** What is vulnerable on which host; the time of its last change is a filter and neither a field nor an order. */
export const risks = listEndpoint({
  path: '/application-management/risks',
  permission: 'Applications Page.viewRisks',
  siteTokensRefused: 'Action is not allowed to site users',
  records(world, call) {
    refuseSeveralScopes(call);
    return world.risks;
  },
  filters: (records) => {
    const { revisions } = records.timeline;
    const record = (row: number) => revisions.record(row);
    const detected = (row: number) => records.createdUs(record(row));
    const published = (row: number) => records.cve(record(row)).publishedUs;
    const body = (name: string) => (row: number) => String(records.body(row)[name] ?? '');
    const capitals = (name: string) => (row: number) => body(name)(row).toUpperCase().replaceAll(' ', '_');
    const { ids: _, ...scopes } = scopeFilters(records);
    return {
      ...scopes,
      ...axisFilters('riskUpdatedDate'),
      ...axisBetween('riskUpdatedDate'),
      ...timeFilters('detectionDate', detected),
      ...timeBetween('detectionDate', detected),
      ...timeFilters('publishedDate', published),
      ...timeBetween('publishedDate', published),
      includeRemovals: withRemovals((row) => records.state(row).status === 'Removed'),
      severities: oneOf((row) => records.cve(record(row)).riskLevel.toUpperCase(), severities),
      mitigationStatus: oneOf((row) => records.state(row).mitigationStatus, mitigationStatuses),
      lastScanResults: oneOf((row) => records.state(row).lastScanResult, scanResults),
      exploitCodeMaturity: oneOf(capitals('exploitCodeMaturity'), inCapitals(exploitCodeMaturities)),
      remediationLevels: oneOf(capitals('remediationLevel'), inCapitals(remediationLevels)),
      reportConfidence: oneOf(capitals('reportConfidence'), inCapitals(reportConfidences)),
      osTypes: oneOf((row) => records.host(record(row)).os.type, osTypes),
      endpointTypes: oneOf((row) => records.host(record(row)).machineType),
      endpointName__contains: contains((row) => records.host(record(row)).computerName),
      applicationNames: oneOf(body('application')),
      application__contains: contains(body('application')),
      vendors: oneOf(body('applicationVendor')),
      applicationVendor__contains: contains(body('applicationVendor')),
      cveId__contains: contains((row) => records.cve(record(row)).cveId),
    };
  },
  defaults: { includeRemovals: 'false' },
  sortKeys: (records) => {
    const { revisions } = records.timeline;
    const cve = (row: number) => records.cve(revisions.record(row));
    return {
      id: 'record',
      detectionDate: 'record',
      publishedDate: (row) => cve(row).publishedUs,
      // The console prints whole seconds, and sorts by them.
      lastScanDate: (row) => Math.floor(revisions.us(row) / 1_000_000),
      cveId: (row) => cve(row).cveId,
      endpointName: (row) => records.host(revisions.record(row)).computerName,
      severity: (row) => severities.indexOf(cve(row).riskLevel.toUpperCase()),
    };
  },
});

function withRemovals(isRemoved: (row: number) => boolean): FilterParser {
  return (name, text) => {
    const isWanted = parseFlag(name, text);
    return { matches: (row) => isWanted || !isRemoved(row) };
  };
}

/** It takes one account, one site or one group, and no list of them. */
function refuseSeveralScopes({ query }: Call): void {
  const given = scopeNames.filter((name) => query.has(name));
  const [first] = given;
  if (first === undefined) return;
  if (given.length > 1 || parseList(first, query.get(first) ?? '', 500).length > 1)
    throw invalidParameter(first, 'Please provide a single account ID, site ID or group ID.');
}
