import type { JsonObject } from '../../../../shared/json.ts';
import { enumAt, fieldAt, listAt, textAt } from '../../../../shared/records/json-fields.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import type { ConsoleClient } from '../console-client.ts';
import type { ActionCase, Beginning, Impossible } from './action-case.ts';
import type { Subject } from './subjects.ts';

const everySystem: Impossible = { impossible: 'is for all operating systems' };
const anEvent: Impossible = { impossible: 'is an event, and no state that could be there already' };
const atTheConsole = 'is done at the console alone';
const begunAt = Date.now();

async function recordOf({ kind, id }: Subject, console: ConsoleClient): Promise<JsonObject> {
  const paths = { agent: '/agents', threat: '/threats', alert: '/cloud-detection/alerts' } as const;
  const [record] = await console.list(paths[kind], { ids: id });
  if (record === undefined) throw new Error(`The console has no ${kind} ${id}.`);
  return record;
}

const doing = (path: string, data?: JsonObject): NonNullable<Beginning['prepare']> => {
  return (ids, console) => console.act('POST', path, { ids: [...ids] }, data);
};

type AgentCase = Pick<ActionCase, 'action' | 'verb' | 'begins' | 'already' | 'shows' | 'shown' | 'evidence'>;

const onAgents = (own: AgentCase & Partial<ActionCase>): ActionCase => ({
  unsupported: everySystem,
  safelist: 'protects',
  viewer: 'refused',
  ...own,
});

const shows =
  (...field: readonly string[]): ActionCase['shows'] =>
  async (subject, console) =>
    enumAt(await recordOf(subject, console), ...field) ?? 'nothing';

const has =
  (wanted: readonly string[], ...field: readonly string[]): NonNullable<Beginning['suits']> =>
  (record) =>
    wanted.includes(enumAt(record, ...field) ?? '');

const connected = has(['connected'], 'networkStatus');
const cutOff: Beginning = { prepare: doing('/agents/actions/disconnect'), shows: 'disconnected' };

const agentCases: readonly ActionCase[] = [
  onAgents({
    action: 'contain',
    verb: 'disconnect',
    begins: { suits: connected },
    already: { ...cutOff, suits: connected },
    shows: shows('networkStatus'),
    shown: 'disconnected',
    evidence: 'agent networkStatus disconnected',
  }),
  onAgents({
    action: 'release',
    verb: 'connect',
    begins: { ...cutOff, suits: connected },
    already: { suits: connected },
    safelist: 'lets through',
    shows: shows('networkStatus'),
    shown: 'connected',
    evidence: 'agent networkStatus connected',
  }),
  onAgents({
    action: 'initiate-scan',
    verb: 'initiate-scan',
    begins: { suits: has(['none', 'aborted'], 'scanStatus') },
    already: { suits: has(['started'], 'scanStatus'), refused: 'scan_running' },
    shows: shows('scanStatus'),
    shown: 'finished',
    evidence: 'agent scanStatus finished',
  }),
  onAgents({
    action: 'abort-scan',
    verb: 'abort-scan',
    begins: { suits: has(['started'], 'scanStatus') },
    already: { suits: has(['finished'], 'scanStatus'), refused: 'no_scan_running' },
    shows: shows('scanStatus'),
    shown: 'aborted',
    evidence: 'agent scanStatus aborted',
  }),
  onAgents({
    action: 'restart',
    verb: 'restart-machine',
    begins: {},
    already: anEvent,
    async shows(subject, console) {
      const startedAt = parseConsoleTime((await recordOf(subject, console))['osStartTime']) ?? 0;
      return startedAt > begunAt ? 'started since' : 'started before';
    },
    shown: 'started since',
    evidence: 'agent osStartTime',
  }),
  onAgents({
    action: 'fetch-logs',
    verb: 'fetch-logs',
    begins: {},
    already: anEvent,
    parameters: () => ({ agentLogs: true }),
    async shows({ agentId }, console) {
      const uploads = await console.list('/activities', { agentIds: agentId, activityTypes: '66' });
      return `${uploads.length} uploads`;
    },
    shown: '1 uploads',
    evidence: 'activity activityType 66',
  }),
  onAgents({
    action: 'broadcast-message',
    verb: 'broadcast',
    begins: {},
    already: anEvent,
    unsupported: { os: 'linux' },
    offlineToo: 'is over when the console has accepted it',
    parameters: () => ({ message: 'Security: please save your work.' }),
    shows: async () => 'nothing',
    shown: 'nothing',
    evidence: 'answer data.affected 1',
  }),
];

const onThreats = (own: AgentCase & Partial<ActionCase>): ActionCase => onAgents(own);

function mitigation(
  path: string,
  action: string,
  own: Partial<ActionCase> & { readonly action: string },
): ActionCase {
  const entryOf = (record: JsonObject) =>
    listAt(record, 'mitigationStatus').find((entry) => enumAt(entry, 'action') === action);
  const suits: NonNullable<Beginning['suits']> = (record) => entryOf(record) === undefined;
  return onThreats({
    verb: `mitigate/${path}`,
    begins: { suits },
    already: { suits, prepare: doing(`/threats/mitigate/${path}`), shows: 'success' },
    async shows(subject, console) {
      return enumAt(entryOf(await recordOf(subject, console)), 'status') ?? 'nothing';
    },
    shown: 'success',
    evidence: `threat mitigationStatus.${action} success`,
    ...own,
  });
}

const dynamic = has(['dynamic'], 'threatInfo', 'detectionType');
const withoutEntry = (action: string) => (record: JsonObject) =>
  listAt(record, 'mitigationStatus').every((entry) => enumAt(entry, 'action') !== action);
const remediable = (record: JsonObject) =>
  dynamic(record, {}) && withoutEntry('remediate')(record) && withoutEntry('quarantine')(record);

const mitigationCases: readonly ActionCase[] = [
  mitigation('kill', 'kill', { action: 'kill', already: anEvent }),
  mitigation('quarantine', 'quarantine', { action: 'quarantine' }),
  mitigation('un-quarantine', 'unquarantine', { action: 'unquarantine' }),
  mitigation('remediate', 'remediate', {
    action: 'remediate',
    begins: { suits: remediable },
    already: { suits: remediable, prepare: doing('/threats/mitigate/remediate'), shows: 'success' },
    unsupported: { os: 'linux', instead: { action: 'quarantine', verb: 'mitigate/quarantine' } },
  }),
  mitigation('rollback-remediation', 'rollback', {
    action: 'rollback-remediation',
    already: anEvent,
    unsupported: { os: 'linux' },
  }),
];

const siteOf = ({ record }: Subject) => textAt(record, 'agentRealtimeInfo', 'siteId') ?? '';
const sha1Of = (record: JsonObject) => textAt(record, 'threatInfo', 'sha1');

/** The entries of the blocklist of the threat's site with its hash. */
async function blocked(subject: Subject, console: ConsoleClient): Promise<readonly JsonObject[]> {
  return await console.list('/restrictions', {
    type: 'black_hash',
    value: sha1Of(subject.record) ?? '',
    siteIds: siteOf(subject),
  });
}

const withFile: Beginning['suits'] = (record) => sha1Of(record) !== undefined;
const blocking: Beginning = {
  suits: withFile,
  prepare: doing('/threats/add-to-blacklist', { targetScope: 'site' }),
  shows: '1 entries',
};
const showsEntries: ActionCase['shows'] = async (subject, console) =>
  `${(await blocked(subject, console)).length} entries`;

const blocklistCases: readonly ActionCase[] = [
  onThreats({
    action: 'add-to-blocklist',
    verb: 'threats/add-to-blacklist',
    offlineToo: atTheConsole,
    parameters: () => ({ scope: 'site' }),
    begins: { suits: withFile },
    already: blocking,
    shows: showsEntries,
    shown: '1 entries',
    evidence: ({ record }) => `restriction value ${sha1Of(record)}`,
  }),
  onThreats({
    action: 'remove-from-blocklist',
    verb: 'restrictions/delete',
    offlineToo: atTheConsole,
    parameters: () => ({ scope: 'site' }),
    begins: blocking,
    already: { suits: withFile },
    shows: showsEntries,
    shown: '0 entries',
    evidence: 'restriction value null',
    deedIds: async (subject, console) =>
      (await blocked(subject, console)).flatMap((entry) => textAt(entry, 'id') ?? []),
  }),
];

function field(
  named: Pick<ActionCase, 'action' | 'verb'>,
  kind: 'threat' | 'alert',
  names: readonly [string, string],
  parameter: string,
  [first, second]: readonly [string, string],
): ActionCase {
  const own = ({ record }: Subject) => enumAt(record, ...names) ?? '';
  const other = (subject: Subject) => (own(subject) === first ? second : first);
  return onThreats({
    ...named,
    offlineToo: atTheConsole,
    othersChangeIt: true,
    safelist: 'lets through',
    parameters: (subject) => ({ [parameter]: other(subject) }),
    begins: {},
    already: {
      parameters: (subject) => ({ [parameter]: own(subject) }),
      shown: own,
      evidence: (subject) => `${kind} ${names.join('.')} ${own(subject)}`,
    },
    shows: shows(...names),
    shown: other,
    evidence: (subject) => `${kind} ${names.join('.')} ${other(subject)}`,
  });
}

const statuses = ['resolved', 'in_progress'] as const;
const verdicts = ['true_positive', 'false_positive'] as const;

const consoleCases: readonly ActionCase[] = [
  field(
    { action: 'set-incident-status', verb: 'threats/incident' },
    'threat',
    ['threatInfo', 'incidentStatus'],
    'status',
    statuses,
  ),
  field(
    { action: 'set-analyst-verdict', verb: 'threats/analyst-verdict' },
    'threat',
    ['threatInfo', 'analystVerdict'],
    'verdict',
    verdicts,
  ),
  onThreats({
    action: 'add-note',
    verb: 'threats/notes',
    offlineToo: atTheConsole,
    safelist: 'lets through',
    viewer: 'allowed',
    parameters: ({ id }) => ({ note: `Seen by playbook 7: ${id} & "others"` }),
    begins: {},
    already: anEvent,
    async shows({ id }, console) {
      const notes = await console.list(`/threats/${id}/notes`);
      const own = notes.filter((note) => String(fieldAt(note, 'text')).startsWith('Seen by playbook 7'));
      return `${own.length} notes`;
    },
    shown: '1 notes',
    evidence: 'note text seen_by_playbook_7',
  }),
  field(
    { action: 'set-alert-status', verb: 'cloud-detection/alerts/incident' },
    'alert',
    ['alertInfo', 'incidentStatus'],
    'status',
    statuses,
  ),
  field(
    { action: 'set-alert-verdict', verb: 'cloud-detection/alerts/analyst-verdict' },
    'alert',
    ['alertInfo', 'analystVerdict'],
    'verdict',
    verdicts,
  ),
];

/** One for each action of the registry. */
export const actionCases: readonly ActionCase[] = [
  ...agentCases,
  ...mitigationCases,
  ...blocklistCases,
  ...consoleCases,
];
