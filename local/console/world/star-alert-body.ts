import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { recordId } from './ids.ts';
import { formatMicros, micros } from './micro-time.ts';
import { type Draws, draws, purpose } from './random.ts';
import { alertEventFields, noTime, targetInfo } from './star-alert-event.ts';
import type { AlertState } from './star-alert-plan.ts';
import {
  type AlertEventType,
  alertEventTypes,
  hitTypes,
  integrityLevels,
  type StarRule,
  starRules,
  subsystems,
} from './star-alert-vocabulary.ts';
import { agentVersions, userNames } from './vocabulary.ts';

/** Everything that an alert's body is made from. Times in microseconds. */
export interface AlertFacts {
  readonly seed: number;
  readonly record: number;
  readonly id: string;
  readonly reportedUs: number;
  /** The event's time on the endpoint. */
  readonly createdUs: number;
  readonly rule: StarRule;
  readonly host: AgentIdentity;
  readonly state: AlertState;
}

const rulesSinceUs = Date.UTC(2025, 5, 1) * micros.millisecond;

/** The alert as `GET /cloud-detection/alerts` answers it. */
export function starAlertBody(facts: AlertFacts): JsonObject {
  const draw = draws(facts.seed, purpose.starAlertBody, facts.record, 1);
  const eventType = draw.pick(alertEventTypes);
  const inContainer = facts.host.os.type === 'linux' && draw.chance(0.4);
  return {
    agentDetectionInfo: detectionInfo(facts, draw),
    agentRealtimeInfo: realtimeInfo(facts),
    alertInfo: alertInfo(facts, eventType, draw),
    containerInfo: containerInfo(inContainer, draw),
    kubernetesInfo: kubernetesInfo(inContainer),
    ruleInfo: ruleInfo(facts.rule),
    sourceParentProcessInfo: processInfo(facts, draw, draw.chance(0.5)),
    sourceProcessInfo: processInfo(facts, draw, true),
    targetProcessInfo: targetInfo(eventType, facts, draw),
    // A field that no documentation knows: consoles add some with every release.
    ...(draw.chance(0.05) ? { purpleSummary: { text: '…', confidence: 0.5 } } : {}),
  };
}

/** The account's id is there on newer consoles only. */
function detectionInfo({ host, record }: AlertFacts, draw: Draws): JsonObject {
  return {
    ...(draw.chance(0.6) ? { accountId: host.group.site.account.id } : {}),
    machineType: host.machineType,
    name: host.computerName,
    osFamily: host.os.type,
    osName: host.os.name,
    osRevision: host.os.revision,
    siteId: host.group.site.id,
    uuid: host.uuid,
    version: agentVersions[record % agentVersions.length] ?? agentVersions[0],
  };
}

/** The host as it was when the alert was last changed; here its id is called `id`, and no scope is named. */
function realtimeInfo({ host, state }: AlertFacts): JsonObject {
  return {
    id: host.id,
    infected: state.incidentStatus !== 'Resolved',
    isActive: host.fate === 'stays',
    isDecommissioned: host.fate === 'decommissioned',
    machineType: host.machineType,
    name: host.computerName,
    os: host.os.type,
    uuid: host.uuid,
  };
}

function alertInfo(facts: AlertFacts, eventType: AlertEventType, draw: Draws): JsonObject {
  const { id, createdUs, reportedUs, state, rule } = facts;
  return {
    ...alertEventFields(eventType, facts, draw),
    alertId: id,
    analystVerdict: state.analystVerdict,
    createdAt: formatMicros(createdUs),
    dvEventId: `01J${draw.hex(23).toUpperCase()}_${draw.below(100)}`,
    eventType,
    hitType: hitTypes[rule.queryType],
    incidentStatus: state.incidentStatus,
    isEdr: draw.chance(0.9),
    reportedAt: formatMicros(reportedUs),
    source: 'STAR',
    // Whatever analysts do, it stays what it was on the first day.
    updatedAt: formatMicros(draw.chance(0.5) ? reportedUs : createdUs),
  };
}

function ruleInfo(rule: StarRule): JsonObject {
  return {
    description: rule.description,
    id: recordId(rulesSinceUs, starRules.indexOf(rule)),
    name: rule.name,
    queryLang: rule.queryLang,
    queryType: rule.queryType,
    s1ql: rule.s1ql,
    scopeLevel: rule.scopeLevel,
    severity: rule.severity,
    treatAsThreat: rule.treatAsThreat,
  };
}

/** A process that is not known has nulls, and sentinels where a null would do. */
function processInfo({ host, createdUs }: AlertFacts, draw: Draws, isKnown: boolean): JsonObject {
  const hasHashes = isKnown && draw.chance(0.6);
  const isWindows = host.os.type.startsWith('windows');
  const name = isKnown ? draw.pick(['powershell.exe', 'bash', 'svchost.exe', 'Überweisung.exe']) : null;
  const storyline = isWindows ? draw.hex(16).toUpperCase() : `${draw.hex(8)}-${draw.hex(4)}-4${draw.hex(3)}`;
  return {
    commandline: isKnown ? draw.pick([null, '', `"${name}" -enc SQBFAFgA 📎`]) : null,
    fileHashMd5: hasHashes ? draw.hex(32) : null,
    fileHashSha1: hasHashes ? draw.hex(40) : null,
    fileHashSha256: hasHashes ? draw.hex(64) : null,
    filePath: isKnown ? draw.pick([null, `C:\\Windows\\System32\\${name}`, `/usr/bin/${name}`]) : null,
    fileSignerIdentity: isKnown ? draw.pick([null, 'MICROSOFT WINDOWS', 'Fjällsoft AB']) : null,
    integrityLevel: isKnown ? draw.pick(integrityLevels) : 'unknown',
    name,
    pid: isKnown ? String(4 + 4 * draw.below(8_000)) : null,
    pidStarttime: isKnown
      ? formatMicros(createdUs - draw.below(1_000_000) * micros.millisecond, draw.pick([3, 6]))
      : noTime,
    storyline: isKnown ? storyline : null,
    subsystem: isKnown ? draw.pick(subsystems) : 'unknown',
    uniqueId: isKnown ? draw.hex(16).toUpperCase() : null,
    user: isKnown ? draw.pick([null, ...userNames, 'NT AUTHORITY\\SYSTEM']) : null,
    // Newer agents tell more about users.
    ...(draw.chance(0.3)
      ? { effectiveUser: draw.pick([null, 'root']), loginUser: draw.pick([null, 'Zoë']), realUser: null }
      : {}),
  };
}

/** Labels are plain texts here. */
function containerInfo(isKnown: boolean, draw: Draws): JsonObject {
  if (!isKnown) return { id: null, image: null, labels: null, name: null };
  return {
    id: draw.hex(64),
    image: 'registry.example/shop/web:1.8',
    labels: 'tier:web,team:zahlung',
    name: 'web',
  };
}

function kubernetesInfo(isKnown: boolean): JsonObject {
  return {
    cluster: isKnown ? 'prod-malmö' : null,
    controllerKind: isKnown ? 'Deployment' : null,
    controllerLabels: isKnown ? 'app:web' : null,
    controllerName: isKnown ? 'web' : null,
    namespace: isKnown ? '' : null,
    namespaceLabels: null,
    node: null,
    pod: isKnown ? 'web-7d9c' : null,
    podLabels: null,
  };
}
