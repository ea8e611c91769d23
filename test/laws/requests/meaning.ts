import type { Json, JsonObject } from '../../../shared/json.ts';
import { fieldAt } from '../../../shared/records/json-fields.ts';
import type { Census, CensusHost } from './census.ts';

/** A connector of the world, as far as it decides who is meant. */
export interface AskedConnector {
  readonly tenant: string;
  /** Within its tenant. */
  readonly id: string;
  /** The only site that it is kept to; undefined for none. */
  readonly siteId: string | undefined;
  /** The only site that its token sees; undefined for all. */
  readonly seenSiteId: string | undefined;
}

/** The most that an action may touch, and by which calls. */
export interface Meaning {
  /** Ids of agents, threats or alerts. */
  readonly subjects: ReadonlySet<string>;
  /** What may be performed: the action that was asked for, one in its place, or a way back. */
  readonly actions: readonly string[];
  /** How many targets were named. */
  readonly targets: number;
  /** Of blocklists: the level of the list. */
  readonly level: 'group' | 'site' | 'account';
}

type Kind = 'agent' | 'threat' | 'alert';

/** What there is to know of an action here, written down anew and not read from the catalogue. */
interface KnownAction {
  readonly kind: Kind;
  /** Method and path of the console. */
  readonly call: string;
  /** What else may be performed in its place. */
  readonly instead?: readonly string[];
  readonly wayBack?: readonly string[];
}

const onAgents = (verb: string, ...wayBack: string[]): KnownAction => ({
  ...{ kind: 'agent', call: `POST /agents/actions/${verb}` },
  ...(wayBack.length === 0 ? {} : { wayBack }),
});
const mitigation = (verb: string, ...wayBack: string[]): KnownAction => ({
  ...{ kind: 'threat', call: `POST /threats/mitigate/${verb}` },
  ...(wayBack.length === 0 ? {} : { wayBack }),
});
const field = (kind: Kind, path: string, itself: string): KnownAction => ({
  kind,
  call: `POST ${path}`,
  wayBack: [itself],
});

/** All actions, by their ids in the documentation. */
export const knownActions: ReadonlyMap<string, KnownAction> = new Map([
  ['contain', onAgents('disconnect', 'release')],
  ['release', onAgents('connect', 'contain')],
  ['initiate-scan', onAgents('initiate-scan', 'abort-scan')],
  ['abort-scan', onAgents('abort-scan')],
  ['restart', onAgents('restart-machine')],
  ['fetch-logs', onAgents('fetch-logs')],
  ['broadcast-message', onAgents('broadcast')],
  ['kill', mitigation('kill')],
  ['quarantine', mitigation('quarantine', 'unquarantine')],
  ['unquarantine', mitigation('un-quarantine', 'quarantine')],
  // What cannot be remediated is quarantined.
  [
    'remediate',
    { ...mitigation('remediate', 'rollback-remediation', 'unquarantine'), instead: ['quarantine'] },
  ],
  ['rollback-remediation', mitigation('rollback-remediation')],
  [
    'add-to-blocklist',
    { kind: 'threat', call: 'POST /threats/add-to-blacklist', wayBack: ['remove-from-blocklist'] },
  ],
  ['remove-from-blocklist', { kind: 'threat', call: 'DELETE /restrictions', wayBack: ['add-to-blocklist'] }],
  ['add-note', { kind: 'threat', call: 'POST /threats/notes' }],
  ['set-incident-status', field('threat', '/threats/incident', 'set-incident-status')],
  ['set-analyst-verdict', field('threat', '/threats/analyst-verdict', 'set-analyst-verdict')],
  ['set-alert-status', field('alert', '/cloud-detection/alerts/incident', 'set-alert-status')],
  ['set-alert-verdict', field('alert', '/cloud-detection/alerts/analyst-verdict', 'set-alert-verdict')],
]);

/** The calls by which the actions are performed. */
export function callsOf(actions: readonly string[]): readonly string[] {
  return actions.flatMap((action) => knownActions.get(action)?.call ?? []);
}

/**
 * What a request that was taken means, by what the documentation says of naming targets. The blocklist of an account is for more than
 * a connector is for that is kept to a site.
 */
export function meaningOf(body: JsonObject, connector: AskedConnector, census: Census): Meaning {
  const action = String(body['action']);
  const known = knownActions.get(action);
  const targets = listOf(body['targets']);
  const level = levelOf(body);
  const isTooWide = action.endsWith('-blocklist') && level === 'account' && connector.siteId !== undefined;
  return {
    subjects: new Set(
      known === undefined || isTooWide
        ? []
        : targets.flatMap((target) => subjectsOf(target, known.kind, connector, census)),
    ),
    actions: [action, ...(known?.instead ?? [])],
    targets: targets.length,
    level,
  };
}

function levelOf(body: JsonObject): Meaning['level'] {
  const level = String(fieldAt(body, 'parameters', 'scope') ?? 'site').toLowerCase();
  return level === 'group' || level === 'account' ? level : 'site';
}

/** What an undo of an action means: the way back, for those to whom something was sent. */
export function wayBackOf(action: Meaning, sent: ReadonlySet<string>): Meaning {
  return {
    ...action,
    subjects: new Set([...action.subjects].filter((id) => sent.has(id))),
    actions: action.actions.flatMap((id) => knownActions.get(id)?.wayBack ?? []),
  };
}

/** Entries of the blocklist that block the file of one of the threats, on the list that was named. */
export function blocklistEntriesOf({ subjects, level }: Meaning, census: Census): ReadonlySet<string> {
  const ids = [...subjects].flatMap((subject) => {
    const threat = census.threats.get(subject);
    if (threat === undefined || threat.sha1 === '') return [];
    return [...census.blocklist.values()]
      .filter(
        ({ sha1, os, scopeIds }) =>
          sha1 === threat.sha1 &&
          os === threat.os &&
          scopeIds.length === 1 &&
          scopeIds[0] === threat.scopes[level],
      )
      .map(({ id }) => id);
  });
  return new Set(ids);
}

function subjectsOf(
  target: Json,
  kind: Kind,
  connector: AskedConnector,
  { agents, threats, alerts }: Census,
): readonly string[] {
  const named = (name: string) => fieldAt(target, name);
  const hosts = [...agents.values()];
  const isOwn = (siteId: string | undefined) =>
    [connector.siteId, connector.seenSiteId].every((only) => only === undefined || only === siteId);
  const agent = (id: Json | undefined) => (isOwn(agents.get(String(id))?.siteId) ? [String(id)] : []);
  const detection = (found: typeof threats, id: Json | undefined) => {
    const one = found.get(String(id));
    if (one === undefined) return [];
    if (kind === 'agent') return agent(one.agentId);
    return isOwn(one.scopes.site) ? [one.id] : [];
  };
  const oneOf = (meant: readonly CensusHost[]) => onlyOne(meant.filter(({ siteId }) => isOwn(siteId)));
  const record = named('record');
  if (record !== undefined) {
    const id = idIn(record, kind, connector);
    if (id === undefined) return [];
    if (kind === 'agent') return agent(id);
    return detection(kind === 'threat' ? threats : alerts, id);
  }
  if (named('threatId') !== undefined && kind !== 'alert') return detection(threats, named('threatId'));
  if (named('alertId') !== undefined && kind !== 'threat') return detection(alerts, named('alertId'));
  if (kind !== 'agent') return [];
  if (named('agentId') !== undefined) return agent(named('agentId'));
  const isCalled = (name: string, wanted: Json | undefined) =>
    name.toLowerCase() === String(wanted).toLowerCase();
  if (named('uuid') !== undefined) return oneOf(hosts.filter(({ uuid }) => isCalled(uuid, named('uuid'))));
  return oneOf(hosts.filter(({ name }) => isCalled(name, named('hostName'))));
}

/** A name means one endpoint or none; removed ones count only where there is no other. */
function onlyOne(meant: readonly CensusHost[]): readonly string[] {
  const present = meant.filter(({ isRemoved }) => !isRemoved);
  const left = present.length > 0 ? present : meant;
  return left.length === 1 ? left.map(({ id }) => id) : [];
}

const threatSources: readonly string[] = ['sentinelone_endpoint', 'sentinel_endpoint', 'sentinel'];

/** The id that a record of the lake tells; undefined for one of somebody else, and where its fields do not agree. */
function idIn(record: Json, kind: Kind, { tenant, id: connector }: AskedConnector): string | undefined {
  const at = (...path: string[]) => fieldAt(record, ...path) ?? undefined;
  const isOthers = [
    [at('tenantid'), tenant],
    [at('connector', 'id'), connector],
  ].some(([told, own]) => told !== undefined && told !== own);
  const source = at('msg_origin', 'source');
  const isThreat = typeof source === 'string' && threatSources.includes(source.toLowerCase());
  if (isOthers || (kind === 'threat' && !isThreat)) return undefined;
  const ids = placesOf(kind, String(at('msg_class')))
    .map((path) => at(...path))
    .filter((id) => id !== undefined);
  const [id] = ids;
  return typeof id === 'string' && /^\d+$/.test(id) && ids.every((other) => other === id) ? id : undefined;
}

function placesOf(kind: Kind, msgClass: string): readonly (readonly string[])[] {
  if (kind === 'threat') return [['threatInfo', 'threatId']];
  if (kind === 'alert') return [['alertInfo', 'alertId']];
  const realtime = ['agentRealtimeInfo', 'agentId'];
  if (msgClass === 'sentinelone_host') return [['id'], realtime];
  return msgClass === 'sentinelone_cloud_detection_alerts'
    ? [['agentRealtimeInfo', 'id'], realtime]
    : [realtime];
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
