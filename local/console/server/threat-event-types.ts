/** What a threat's events can be asked for by: `objectType`, or `events` for all of them. */
export const eventTypes = [
  'events',
  'file',
  'ip',
  'url',
  'dns',
  'process',
  'registry',
  'scheduled_task',
  'logins',
  'indicators',
  'module',
] as const;

/** The spellings of `eventType` in filters; one of them is misspelt in the vendor's API. */
const subTypes = {
  BEHAVIORALINDICATORS: ['Behavioral Indicators'],
  DNS: ['DNS Resolved', 'DNS Unresolved'],
  FILECREATION: ['File Creation'],
  FILEMODIFICATION: ['File Modification'],
  FILERNAME: ['File Rename'],
  FILESCAN: ['File Scan'],
  HTTP: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'CONNECT'],
  LOGIN: ['Login'],
  LOGOUT: ['Logout'],
  MODULE: ['Module Load'],
  PROCESSCREATION: ['Process Creation'],
  PROCESSMODIFICATION: ['Process Modification'],
  PROCESSTERMINATION: ['Process Exit'],
  REGISTRYACTION: [],
  REGKEYCREATE: ['Registry Key Create'],
  REGKEYDELETE: ['Registry Key Delete'],
  REGKEYEXPORT: ['Registry Key Export'],
  REGKEYIMPORT: ['Registry Key Import'],
  REGKEYRENAME: ['Registry Key Rename'],
  REGKEYSECURITYCHANGED: ['Registry Key Security Changed'],
  REGVALUECREATE: ['Registry Value Create'],
  REGVALUEMODIFIED: ['Registry Value Modified'],
  SCHEDTASKDELETE: ['Task Delete'],
  SCHEDTASKREGISTER: ['Task Register'],
  SCHEDTASKSTART: ['Task Start'],
  SCHEDTASKTRIGGER: ['Task Trigger'],
  SCHEDTASKUPDATE: ['Task Update'],
  TCPV4: ['IP Connect'],
  TCPV4LISTEN: ['IP Listen'],
  TCPV6: [],
  TCPV6LISTEN: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const spellings = new Map<string, string>(
  Object.entries(subTypes).flatMap(([spelling, names]) => names.map((name) => [name, spelling] as const)),
);

export const eventSubTypes: readonly string[] = Object.keys(subTypes);

/** How filters spell an event's type; undefined where they cannot ask for it. */
export function subTypeOf(eventType: string): string | undefined {
  return spellings.get(eventType);
}
