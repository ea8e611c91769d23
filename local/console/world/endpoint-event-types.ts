/** What an endpoint event is about, in the console's spelling. */
export interface EventType {
  /** `eventType`. */
  readonly name: string;
  readonly objectType: string;
}

/** Event types of one kind of object, and how many in a hundred events they are. */
interface EventFamily {
  readonly objectType: string;
  readonly share: number;
  readonly names: readonly string[];
}

const everywhere: readonly EventFamily[] = [
  { objectType: 'process', share: 17, names: ['Process Creation', 'Process Exit', 'Process Modification'] },
  { objectType: 'process', share: 1, names: ['Pre Execution Detection'] },
  {
    objectType: 'cross_process',
    share: 8,
    names: [
      'Open Remote Process Handle',
      'Duplicate Process Handle',
      'Duplicate Thread Handle',
      'Remote Thread Creation',
      'Remote Process Termination',
    ],
  },
  { objectType: 'command_script', share: 3, names: ['Command Script'] },
  { objectType: 'ip', share: 14, names: ['IP Connect', 'IP Listen'] },
  {
    objectType: 'file',
    share: 20,
    names: ['File Creation', 'File Modification', 'File Deletion', 'File Rename', 'File Scan'],
  },
  { objectType: 'logins', share: 4, names: ['Login', 'Logout'] },
  { objectType: 'url', share: 7, names: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'CONNECT'] },
  { objectType: 'dns', share: 9, names: ['DNS Resolved', 'DNS Unresolved'] },
  { objectType: 'indicators', share: 2, names: ['Behavioral Indicators'] },
  { objectType: 'module', share: 3, names: ['Module Load'] },
  // A type that no documentation knows: consoles add some with every release.
  { objectType: 'named_pipe', share: 1, names: ['Named Pipe Connection'] },
];

const windowsOnly: readonly EventFamily[] = [
  {
    objectType: 'scheduled_task',
    share: 5,
    names: ['Task Register', 'Task Update', 'Task Start', 'Task Trigger', 'Task Delete'],
  },
  {
    objectType: 'registry',
    share: 9,
    names: [
      'Registry Key Create',
      'Registry Key Rename',
      'Registry Key Delete',
      'Registry Key Export',
      'Registry Key Import',
      'Registry Key Security Changed',
      'Registry Value Create',
      'Registry Value Modified',
      'Registry Value Delete',
    ],
  },
];

/** Every family as often as its share says, so that one pick is enough. */
function families(list: readonly EventFamily[]): readonly (readonly EventType[])[] {
  return list.flatMap(({ objectType, share, names }) => {
    const types = names.map((name) => ({ name, objectType }));
    return Array.from({ length: share }, () => types);
  });
}

const ofAnyHost = families(everywhere);
const ofWindowsHosts = families([...everywhere, ...windowsOnly]);

/** What can happen on a host of this operating system: pick a family, and of it a type. */
export function eventFamilies(osType: string): readonly (readonly EventType[])[] {
  return osType.startsWith('windows') ? ofWindowsHosts : ofAnyHost;
}
