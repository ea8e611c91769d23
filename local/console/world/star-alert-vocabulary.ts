/** A detection rule of the simulated company. */
export interface StarRule {
  readonly name: string;
  readonly description: string | null;
  readonly severity: 'Low' | 'Medium' | 'High' | 'Critical' | 'Info';
  readonly queryLang: '1.0' | '2.0';
  readonly queryType: 'events' | 'correlation' | 'uebafirstseen' | 'scheduled';
  readonly s1ql: string;
  readonly scopeLevel: 'group' | 'site' | 'account' | 'global';
  readonly treatAsThreat: 'UNDEFINED' | 'Suspicious' | 'Malicious';
}

export const starRules: readonly StarRule[] = [
  {
    name: 'Encoded PowerShell – “rundll” 🐚',
    description: null,
    severity: 'High',
    queryLang: '1.0',
    queryType: 'events',
    s1ql: 'ProcessName ContainsCIS "powershell" AND CmdLine ContainsCIS "-enc"',
    scopeLevel: 'site',
    treatAsThreat: 'Suspicious',
  },
  {
    name: 'user-alerts',
    description: 'Everything on the honeypots',
    severity: 'Critical',
    queryLang: '1.0',
    queryType: 'events',
    s1ql: 'EndpointName exists',
    scopeLevel: 'account',
    treatAsThreat: 'Malicious',
  },
  {
    name: '初回ログイン',
    description: '',
    severity: 'Info',
    queryLang: '2.0',
    queryType: 'uebafirstseen',
    s1ql: "event.login.userName = * and endpoint.os = 'windows'",
    scopeLevel: 'global',
    treatAsThreat: 'UNDEFINED',
  },
  {
    name: 'Known bad addresses',
    description: 'Watch list of the CERT, several thousand characters long',
    severity: 'Medium',
    queryLang: '2.0',
    queryType: 'events',
    s1ql: `dst.ip.address in (${Array.from({ length: 250 }, (_, index) => `"198.51.100.${index}"`).join(', ')})`,
    scopeLevel: 'account',
    treatAsThreat: 'UNDEFINED',
  },
  {
    name: 'Many deletions, then a service',
    description: null,
    severity: 'High',
    queryLang: '2.0',
    queryType: 'correlation',
    s1ql: "event.type = 'File Deletion' | group n = count() by endpoint.name | filter n > 500",
    scopeLevel: 'group',
    treatAsThreat: 'Malicious',
  },
  {
    name: 'nightly sweep',
    description: 'runs at 02:00',
    severity: 'Low',
    queryLang: '2.0',
    queryType: 'scheduled',
    s1ql: "tgt.file.path matches '\\\\\\\\Temp\\\\\\\\.*\\\\.scr$'",
    scopeLevel: 'site',
    treatAsThreat: 'UNDEFINED',
  },
];

/** What kind of hit each kind of rule makes. */
export const hitTypes: Readonly<Record<StarRule['queryType'], string>> = {
  events: 'Events',
  correlation: 'Correlation',
  uebafirstseen: 'UEBAFirstSeen',
  scheduled: 'Scheduled',
};

/** Spelled as alerts spell them, which is not the way of Deep Visibility. */
export const alertEventTypes = [
  'PROCESSCREATION',
  'REGVALUEMODIFIED',
  'FILECREATION',
  'FILEDELETION',
  'TCPV4',
  'DNS',
  'WINLOGONATTEMPT',
  'BEHAVIORALINDICATORS',
  'MODULELOAD',
  'THREATINTELLIGENCEINDICATORS',
] as const;

export type AlertEventType = (typeof alertEventTypes)[number];

export const integrityLevels = ['unknown', 'untrusted', 'low', 'medium', 'high', 'system'] as const;
export const subsystems = ['unknown', 'wsl', 'sys_win32', 'win32'] as const;
