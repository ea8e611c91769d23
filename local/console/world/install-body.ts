import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import type { Application } from './applications.ts';
import { formatMicros } from './micro-time.ts';
import { draws, purpose } from './random.ts';
import { agentVersions } from './vocabulary.ts';

/** Everything that an install's body is made from. Times in microseconds. */
export interface InstallFacts {
  readonly seed: number;
  readonly record: number;
  readonly id: string;
  readonly createdUs: number;
  readonly updatedUs: number;
  readonly installedUs: number;
  readonly host: AgentIdentity;
  readonly application: Application;
  readonly riskLevel: string;
  /** Bytes. */
  readonly size: number;
}

/** The installed application as `GET /installed-applications` answers it. */
export function installBody(facts: InstallFacts): JsonObject {
  const { host, application } = facts;
  const draw = draws(facts.seed, purpose.installBody, facts.record, 2);
  const isGone = host.fate === 'decommissioned';
  return {
    agentComputerName: host.computerName,
    agentDomain: host.domain,
    agentId: host.id,
    agentInfected: draw.chance(0.1),
    agentIsActive: !isGone && draw.chance(0.8),
    agentIsDecommissioned: isGone,
    agentMachineType: host.machineType,
    agentNetworkStatus: isGone
      ? 'connecting'
      : draw.pick(['connected', 'connected', 'connected', 'disconnected', 'disconnecting']),
    agentOperationalState: draw.pick(['na', 'na', 'fully_disabled', null]),
    agentOsType: host.os.type,
    agentUuid: host.uuid,
    agentVersion: draw.pick(agentVersions),
    createdAt: formatMicros(facts.createdUs),
    id: facts.id,
    installedAt: draw.chance(0.03) ? null : formatMicros(facts.installedUs, draw.pick([0, 6])),
    name: application.name,
    osType: application.osType,
    publisher: application.publisher,
    riskLevel: facts.riskLevel,
    signed: draw.pick([true, false, null]),
    size: facts.size,
    type: application.type,
    updatedAt: formatMicros(facts.updatedUs),
    version: application.version,
    // A field that no documentation knows: consoles add some with every release.
    ...(draw.chance(0.05) ? { packageUrl: null } : {}),
  };
}
