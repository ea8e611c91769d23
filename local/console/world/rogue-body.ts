import type { JsonObject } from '../../../shared/json.ts';
import { formatMicros } from './micro-time.ts';
import { draws, purpose } from './random.ts';

/** What the network tells of a host; its words are free texts. */
export interface RogueKind {
  readonly deviceType: string;
  readonly deviceFunction: string | null;
  readonly manufacturer: string | null;
  readonly osType: string;
  readonly osName: string | null;
  readonly osVersion: string | null;
}

const kinds: readonly RogueKind[] = [
  {
    deviceType: 'Workstation',
    deviceFunction: 'Workstation',
    manufacturer: 'Dell Inc.',
    osType: 'Windows',
    osName: 'Windows 10',
    osVersion: '10.0.19045',
  },
  {
    deviceType: 'Server',
    deviceFunction: 'Database server',
    manufacturer: 'VMware, Inc.',
    osType: 'Linux',
    osName: 'Linux',
    osVersion: '',
  },
  {
    deviceType: 'Mobile',
    deviceFunction: null,
    manufacturer: 'Apple, Inc.',
    osType: 'iOS',
    osName: 'iOS',
    osVersion: null,
  },
  {
    deviceType: 'Printer',
    deviceFunction: 'Drucker (2. Stock)',
    manufacturer: 'コニカミノルタ',
    osType: 'Embedded',
    osName: null,
    osVersion: null,
  },
  {
    deviceType: 'Unknown',
    deviceFunction: '',
    manufacturer: '',
    osType: 'Unknown',
    osName: '',
    osVersion: '',
  },
  {
    deviceType: 'Video',
    deviceFunction: 'IP camera 📹',
    manufacturer: null,
    osType: '',
    osName: 'Unknown',
    osVersion: 'n/a',
  },
];

/** What can be asked for. */
export const rogueOsTypes: readonly string[] = kinds.map((kind) => kind.osType).filter((type) => type !== '');
export const rogueDeviceTypes: readonly string[] = kinds.map((kind) => kind.deviceType);

export function rogueKind(seed: number, record: number): RogueKind {
  return draws(seed, purpose.rogueBody, record).pick(kinds);
}

/** Everything that a rogue's body is made from. Times in microseconds. */
export interface RogueFacts {
  readonly seed: number;
  readonly record: number;
  readonly id: string;
  readonly firstSeenUs: number;
  readonly lastSeenUs: number;
  /** How often it had been seen before. */
  readonly sighting: number;
}

/** The host as `GET /rogues/table-view` answers it: nothing in it tells the site in whose network it is. */
export function rogueBody({ seed, record, id, firstSeenUs, lastSeenUs, sighting }: RogueFacts): JsonObject {
  const draw = draws(seed, purpose.rogueBody, record, 2);
  const kind = rogueKind(seed, record);
  const separator = draw.pick([':', ':', '-']);
  const mac = (draw.hex(12).match(/../g) ?? []).join(separator);
  const net = draw.below(200);
  const isMoving = draw.chance(0.2);
  // Every ninth sighting some of them have a new lease.
  const lease = isMoving ? Math.floor(sighting / 9) : 0;
  return {
    deviceFunction: kind.deviceFunction,
    deviceType: kind.deviceType,
    externalIp: draw.pick([`203.0.113.${net}`, `203.0.113.${net}`, '']),
    firstSeen: formatMicros(firstSeenUs),
    hostnames: draw.pick([
      [],
      [`unknown-${record}`],
      [`unknown-${record}`, `unknown-${record}.öresund.example`],
      ['プリンター'],
      null,
    ]),
    id,
    lastSeen: formatMicros(lastSeenUs),
    localIp: draw.chance(0.1)
      ? `fe80::${draw.hex(4)}:${draw.hex(4)}`
      : `10.${net}.${lease % 256}.${record % 256}`,
    macAddress: draw.chance(0.1) ? draw.pick([null, '']) : mac,
    manufacturer: kind.manufacturer,
    osName: kind.osName,
    osType: kind.osType,
    osVersion: kind.osVersion,
    // A field that no documentation knows: consoles add some with every release.
    ...(draw.chance(0.05) ? { riskIndex: 0.25 } : {}),
  };
}
