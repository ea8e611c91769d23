import { riskLevels } from '../../world/cves.ts';
import type { Installs } from '../../world/installs.ts';
import { jsonAnswer } from '../answer.ts';
import type { Endpoint } from '../endpoint.ts';
import {
  contains,
  type FilterTable,
  flags,
  noneOf,
  numberBetween,
  oneOf,
  scopeFilters,
  timeBetween,
} from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';
import type { SortKey } from '../ordering.ts';
import { refuseUnknown } from '../query.ts';
import { notFound } from '../vendor-error.ts';

const permission = 'Applications Page.view';
const osTypes = ['linux', 'macos', 'windows', 'windows_legacy'];
const machineTypes = ['desktop', 'kubernetes node', 'laptop', 'server', 'storage', 'unknown'];
const types = [
  'app',
  'chromeExtension',
  'edgeExtension',
  'firefoxExtension',
  'kb',
  'patch',
  'safariExtension',
];

function filters(records: Installs): FilterTable {
  const record = (row: number) => records.timeline.revisions.record(row);
  const host = (row: number) => records.host(record(row));
  const application = (row: number) => records.application(record(row));
  const riskLevel = (row: number) => records.riskLevel(record(row));
  return {
    ...scopeFilters(records),
    agentComputerName__contains: contains((row) => host(row).computerName),
    agentIsDecommissioned: flags((row) => records.isDecommissioned(record(row))),
    agentMachineTypes: oneOf((row) => host(row).machineType, machineTypes),
    agentMachineTypesNin: noneOf((row) => host(row).machineType, machineTypes),
    agentOsVersion__contains: contains((row) => `${host(row).os.name} ${host(row).os.revision}`),
    agentUuid__contains: contains((row) => host(row).uuid),
    ...timeBetween('installedAt', (row) => records.installedUs(record(row))),
    name__contains: contains((row) => application(row).name),
    osTypes: oneOf((row) => application(row).osType, osTypes),
    osTypesNin: noneOf((row) => application(row).osType, osTypes),
    publisher__contains: contains((row) => application(row).publisher),
    riskLevels: oneOf(riskLevel, riskLevels),
    riskLevelsNin: noneOf(riskLevel, riskLevels),
    size__between: numberBetween((row) => records.size(record(row))),
    types: oneOf((row) => application(row).type, types),
    typesNin: noneOf((row) => application(row).type, types),
    version__contains: contains((row) => application(row).version),
  };
}

function sortKeys(records: Installs): Readonly<Record<string, SortKey>> {
  const record = (row: number) => records.timeline.revisions.record(row);
  const application = (row: number) => records.application(record(row));
  return {
    id: 'record',
    createdAt: 'record',
    updatedAt: 'axis',
    installedAt: (row) => records.installedUs(record(row)),
    agentComputerName: (row) => records.host(record(row)).computerName,
    name: (row) => application(row).name,
    publisher: (row) => application(row).publisher,
    riskLevel: (row) => riskLevels.indexOf(records.riskLevel(record(row))),
    size: (row) => records.size(record(row)),
    type: (row) => application(row).type,
    version: (row) => application(row).version,
  };
}

/** What is installed on hosts that are in service, unless it is asked for others. */
export const installedApplications = listEndpoint({
  path: '/installed-applications',
  permission,
  records: (world) => world.installs,
  filters,
  defaults: { agentIsDecommissioned: 'False' },
  sortKeys,
});

/** One installed application with its vulnerabilities. No documentation has it; old connectors call it once per install. */
export const privateInstalledApplicationCves: Endpoint = {
  method: 'GET',
  path: '/private/installed-applications/{applicationId}/cves',
  authentication: 'token',
  permission,
  answer({ world, query, pathParams, token, nowMs }) {
    refuseUnknown(query, new Set());
    const { installs, cves } = world;
    const id = pathParams.get('applicationId') ?? '';
    const record = /^\d{1,20}$/.test(id) ? installs.find(id) : -1;
    const row = record < 0 ? -1 : world.shown(installs, nowMs).rowOf(record);
    const isInScope =
      token?.siteId === undefined || (record >= 0 && installs.siteId(record) === token.siteId);
    if (row < 0 || !isInScope) throw notFound();
    const known = world.shown(cves, nowMs);
    const found = installs.application(record).cves.map((cve) => cves.body(known.rowOf(cve)));
    return jsonAnswer({ data: { ...installs.body(row), cves: found } });
  },
};
