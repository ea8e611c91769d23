/** The stages of the XDR kill chain, from the first to the last. */
export const stages = [
  'Initial Attempts',
  'Persistent Foothold',
  'Exploration',
  'Propagation',
  'Exfiltration & Impact',
] as const;

export type Stage = (typeof stages)[number];

/** The version of the assignment of tactics to stages below. */
export const killChainVersion = '1.0';

export interface Tactic {
  /** Its ATT&CK number. */
  readonly id: string;
  readonly name: string;
  readonly stage: Stage;
  /** Where an attack from a public address belongs elsewhere. */
  readonly externalStage?: Stage;
}

/** The tactics of ATT&CK for Enterprise in the order of its matrix. ATT&CK is a trademark of The MITRE Corporation. */
export const tactics: readonly Tactic[] = [
  { id: 'TA0043', name: 'Reconnaissance', stage: 'Initial Attempts' },
  { id: 'TA0042', name: 'Resource Development', stage: 'Initial Attempts' },
  { id: 'TA0001', name: 'Initial Access', stage: 'Initial Attempts' },
  { id: 'TA0002', name: 'Execution', stage: 'Persistent Foothold' },
  { id: 'TA0003', name: 'Persistence', stage: 'Persistent Foothold' },
  { id: 'TA0004', name: 'Privilege Escalation', stage: 'Propagation' },
  { id: 'TA0005', name: 'Defense Evasion', stage: 'Persistent Foothold' },
  { id: 'TA0006', name: 'Credential Access', stage: 'Propagation', externalStage: 'Initial Attempts' },
  { id: 'TA0007', name: 'Discovery', stage: 'Exploration' },
  { id: 'TA0008', name: 'Lateral Movement', stage: 'Propagation' },
  { id: 'TA0009', name: 'Collection', stage: 'Exploration' },
  { id: 'TA0011', name: 'Command and Control', stage: 'Persistent Foothold' },
  { id: 'TA0010', name: 'Exfiltration', stage: 'Exfiltration & Impact' },
  { id: 'TA0040', name: 'Impact', stage: 'Exfiltration & Impact' },
];

/** What a detection is filed under whose tactic is not told, or is none of ATT&CK's. */
export const unmappedTactic = { id: 'XTA0001', name: 'XDR EBA', stage: 'Persistent Foothold' } as const;

/** What stands for the technique where none is told. */
export const unmappedTechnique = { id: 'unmapped', name: 'XDR Endpoint Indicator of Threat' } as const;
