import type { ThreatState } from '../threat-state.ts';

/** What deeds have made of a threat and what stays so until the next one, whatever the world had planned. */
export type ThreatChange = Partial<Pick<ThreatState, 'incidentStatus' | 'analystVerdict' | 'mitigations'>>;
