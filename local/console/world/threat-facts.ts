import type { AgentIdentity } from './agent-identity.ts';
import type { DetectedFile } from './threat-file.ts';
import type { ThreatState } from './threat-state.ts';

/** Everything that a threat's body is made from. Times in microseconds. */
export interface ThreatFacts {
  readonly seed: number;
  readonly record: number;
  readonly id: string;
  readonly createdUs: number;
  readonly updatedUs: number;
  /** Different for every revision of the threat. */
  readonly revision: number;
  readonly state: ThreatState;
  readonly host: AgentIdentity;
  readonly file: DetectedFile;
  /** The body is padded to at least so many bytes. */
  readonly bytes: number;
}
