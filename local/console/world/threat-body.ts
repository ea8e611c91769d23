import type { Json, JsonObject } from '../../../shared/json.ts';
import { networkInterfaces } from './agent-body.ts';
import { withMitigations } from './deeds/mitigation-body.ts';
import { formatMicros, micros } from './micro-time.ts';
import { type Draws, draws, purpose } from './random.ts';
import type { ThreatFacts } from './threat-facts.ts';
import { indicators } from './threat-indicators.ts';
import { threatInfo } from './threat-info.ts';
import { agentVersions, userNames } from './vocabulary.ts';

/** The threat as `GET /threats` answers it. */
export function threatBody(facts: ThreatFacts): JsonObject {
  const draw = draws(facts.seed, purpose.threatBody, facts.record);
  const inContainer = facts.host.os.type === 'linux' && draw.chance(0.3);
  const body: JsonObject = {
    agentDetectionInfo: draw.chance(0.03) ? null : detectionInfo(facts, draw),
    agentRealtimeInfo: realtimeInfo(facts),
    containerInfo: containerInfo(inContainer, draw),
    id: facts.id,
    indicators: indicators(draw, facts.state.isEnriched),
    kubernetesInfo: kubernetesInfo(inContainer),
    mitigationStatus: withMitigations(mitigationStatus(facts, draw), facts.state.mitigations ?? []),
    threatInfo: threatInfo(facts, draw),
    whiteningOptions: facts.file.isFileless
      ? []
      : draw.pick([[], ['hash', 'path'], ['hash', 'path', 'certificate']]),
    ...(inContainer
      ? { ecsInfo: { clusterName: null, serviceArn: null, serviceName: null, type: null, version: null } }
      : {}),
    // A field that no documentation knows: consoles add some with every release.
    ...(draw.chance(0.05) ? { signalProvenance: { model: 'v2', weights: [0.25, 1e-7, 3] } } : {}),
  };
  return padded(body, facts.bytes);
}

/** Old detections know nothing about the host any more; the fields stay, all of them null. */
function detectionInfo({ host, record }: ThreatFacts, draw: Draws): JsonObject {
  const isForgotten = draw.chance(0.04);
  const site = host.group.site;
  const known: JsonObject = {
    accountId: site.account.id,
    accountName: site.account.name,
    agentDetectionState: draw.pick([null, 'full_mode']),
    agentDomain: host.domain,
    agentIpV4: host.ipV4.join(','),
    agentIpV6: host.ipV6.join(','),
    agentLastLoggedInUpn: null,
    agentLastLoggedInUserMail: null,
    agentLastLoggedInUserName: draw.pick(userNames),
    agentMitigationMode: 'protect',
    agentOsName: host.os.name,
    agentOsRevision: host.os.revision,
    agentRegisteredAt: formatMicros(host.enrolledUs),
    agentUuid: host.uuid,
    agentVersion: agentVersions[record % agentVersions.length] ?? agentVersions[0],
    cloudProviders: {},
    externalIp: host.externalIp,
    groupId: host.group.id,
    groupName: host.group.name,
    siteId: site.id,
    siteName: site.name,
  };
  if (!isForgotten) return known;
  return Object.fromEntries(Object.keys(known).map((key) => [key, null]));
}

/** The host as it is now; this half changes with every revision of the threat. */
function realtimeInfo({ seed, record, revision, host, updatedUs, state }: ThreatFacts): JsonObject {
  const draw = draws(seed, purpose.threatBody, record, revision + 1);
  const isGone = host.fate === 'decommissioned';
  const isOnline = !isGone && draw.chance(0.85);
  const activeThreats = state.incidentStatus === 'resolved' ? 0 : 1 + draw.below(3);
  const scan = draw.pick(['none', 'started', 'finished']);
  const site = host.group.site;
  return {
    accountId: site.account.id,
    accountName: site.account.name,
    activeThreats,
    agentComputerName: host.computerName,
    agentDecommissionedAt: isGone ? true : null,
    agentDomain: host.domain,
    agentId: host.id,
    agentInfected: activeThreats > 0,
    agentIsActive: isOnline,
    agentIsDecommissioned: isGone,
    agentMachineType: host.machineType,
    agentMitigationMode: 'protect',
    agentNetworkStatus: isGone ? 'connecting' : isOnline ? 'connected' : 'disconnected',
    agentOsName: host.os.name,
    agentOsRevision: host.os.revision,
    agentOsType: host.os.type,
    agentUuid: host.uuid,
    agentVersion: agentVersions[record % agentVersions.length] ?? agentVersions[0],
    groupId: host.group.id,
    groupName: host.group.name,
    networkInterfaces: networkInterfaces(host),
    operationalState: 'na',
    rebootRequired: draw.chance(0.1),
    scanAbortedAt: null,
    scanFinishedAt: scan === 'finished' ? formatMicros(updatedUs - micros.hour) : null,
    scanStartedAt: scan === 'none' ? null : formatMicros(updatedUs - 3 * micros.hour),
    scanStatus: scan,
    siteId: site.id,
    siteName: site.name,
    storageName: null,
    storageType: null,
    userActionsNeeded: draw.chance(0.9) ? [] : ['reboot_needed'],
  };
}

function containerInfo(isKnown: boolean, draw: Draws): Json {
  if (!isKnown) return { id: null, image: null, isContainerQuarantine: null, labels: null, name: null };
  return {
    id: draw.hex(64),
    image: 'registry.example/shop/web:1.8',
    isContainerQuarantine: false,
    labels: ['tier:web'],
    name: 'web',
  };
}

function kubernetesInfo(isKnown: boolean): Json {
  const cluster = isKnown ? 'prod-malmö' : null;
  const pod = isKnown ? 'web-7d9c' : null;
  return {
    cluster,
    controllerKind: isKnown ? 'Deployment' : null,
    controllerLabels: isKnown ? ['app:web'] : null,
    controllerName: isKnown ? 'web' : null,
    isContainerQuarantine: null,
    namespace: isKnown ? '' : null,
    namespaceLabels: null,
    node: null,
    pod,
    podLabels: null,
  };
}

function mitigationStatus({ state, id }: ThreatFacts, draw: Draws): readonly JsonObject[] {
  const { mitigatedUs } = state;
  if (mitigatedUs === undefined) return [];
  const actions = draw.pick([['kill'], ['kill', 'quarantine'], ['kill', 'quarantine', 'remediate']]);
  // The agent's clock is not the console's: some reports end before they start, or after they were received.
  const agentEndUs = mitigatedUs - draw.pick([1_300_000, 500_000, -500_000]);
  return actions.map((action, index) => ({
    action,
    actionsCounters: draw.pick<Json>([
      null,
      { failed: 0, notFound: 0, pendingReboot: 0, success: 2, total: 2 },
    ]),
    agentSupportsReport: true,
    groupNotFound: false,
    lastUpdate: formatMicros(mitigatedUs),
    latestReport: draw.pick([null, '', `/threats/mitigation-report/${id}`]),
    mitigationEndedAt: formatMicros(agentEndUs - (agentEndUs % micros.millisecond)),
    mitigationStartedAt: formatMicros(agentEndUs - draw.pick([0, -12, 900_000]), draw.pick([3, 6])),
    reportId: String(BigInt(id) + BigInt(index + 1)),
    status: draw.pick(['success', 'success', 'failed', 'pending-reboot']),
  }));
}

/** Pads the command line, the part of a threat that is long in real life too. */
function padded(body: JsonObject, bytes: number): JsonObject {
  const info = body['threatInfo'];
  if (bytes === 0 || typeof info !== 'object' || info === null || !('maliciousProcessArguments' in info))
    return body;
  const withArguments = (told: string): JsonObject => ({
    ...body,
    threatInfo: { ...info, maliciousProcessArguments: told },
  });
  const told = info['maliciousProcessArguments'];
  const line = typeof told === 'string' ? told : '';
  const missing = bytes - Buffer.byteLength(JSON.stringify(withArguments(line)));
  return missing <= 0 ? body : withArguments(`${line}${' /q'.repeat(Math.ceil(missing / 3))}`);
}
