import type { Json, JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { recordId } from './ids.ts';
import { formatMicros, micros } from './micro-time.ts';
import { type Draws, draws, purpose } from './random.ts';
import { agentVersions, userNames } from './vocabulary.ts';

/** Which revision of a host: the planned change it is in, and how often it was touched since the epoch. */
export interface AgentRevision {
  readonly record: number;
  readonly step: number;
  readonly lastStep: number;
  readonly touches: number;
}

/** What differs between the revisions of a host. */
export interface AgentState {
  /** True from the last planned change on; what happens then is the host's fate. */
  readonly ended: boolean;
  readonly networkStatus: 'connected' | 'disconnected' | 'connecting' | 'disconnecting';
  readonly isOnline: boolean;
  readonly versionIndex: number;
  readonly activeThreats: number;
  readonly userName: string;
  readonly scan: 'none' | 'started' | 'finished' | 'aborted';
  /** Where somebody had it scanned; else the times follow from the revision's. */
  readonly scanTimes?: ScanTimes;
  /** When somebody restarted it last, microseconds. */
  readonly restartedUs?: number;
}

/** Microseconds; null for what has not happened in this scan. */
export interface ScanTimes {
  readonly startedUs: number | null;
  readonly finishedUs: number | null;
  readonly abortedUs: number | null;
}

export function agentState(seed: number, revision: AgentRevision): AgentState {
  const draw = draws(seed, purpose.agentState, revision.record, revision.step * 65_536 + revision.touches);
  const isOnline = draw.chance(0.8);
  return {
    ended: revision.step >= revision.lastStep,
    networkStatus: draw.chance(0.03)
      ? 'disconnected'
      : isOnline
        ? 'connected'
        : draw.pick(['connected', 'disconnected']),
    isOnline,
    // Agents are only ever upgraded.
    versionIndex: Math.min(agentVersions.length - 1, (revision.record % 3) + Math.min(revision.step, 1)),
    activeThreats: draw.chance(0.85) ? 0 : 1 + draw.below(4),
    userName: draw.pick(userNames),
    scan: draw.pick(['none', 'started', 'finished', 'finished', 'aborted']),
  };
}

/** True for a host that is out of service in this state. */
export function isDecommissioned(identity: AgentIdentity, state: AgentState): boolean {
  return identity.fate === 'decommissioned' && state.ended;
}

export function isUninstalled(identity: AgentIdentity, state: AgentState): boolean {
  return identity.fate === 'uninstalled' && state.ended;
}

/** A host that left stays in whatever state it was last seen in, which may be a transitional one. */
export function networkStatus(identity: AgentIdentity, state: AgentState): string {
  return isDecommissioned(identity, state) ? 'connecting' : state.networkStatus;
}

export function isActive(identity: AgentIdentity, state: AgentState): boolean {
  return state.isOnline && !isDecommissioned(identity, state) && !isUninstalled(identity, state);
}

/**
 * When the host was last heard of, microseconds: never after the revision, and long before it for hosts that left.
 * It stands still between two revisions, so that a revision has one body; a real console moves it with every keep-alive.
 */
export function lastActiveUs(identity: AgentIdentity, state: AgentState, updatedUs: number): number {
  const gone = isDecommissioned(identity, state) || isUninstalled(identity, state);
  const silentUs = gone
    ? (30 + (identity.record % 300)) * micros.day
    : state.isOnline
      ? 1_234_567
      : 3 * micros.hour + 987;
  return Math.max(identity.enrolledUs, updatedUs - silentUs);
}

/** The host as `GET /agents` answers it. `updatedUs` in microseconds. */
export function agentBody(
  seed: number,
  identity: AgentIdentity,
  state: AgentState,
  updatedUs: number,
): JsonObject {
  const draw = draws(seed, purpose.agentIdentity, identity.record, 1);
  const { os, group } = identity;
  const { site } = group;
  const enrolled = formatMicros(identity.enrolledUs);
  const windows = os.type === 'windows' || os.type === 'windows_legacy';
  const scanTimes = state.scanTimes ?? usualScanTimes(state, updatedUs);
  return {
    accountId: site.account.id,
    accountName: site.account.name,
    activeDirectory: directory(identity, draw),
    activeThreats: state.activeThreats,
    agentVersion: agentVersions[state.versionIndex] ?? agentVersions[0],
    allowRemoteShell: draw.chance(0.5),
    appsVulnerabilityStatus: draw.pick(['patch_required', 'up_to_date', 'not_applicable']),
    cloudProviders: cloudProviders(identity, draw),
    computerName: identity.computerName,
    consoleMigrationStatus: 'N/A',
    containerizedWorkloadCounts: draw.chance(0.8)
      ? null
      : { containersCount: draw.below(40), podsCount: 3, tasksCount: 0 },
    coreCount: 4 << draw.below(3),
    cpuCount: 1 + draw.below(2),
    cpuId: draw.pick(['Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz', 'Apple M3', 'AMD EPYC 7763']),
    createdAt: enrolled,
    detectionState: draw.pick([null, 'full_mode']),
    domain: identity.domain,
    encryptedApplications: draw.chance(0.3),
    externalId: draw.pick(['', null, `asset-${identity.record}`]),
    externalIp: identity.externalIp,
    firewallEnabled: true,
    firstFullModeTime: draw.pick([null, formatMicros(identity.enrolledUs + 90 * micros.second)]),
    fullDiskScanLastUpdatedAt: enrolled,
    groupId: group.id,
    groupIp: identity.externalIp.replace(/\d+$/, 'x'),
    groupName: group.name,
    groupUpdatedAt: null,
    hasContainerizedWorkload: identity.machineType === 'kubernetes node',
    id: identity.id,
    inRemoteShellSession: false,
    infected: state.activeThreats > 0,
    installerType: os.installer,
    isActive: isActive(identity, state),
    isAdConnector: false,
    isDecommissioned: isDecommissioned(identity, state),
    isPendingUninstall: false,
    isUninstalled: isUninstalled(identity, state),
    isUpToDate: state.versionIndex === agentVersions.length - 1,
    lastActiveDate: formatMicros(lastActiveUs(identity, state, updatedUs)),
    lastIpToMgmt: identity.ipV4[0] ?? null,
    lastLoggedInUserName: state.userName,
    licenseKey: licenceKey(seed, identity),
    locationEnabled: true,
    locationType: 'fallback',
    locations: draw.chance(0.3)
      ? null
      : [{ id: recordId(identity.enrolledUs, 7), name: 'Fallback', scope: 'global' }],
    machineType: identity.machineType,
    mitigationMode: 'protect',
    mitigationModeSuspicious: draw.pick(['detect', 'protect']),
    missingPermissions: draw.chance(0.9) ? [] : ['user-action-needed-bluetooth-per'],
    modelName: draw.pick(['VMware, Inc. - VMware7,1', 'LENOVO - 21HM004RGE', '']),
    networkInterfaces: networkInterfaces(identity),
    networkQuarantineEnabled: false,
    networkStatus: networkStatus(identity, state),
    operationalState: 'na',
    operationalStateExpiration: null,
    osArch: os.arch,
    osName: os.name,
    osRevision: os.revision,
    osStartTime: formatMicros(state.restartedUs ?? identity.enrolledUs - 3 * micros.day, 0),
    osType: os.type,
    osUsername: draw.pick([null, 'root']),
    proxyStates: draw.pick<Json>([null, { console: false, deepVisibility: false }]),
    rangerStatus: draw.pick(['NotApplicable', 'Enabled', 'Disabled']),
    rangerVersion: draw.pick([null, '24.1.0.11']),
    registeredAt: enrolled,
    remoteProfilingState: 'disabled',
    remoteProfilingStateExpiration: null,
    scanAbortedAt: timeOrNull(scanTimes.abortedUs),
    scanFinishedAt: timeOrNull(scanTimes.finishedUs),
    scanStartedAt: timeOrNull(scanTimes.startedUs),
    scanStatus: state.scan,
    serialNumber: draw.pick([null, draw.hex(12).toUpperCase()]),
    siteId: site.id,
    siteName: site.name,
    storageName: null,
    storageType: null,
    tags: tags(identity, draw),
    threatRebootRequired: false,
    totalMemory: 4_096 << draw.below(4),
    updatedAt: formatMicros(updatedUs),
    userActionsNeeded: draw.chance(0.9) ? [] : ['reboot_needed'],
    uuid: identity.uuid,
    ...(windows ? { machineSid: `S-1-5-21-${1_000_000_000 + draw.below(1e9)}-${draw.below(1e9)}` } : {}),
    // A field that no documentation knows: consoles add some with every release.
    ...(draw.chance(0.05) ? { kernelShield: { state: 'learning', score: 0.5 } } : {}),
  };
}

/** Of a host that nobody had scanned, in a revision of this time: they move with every revision. */
export function usualScanTimes({ scan }: AgentState, updatedUs: number): ScanTimes {
  return {
    abortedUs: scan === 'aborted' ? updatedUs - micros.minute : null,
    finishedUs: scan === 'finished' ? updatedUs - 2 * micros.minute : null,
    startedUs: scan === 'none' ? null : updatedUs - micros.hour,
  };
}

function timeOrNull(us: number | null): string | null {
  return us === null ? null : formatMicros(us);
}

/** Few hosts have a licence of their own. */
function licenceKey(seed: number, { record }: AgentIdentity): string {
  return record % 9 === 4 ? draws(seed, purpose.agentIdentity, record, 2).hex(32) : '';
}

/** The interfaces of a host, in the form that agents and threats share. */
export function networkInterfaces(identity: AgentIdentity): Json {
  return [
    {
      id: identity.interfaceId,
      inet: identity.ipV4,
      inet6: identity.ipV6,
      name: identity.os.type === 'linux' ? 'eth0' : 'Ethernet',
      physical: identity.mac,
    },
  ];
}

function directory(identity: AgentIdentity, draw: Draws): Json {
  if (identity.domain === 'WORKGROUP' || identity.domain === '') {
    return {
      computerDistinguishedName: null,
      computerMemberOf: draw.pick<Json>([null, []]),
      lastUserDistinguishedName: null,
      lastUserMemberOf: [],
    };
  }
  return {
    computerDistinguishedName: `CN=${identity.computerName},OU=Hosts,DC=example`,
    computerMemberOf: ['CN=Domain Computers,DC=example'],
    lastUserDistinguishedName: null,
    lastUserMemberOf: [],
    mail: null,
    userPrincipalName: null,
  };
}

function cloudProviders(identity: AgentIdentity, draw: Draws): Json {
  if (identity.machineType !== 'server' || draw.chance(0.6)) return {};
  if (draw.chance(0.2)) return { ESXI: {} };
  return {
    AWS: {
      awsRole: null,
      awsSecurityGroups: [`sg-${draw.hex(17)}`],
      cloudAccount: '123456789012',
      cloudInstanceId: `i-${draw.hex(17)}`,
      cloudInstanceSize: 'm7g.large',
      cloudLocation: 'eu-north-1',
      cloudTags: [],
    },
  };
}

function tags(identity: AgentIdentity, draw: Draws): Json {
  const kind = draw.below(3);
  if (kind === 0) return null;
  if (kind === 1) return {};
  return {
    sentinelone: [
      {
        assignedAt: formatMicros(identity.enrolledUs, 0),
        assignedBy: 'Ines Okafor',
        assignedById: recordId(identity.enrolledUs, 11),
        id: recordId(identity.enrolledUs, 12),
        key: 'owner',
        value: 'Einkauf / Achats',
      },
    ],
  };
}
