import type { Json, JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import type { FieldValue } from './endpoint-event-field.ts';
import { endpointEventFields } from './endpoint-event-fields.ts';
import type { EventType } from './endpoint-event-types.ts';
import { formatMicros, micros } from './micro-time.ts';
import { draws, purpose } from './random.ts';
import { threatStoryline } from './threat-storyline.ts';

/** Everything that a threat event's record is made from. */
export interface ThreatEventFacts {
  readonly seed: number;
  /** A number of its own for every event of every threat, below 2^32. */
  readonly event: number;
  readonly id: string;
  /** When it happened, microseconds. */
  readonly us: number;
  readonly type: EventType;
  readonly host: AgentIdentity;
  readonly threat: number;
}

/** What a threat's events have of the fields of all events, besides the ones that are written otherwise below. */
const shared: ReadonlySet<string> = new Set(
  `agentDomain agentGroupId agentId agentInfected agentIp agentIsActive agentIsDecommissioned agentMachineType agentName
   agentNetworkStatus agentOs agentUuid agentVersion connectionStatus createdAt direction dnsRequest dnsResponse dstIp dstPort
   eventType fileFullName fileId fileMd5 fileSha1 fileSha256 fileSize fileType id indicatorCategory indicatorDescription
   indicatorMetadata indicatorName loginsBaseType loginsUserName md5 networkMethod networkSource networkUrl objectType oldFileMd5
   oldFileName oldFileSha1 oldFileSha256 parentPid parentProcessGroupId parentProcessIsMalicious parentProcessName
   parentProcessUniqueKey pid processCmd processDisplayName processGroupId processImagePath processImageSha1Hash
   processIntegrityLevel processIsMalicious processIsRedirectedCommandProcessor processIsWow64 processName processRoot
   processSessionId processStartTime processSubSystem processUniqueKey processUserName publisher registryId registryPath
   relatedToThreat rpid sha1 sha256 signatureSignedInvalidReason signedStatus siteName srcIp srcPort taskName taskPath
   threatStatus tid trueContext user verifiedStatus`.split(/\s+/),
);

/** Real booleans and numbers; every other one is written as a string, as Deep Visibility does. */
const plain: ReadonlySet<string> = new Set([
  'agentInfected',
  'agentIsActive',
  'agentIsDecommissioned',
  'dstPort',
  'parentProcessIsMalicious',
  'processIsMalicious',
  'relatedToThreat',
  'srcPort',
]);

/** The event as `GET /threats/{threatId}/explore/events` answers it: nothing in it says which threat it belongs to. */
export function threatEventRecord(facts: ThreatEventFacts): JsonObject {
  const { seed, event, host } = facts;
  const draw = draws(seed, purpose.threatEventBody, event, 1);
  const process = {
    pid: 4 + 4 * draw.below(8_000),
    startedUs: facts.us - 1_000 - draw.below(3 * micros.hour),
  };
  const record: Record<string, Json> = {};
  for (const { deepVisibility: name, value } of endpointEventFields({ ...facts, process })) {
    if (name !== undefined && shared.has(name)) record[name] = written(name, value);
  }
  const hasContent = draw.chance(0.05);
  return {
    ...record,
    activeContentFileId: hasContent ? draw.hex(16).toUpperCase() : null,
    activeContentHash: hasContent ? draw.hex(40) : null,
    activeContentPath: hasContent ? 'C:\\Users\\Zoë\\Documents\\Angebot – März 📊.docm' : null,
    hasActiveContent: hasContent,
    protocol: facts.type.objectType === 'ip' ? draw.pick(['tcp', 'udp', '']) : null,
    registryClassification: facts.type.objectType === 'registry' ? draw.pick(['Run keys', '', null]) : null,
    siteId: host.group.site.id,
    storyline: threatStoryline(seed, facts.threat, host),
    // A field that no documentation knows: consoles add some with every release.
    ...(draw.chance(0.03) ? { eventWeights: { score: 1e-7, of: [1, null] } } : {}),
  };
}

function written(name: string, value: FieldValue): Json {
  if (value === null) return null;
  if (typeof value === 'object') return value.us === null ? null : formatMicros(value.us, 3);
  return plain.has(name) || typeof value === 'string' ? value : String(value);
}
