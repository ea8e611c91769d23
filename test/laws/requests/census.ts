import type { RunningConsole } from '../../../local/console/console.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { fieldAt } from '../../../shared/records/json-fields.ts';
import type { Clones } from './clones.ts';

/** An endpoint as far as names and scopes go. */
export interface CensusHost {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly siteId: string;
  readonly isRemoved: boolean;
}

/** A threat or alert, with the endpoint that it was seen on. */
export interface CensusDetection {
  readonly id: string;
  readonly agentId: string;
  /** Of group, site and account. */
  readonly scopes: Readonly<Record<'group' | 'site' | 'account', string>>;
  /** In lower case; empty where it has no file. Alerts have none here. */
  readonly sha1: string;
  readonly os: string;
}

/** An entry of the blocklist. */
export interface CensusEntry {
  readonly id: string;
  /** In lower case. */
  readonly sha1: string;
  readonly os: string;
  /** Of groups, sites and accounts. */
  readonly scopeIds: readonly string[];
}

/** Everything that the simulator has, by its own lists and by id: who is meant by a name is found out here without the product. */
export interface Census {
  readonly agents: ReadonlyMap<string, CensusHost>;
  readonly threats: ReadonlyMap<string, CensusDetection>;
  readonly alerts: ReadonlyMap<string, CensusDetection>;
  /** Also those that were removed since an earlier census. */
  readonly blocklist: ReadonlyMap<string, CensusEntry>;
}

/** Whole records, as the simulator's lists have them. */
export interface Records {
  readonly agents: readonly JsonObject[];
  readonly threats: readonly JsonObject[];
  readonly alerts: readonly JsonObject[];
}

const allOfThem = { isDecommissioned: 'True,False', isUninstalled: 'True,False' };

/** Reads the lists of endpoints, threats and alerts. No fault profile may be in force. */
export async function readRecords(simulator: RunningConsole): Promise<Records> {
  return {
    agents: await readList(simulator, '/agents', allOfThem),
    threats: await readList(simulator, '/threats'),
    alerts: await readList(simulator, '/cloud-detection/alerts'),
  };
}

/** @param before what an earlier census knew of the blocklist */
export async function census(
  simulator: RunningConsole,
  { agents, threats, alerts }: Records,
  clones: Clones,
  before?: Pick<Census, 'blocklist'>,
): Promise<Census> {
  const entries = await readList(simulator, '/restrictions');
  return {
    agents: byId(agents.map((agent) => hostOf(clones.shown(agent)))),
    threats: byId(
      threats.map((threat) => detectionOf(threat, text(threat, 'id'), 'agentId', 'agentRealtimeInfo')),
    ),
    alerts: byId(
      alerts.map((alert) =>
        detectionOf(alert, text(alert, 'alertInfo', 'alertId'), 'id', 'agentDetectionInfo'),
      ),
    ),
    blocklist: new Map([...(before?.blocklist ?? []), ...byId(entries.map(entryOf))]),
  };
}

/** A text of a record; empty where there is none. */
export function text(value: Json | undefined, ...path: readonly string[]): string {
  const found = fieldAt(value, ...path);
  return typeof found === 'string' ? found : '';
}

function hostOf(agent: JsonObject): CensusHost {
  return {
    id: text(agent, 'id'),
    uuid: text(agent, 'uuid'),
    name: text(agent, 'computerName'),
    siteId: text(agent, 'siteId'),
    isRemoved: agent['isDecommissioned'] === true || agent['isUninstalled'] === true,
  };
}

function detectionOf(record: JsonObject, id: string, agentId: string, scopes: string): CensusDetection {
  return {
    id,
    agentId: text(record, 'agentRealtimeInfo', agentId),
    scopes: {
      group: text(record, scopes, 'groupId'),
      site: text(record, scopes, 'siteId'),
      account: text(record, scopes, 'accountId'),
    },
    sha1: text(record, 'threatInfo', 'sha1').toLowerCase(),
    os: text(record, 'agentRealtimeInfo', 'agentOsType').toLowerCase(),
  };
}

function entryOf(entry: JsonObject): CensusEntry {
  const scopeIds = ['groupIds', 'siteIds', 'accountIds'].flatMap((name) => {
    const ids = fieldAt(entry, 'scope', name);
    return Array.isArray(ids) ? ids.map(String) : [];
  });
  return {
    id: text(entry, 'id'),
    sha1: text(entry, 'value').toLowerCase(),
    os: text(entry, 'osType').toLowerCase(),
    scopeIds,
  };
}

function byId<T extends { readonly id: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

/** The only site that a token sees endpoints of; undefined where it sees those of several. */
export async function siteOf(
  simulator: RunningConsole,
  token: keyof RunningConsole['tokens'],
): Promise<string | undefined> {
  const agents = await readList(simulator, '/agents', allOfThem, token);
  const [siteId, ...others] = new Set(agents.map((agent) => text(agent, 'siteId')));
  return others.length === 0 ? siteId : undefined;
}

/** A whole list. Throws where the simulator answers anything but a page. */
async function readList(
  simulator: RunningConsole,
  path: string,
  filters: Readonly<Record<string, string>> = {},
  token: keyof RunningConsole['tokens'] = 'admin',
): Promise<readonly JsonObject[]> {
  const records: JsonObject[] = [];
  let cursor = '';
  do {
    const query = new URLSearchParams({ ...filters, limit: '1000', ...(cursor === '' ? {} : { cursor }) });
    const answer = await fetch(`${simulator.url}/web/api/v2.1${path}?${query}`, {
      headers: { authorization: `ApiToken ${simulator.tokens[token]}` },
    });
    const page: JsonObject = JSON.parse(await answer.text());
    const { data } = page;
    if (!answer.ok || !Array.isArray(data)) throw new Error(`GET ${path}: ${JSON.stringify(page)}`);
    records.push(...data.filter(isObject));
    cursor = text(page, 'pagination', 'nextCursor');
  } while (cursor !== '');
  return records;
}
