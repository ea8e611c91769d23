import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams, SentinelOneApi } from '../../../../shared/ports.ts';
import { textAt } from '../../../../shared/records/json-fields.ts';

/** What a console has, and what it was asked for. */
export interface SmallConsole {
  readonly api: SentinelOneApi;
  readonly calls: { readonly path: string; readonly params: ListParams }[];
  agents: JsonObject[];
  threats: JsonObject[];
  alerts: JsonObject[];
  /** Records per page, whatever is asked for. */
  pageSize: number;
}

/**
 * The lists that targets are found by. Removed endpoints are only shown where they are asked for, the exact filter of names heeds
 * capitals, and a parameter that is not known is a failure.
 */
export function smallConsole(): SmallConsole {
  const console: SmallConsole = {
    agents: [],
    threats: [],
    alerts: [],
    pageSize: 1_000,
    calls: [],
    api: {
      list: async (path, params) => {
        console.calls.push({ path, params });
        return pageOf(select(path, params, console), params, console.pageSize);
      },
      request: () => Promise.reject(new Error('Only lists are asked for here.')),
    },
  };
  return console;
}

function select(path: string, params: ListParams, { agents, threats, alerts }: SmallConsole): JsonObject[] {
  const { limit: _, cursor: __, sortBy: ___, sortOrder: ____, ...filters } = params;
  const lists: Readonly<Record<string, readonly JsonObject[]>> = {
    '/agents': agents,
    '/threats': threats,
    '/cloud-detection/alerts': alerts,
  };
  const records = lists[path];
  if (records === undefined) throw new Error(`There is no list ${path}.`);
  if (['ids', 'uuids', 'computerName', 'computerName__contains'].every((name) => filters[name] === undefined))
    throw new Error(`${path} was asked for everything.`);
  return records.filter(
    (record) =>
      isShown(record, path, filters) &&
      Object.entries(filters).every(([name, value]) => holds(name, value, record)),
  );
}

function isShown(record: JsonObject, path: string, filters: ListParams): boolean {
  const isRemoved = record['isDecommissioned'] === true || record['isUninstalled'] === true;
  return path !== '/agents' || !isRemoved || filters['isDecommissioned'] === 'True,False';
}

function holds(name: string, value: string, record: JsonObject): boolean {
  const values = value.split(',');
  if (values.includes('')) throw new Error(`${name} holds an empty value.`);
  switch (name) {
    case 'ids':
      if (values.some((id) => !/^\d{1,20}$/.test(id))) throw new Error('Not a valid id.');
      return values.includes(textAt(record, 'id') ?? textAt(record, 'alertInfo', 'alertId') ?? '');
    case 'uuids':
      return values.includes(textAt(record, 'uuid') ?? '');
    case 'computerName':
      return record['computerName'] === value;
    case 'computerName__contains': {
      const own = String(record['computerName']).toLowerCase();
      return values.some((part) => own.includes(part.trim().toLowerCase()));
    }
    case 'isDecommissioned':
    case 'isUninstalled':
      return true;
    default:
      throw new Error(`${name} is not known.`);
  }
}

function pageOf(records: readonly JsonObject[], params: ListParams, pageSize: number): ListPage {
  const from = Number(params['cursor'] ?? '0');
  const to = from + Math.min(pageSize, Number(params['limit'] ?? '10'));
  return {
    data: records.slice(from, to),
    totalItems: records.length,
    ...(to < records.length ? { nextCursor: String(to) } : {}),
  };
}

/** An endpoint as `GET /agents` gives it, as far as targets need it. */
export function agent(id: string, change: JsonObject = {}): JsonObject {
  return {
    ...{ id, computerName: `HOST-${id}`, uuid: `uuid-${id}`, siteId: '51', accountId: '1' },
    ...{ isDecommissioned: false, isUninstalled: false },
    ...change,
  };
}

export function threat(id: string, agentId: string | null, change: JsonObject = {}): JsonObject {
  return {
    id,
    agentRealtimeInfo: { agentId, siteId: '51', accountId: '1', ...change },
    threatInfo: { threatId: id },
  };
}

/** Alerts have no id at their top, and another name for the endpoint's. */
export function alert(id: string, agentId: string | null, change: JsonObject = {}): JsonObject {
  return {
    agentDetectionInfo: { siteId: '51', ...change },
    agentRealtimeInfo: { id: agentId },
    alertInfo: { alertId: id },
  };
}
