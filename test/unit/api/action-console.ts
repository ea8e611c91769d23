import { isObject, type JsonObject } from '../../../shared/json.ts';
import type { ApiAnswer, ApiRequest, SentinelOneApi } from '../../../shared/ports.ts';
import { fieldAt } from '../../../shared/records/json-fields.ts';
import { agent, alert, smallConsole, threat } from '../actions/targets/support.ts';

/** A command that the console got, with the ids that it named. */
export interface Deed {
  readonly path: string;
  readonly ids: readonly unknown[];
  readonly body: JsonObject;
}

/** A console with a few endpoints, threats and alerts, which does at once what it is told. */
export interface ActionConsole extends SentinelOneApi {
  /** Commands, oldest first. */
  readonly deeds: Deed[];
  readonly agents: JsonObject[];
  /** So many looks at a list of endpoints pass before an isolation is through. */
  looksUntilDone: number;
  /** True where it answers with everything that a list holds, whatever was asked for. */
  isCareless: boolean;
  /** Runs ahead of every list; may throw in the console's place. */
  before: (signal: AbortSignal | undefined) => void;
}

export const ids = { online: '1001', other: '1002', offline: '1003', server: '1004' } as const;
export const threatId = '2001';
export const alertId = '3001';

/** Of the other lists there is nothing. */
const known: readonly string[] = ['/agents', '/threats', '/cloud-detection/alerts'];

export function actionConsole(): ActionConsole {
  const lists = smallConsole();
  const online = { isActive: true, osType: 'windows', networkStatus: 'connected', machineType: 'laptop' };
  lists.agents = [
    agent(ids.online, { ...online, computerName: 'LAPTOP-1' }),
    agent(ids.other, { ...online, computerName: 'LAPTOP-2' }),
    agent(ids.offline, { ...online, computerName: 'LAPTOP-3', isActive: false }),
    agent(ids.server, { ...online, computerName: 'DC01', machineType: 'server' }),
  ];
  lists.threats = [{ ...threat(threatId, ids.online), ...threatNow('unresolved') }];
  lists.alerts = [alert(alertId, ids.other)];
  const everything = (path: string) =>
    ({ '/agents': lists.agents, '/threats': lists.threats, '/cloud-detection/alerts': lists.alerts })[path] ??
    [];
  const console: ActionConsole = {
    deeds: [],
    agents: lists.agents,
    looksUntilDone: 0,
    isCareless: false,
    before: () => undefined,
    async list(path, params, signal) {
      console.before(signal);
      if (path === '/agents') arrive(lists.agents, console);
      if (console.isCareless) return { data: everything(path) };
      return known.includes(path) ? await lists.api.list(path, params) : { data: [] };
    },
    async request(request) {
      const { path, body = {} } = request;
      const named = fieldAt(body, 'filter', 'ids') ?? fieldAt(body, 'data', 'ids');
      const deed = { path, ids: Array.isArray(named) ? named : [], body };
      console.deeds.push(deed);
      return answer(request, deed, lists);
    },
  };
  return console;
}

/** What is on its way gets there, one look at a time. */
function arrive(agents: JsonObject[], console: ActionConsole): void {
  const isUnderWay = agents.some(({ networkStatus }) => String(networkStatus).endsWith('ing'));
  if (isUnderWay && console.looksUntilDone > 0) console.looksUntilDone -= 1;
  else if (isUnderWay)
    change(agents, ({ networkStatus }) => ({ networkStatus: String(networkStatus).replace(/ing$/, 'ed') }));
}

function answer(
  { path }: ApiRequest,
  { ids, body }: Deed,
  { agents, threats }: { readonly agents: JsonObject[]; readonly threats: JsonObject[] },
): ApiAnswer {
  const status = { disconnect: 'disconnecting', connect: 'connecting' }[path.split('/').at(-1) ?? ''];
  if (status !== undefined)
    change(agents, ({ id, isActive }) =>
      ids.includes(id) && isActive === true ? { networkStatus: status } : {},
    );
  if (path === '/threats/incident')
    change(threats, ({ id }) =>
      ids.includes(id) ? threatNow(fieldAt(body, 'data', 'incidentStatus') ?? null) : {},
    );
  return { json: { data: { affected: ids.length } } };
}

function threatNow(incidentStatus: JsonObject[string]): JsonObject {
  return { threatInfo: { threatId, incidentStatus, analystVerdict: 'undefined' } };
}

function change(records: JsonObject[], of: (record: JsonObject) => JsonObject): void {
  for (const [i, record] of records.entries())
    if (isObject(record)) records[i] = { ...record, ...of(record) };
}
