import type { Json, JsonObject } from '../../../shared/json.ts';
import { hasMitigated, mitigationSummary } from './deeds/mitigation-body.ts';
import { formatMicros, micros } from './micro-time.ts';
import type { Draws } from './random.ts';
import type { ThreatFacts } from './threat-facts.ts';
import { threatStoryline } from './threat-storyline.ts';
import { userNames } from './vocabulary.ts';

/** `suspicious` as the console prints it beside the value: `Suspicious`. */
function described(value: string): string {
  const words = value.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

const engines = [
  { key: 'reputation', title: 'Reputation' },
  { key: 'pre_execution', title: 'On-Write Static AI' },
  { key: 'executables', title: 'Behavioral AI' },
  { key: 'manual', title: 'Manual' },
] as const;

/** The half of a threat that says what was found and what became of it. */
export function threatInfo(facts: ThreatFacts, draw: Draws): JsonObject {
  const { state, host, id, createdUs, updatedUs } = facts;
  const isWindows = host.os.type === 'windows' || host.os.type === 'windows_legacy';
  const engine = draw.pick(engines);
  const isDynamic = draw.chance(0.5);
  const isMitigated = state.mitigatedUs !== undefined;
  const mitigation =
    state.analystVerdict === 'false_positive'
      ? 'marked_as_benign'
      : isMitigated || hasMitigated(state.mitigations ?? [])
        ? 'mitigated'
        : 'not_mitigated';
  // The agent saw it up to five seconds before the console; its clock counts milliseconds or whole seconds.
  const identifiedUs = createdUs - draw.below(5_000_000);
  return {
    analystVerdict: state.analystVerdict,
    analystVerdictDescription: described(state.analystVerdict),
    automaticallyResolved: false,
    browserType: null,
    classificationSource: draw.pick(['Cloud', 'Behavioral', 'Static', 'Engine']),
    cloudFilesHashVerdict: draw.pick([null, 'black', 'provider_unknown']),
    collectionId: String(BigInt(id) - 77n),
    confidenceLevel: draw.pick(['malicious', 'suspicious', 'n/a']),
    createdAt: formatMicros(createdUs),
    detectionEngines: [{ key: engine.key, title: engine.title }],
    detectionType: isDynamic ? 'dynamic' : 'static',
    engines: [engine.title],
    externalTicketExists: state.hasTicket,
    externalTicketId: state.hasTicket ? `SEC-${facts.record}` : null,
    failedActions: false,
    ...fileFields(facts, draw, isWindows),
    identifiedAt:
      identifiedUs % 3 === 0
        ? formatMicros(identifiedUs, 0)
        : formatMicros(identifiedUs - (identifiedUs % 1_000), draw.pick([3, 6])),
    incidentStatus: state.incidentStatus,
    incidentStatusDescription: described(state.incidentStatus),
    initiatingUserId: null,
    initiatingUsername: null,
    mitigatedPreemptively: false,
    mitigationStatus: mitigation,
    mitigationStatusDescription: described(mitigation),
    originatorProcess: draw.pick([null, 'explorer.exe', 'chrome.exe']),
    pendingActions: !isMitigated,
    processUser: draw.pick(userNames),
    reachedEventsLimit: draw.pick<Json>([null, false, false, true]),
    rebootRequired: false,
    rootProcessUpn: null,
    storyline: threatStoryline(facts.seed, facts.record, host),
    threatId: id,
    updatedAt: formatMicros(updatedUs),
    ...(state.mitigations === undefined ? {} : mitigationSummary(state.mitigations)),
    ...(draw.chance(0.1) ? { macroModules: [] } : {}),
    ...(draw.chance(0.1) ? { lastSeenOnHostAt: formatMicros(createdUs - micros.second, 2) } : {}),
  };
}

/** Detections without a file say so with empty strings and a null here and there. */
function fileFields({ file, host }: ThreatFacts, draw: Draws, isWindows: boolean): JsonObject {
  const { sample } = file;
  if (file.isFileless) {
    return {
      certificateId: '',
      classification: draw.pick(['Infostealer', 'Manual', 'Malware']),
      fileExtension: '',
      fileExtensionType: 'None',
      filePath: '',
      fileSize: 0,
      fileVerificationType: 'NotSigned',
      initiatedBy: 'star_active',
      initiatedByDescription: 'Custom Rule',
      isFileless: true,
      isValidCertificate: false,
      maliciousProcessArguments: '',
      md5: null,
      publisherName: '',
      sha1: '',
      sha256: null,
      threatName: draw.pick(['cmd.exe (interactive session)', 'powershell.exe (interactive session)', '']),
    };
  }
  const folder = sample.folder.replaceAll('\\', isWindows ? '\\' : '/');
  const path = isWindows
    ? `\\Device\\HarddiskVolume3\\Users\\${draw.pick(userNames) || 'Default'}\\${folder}\\${sample.name}`
    : `/home/${host.computerName}/${folder}/${sample.name}`;
  return {
    certificateId: draw.pick([null, '']),
    classification: sample.classification,
    fileExtension: sample.extension,
    fileExtensionType: sample.extensionType,
    filePath: path,
    fileSize: file.size,
    fileVerificationType: draw.pick([null, 'NotSigned', 'SignedVerified', 'PathNotFound']),
    initiatedBy: draw.pick(['agent_policy', 'full_disk_scan', 'on_demand_scan']),
    initiatedByDescription: 'Agent Policy',
    isFileless: false,
    isValidCertificate: draw.pick<Json>([null, false, true]),
    maliciousProcessArguments: draw.pick([null, '', `"${sample.name}" --install /s`]),
    md5: file.md5,
    publisherName: draw.pick([null, '', 'Fjällsoft AB']),
    sha1: file.sha1,
    sha256: file.sha256,
    threatName: sample.name,
  };
}
