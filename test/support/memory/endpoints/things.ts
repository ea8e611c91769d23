import type { JsonObject } from '../../../../shared/json.ts';

/** An endpoint of a console in memory. Times are of the console's clock, ISO-8601. */
export interface Endpoint {
  readonly id: string;
  readonly computerName: string;
  readonly osType: 'windows' | 'macos' | 'linux';
  readonly accountId: string;
  siteId: string;
  isActive: boolean;
  isDecommissioned: boolean;
  lastActiveDate: string;
  networkStatus: 'connected' | 'disconnecting' | 'disconnected' | 'connecting';
  scanStatus: 'none' | 'started' | 'aborted' | 'finished';
  scanStartedAt: string | null;
  scanFinishedAt: string | null;
  scanAbortedAt: string | null;
  osStartTime: string;
}

/** One try to mitigate a threat, as the console shows it. */
export interface MitigationEntry {
  readonly action: string;
  status: string;
  lastUpdate: string;
}

export interface Note {
  readonly id: string;
  readonly text: string;
  readonly createdAt: string;
}

export interface Threat {
  readonly id: string;
  readonly agentId: string;
  readonly detectionType: 'dynamic' | 'static';
  incidentStatus: string;
  analystVerdict: string;
  readonly mitigations: MitigationEntry[];
  readonly notes: Note[];
}

export interface StarAlert {
  readonly id: string;
  readonly agentId: string;
  incidentStatus: string;
}

/** An entry of the activity log. */
export interface LoggedActivity {
  readonly id: string;
  readonly activityType: number;
  /** Epoch milliseconds, by the console's clock. */
  readonly createdAt: number;
  readonly agentId: string;
  readonly threatId?: string;
  /** From when on the log shows it, epoch milliseconds, the true time. */
  readonly visibleAt: number;
}

export function endpointRecord({ id, ...endpoint }: Endpoint): JsonObject {
  return { id, uuid: `uuid-${id}`, isUninstalled: false, machineType: 'laptop', ...endpoint };
}

export function threatRecord(threat: Threat, endpoint: Endpoint): JsonObject {
  const { id, agentId, detectionType, incidentStatus, analystVerdict, mitigations } = threat;
  const { siteId, accountId, osType } = endpoint;
  return {
    id,
    agentRealtimeInfo: { agentId, siteId, accountId, agentOsType: osType },
    threatInfo: { threatId: id, detectionType, incidentStatus, analystVerdict },
    mitigationStatus: mitigations.map((entry) => ({ ...entry })),
  };
}

export function alertRecord({ id, agentId, incidentStatus }: StarAlert, endpoint: Endpoint): JsonObject {
  const { siteId, accountId } = endpoint;
  return {
    alertInfo: { alertId: id, incidentStatus: incidentStatus.toUpperCase() },
    agentRealtimeInfo: { id: agentId },
    agentDetectionInfo: { siteId, accountId },
  };
}

export function activityRecord(activity: LoggedActivity): JsonObject {
  const { id, activityType, createdAt, agentId, threatId = null } = activity;
  return { id, activityType, createdAt: new Date(createdAt).toISOString(), agentId, threatId };
}
