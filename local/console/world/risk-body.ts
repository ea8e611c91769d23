import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { escaped } from './application-vocabulary.ts';
import type { Application } from './applications.ts';
import type { Cve } from './cves.ts';
import { formatMicros, micros } from './micro-time.ts';
import { draws, purpose } from './random.ts';
import type { RiskState } from './risk-state.ts';
import { analysts } from './vocabulary.ts';

/** Everything that a risk's body is made from. Times in microseconds. */
export interface RiskFacts {
  readonly seed: number;
  readonly record: number;
  readonly id: string;
  readonly detectedUs: number;
  /** The time by which the list is filtered; the record does not tell it. */
  readonly updatedUs: number;
  readonly state: RiskState;
  readonly host: AgentIdentity;
  readonly application: Application;
  readonly cve: Cve;
}

export const exploitCodeMaturities = [
  'Not Defined',
  'Unproven',
  'Proof of Concept',
  'Functional',
  'High',
  'None',
] as const;
export const remediationLevels = [
  'Not Defined',
  'Official Fix',
  'Temporary Fix',
  'Workaround',
  'Unavailable',
  'None',
] as const;
export const reportConfidences = ['Not Defined', 'Unknown', 'Reasonable', 'Confirmed', 'None'] as const;

/** The risk as `GET /application-management/risks` answers it: scores are strings. */
export function riskBody(facts: RiskFacts): JsonObject {
  const { application, cve, host, state, detectedUs, updatedUs } = facts;
  const draw = draws(facts.seed, purpose.riskBody, facts.record);
  const isMarked = draw.chance(0.05);
  const isTouched = state.changes > 0;
  return {
    application: `${application.name} ${application.version}`,
    applicationName: application.name,
    applicationVendor: application.publisher === '' ? null : escaped(application.publisher),
    applicationVersion: application.version,
    baseScore: cve.score === 0 ? null : cve.score.toFixed(2),
    cveId: cve.cveId,
    cvssVersion: draw.pick(['3.1', '3.0', '2.0', '']),
    daysDetected: Math.floor((updatedUs - detectedUs) / micros.day),
    detectionDate: formatMicros(detectedUs),
    endpointId: host.id,
    endpointName: host.computerName,
    endpointType: host.machineType,
    exploitCodeMaturity: draw.pick(exploitCodeMaturities),
    id: facts.id,
    lastScanDate: formatMicros(updatedUs, 0),
    lastScanResult: state.lastScanResult,
    markType: isMarked ? draw.pick(['False Positive', 'Added CVE']) : '',
    markedBy: isMarked ? draw.pick(analysts) : null,
    markedDate: isMarked ? formatMicros(detectedUs + micros.minute) : null,
    mitigationStatus: state.mitigationStatus,
    mitigationStatusChangeTime: isTouched ? formatMicros(updatedUs) : null,
    mitigationStatusChangedBy: isTouched ? draw.pick(analysts) : null,
    mitigationStatusReason: draw.pick(['', null, 'Wartungsfenster 🛠️ am Wochenende']),
    nvdBaseScore: cve.score === 0 ? '' : cve.score.toFixed(2),
    nvdCvssVersion: '3.1',
    osType: host.os.type,
    publishedDate: formatMicros(cve.publishedUs, 0),
    reason: isMarked ? 'Nicht erreichbar' : null,
    remediationLevel: draw.pick(remediationLevels),
    reportConfidence: draw.pick(reportConfidences),
    riskScore: draw.chance(0.1) ? null : (cve.score * 0.9).toFixed(2),
    severity: cve.riskLevel.toUpperCase(),
    status: state.status,
    // A field that no documentation knows: consoles add some with every release.
    ...(draw.chance(0.05) ? { epssScore: 0.00042 } : {}),
  };
}
