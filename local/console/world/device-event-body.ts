import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { recordId } from './ids.ts';
import { formatMicros } from './micro-time.ts';
import { type Draws, draws, purpose } from './random.ts';
import { userNames } from './vocabulary.ts';

/** Everything that a device control event's body is made from. Times in microseconds. */
export interface DeviceEventFacts {
  readonly seed: number;
  readonly record: number;
  readonly id: string;
  /** On the endpoint. */
  readonly eventUs: number;
  /** When the console got it. */
  readonly receivedUs: number;
  readonly host: AgentIdentity;
}

/** The event as `GET /device-control/events` answers it. */
export function deviceEventBody({
  seed,
  record,
  id,
  eventUs,
  receivedUs,
  host,
}: DeviceEventFacts): JsonObject {
  const draw = draws(seed, purpose.deviceEventBody, record, 3);
  const received = formatMicros(receivedUs);
  const byRule = draw.chance(0.6);
  return {
    accessPermission: draw.pick(['Read-Only', 'Read-Write', 'Not-Applicable']),
    agentId: host.id,
    computerName: host.computerName,
    createdAt: received,
    ...device(draw),
    eventId: `${draw.hex(8)}-${draw.hex(4)}-4${draw.hex(3)}-9${draw.hex(3)}-${draw.hex(12)}`,
    eventTime: formatMicros(eventUs),
    eventType: draw.pick(['connected', 'disconnected', 'blocked', 'approved']),
    id,
    lastLoggedInUserName: draw.pick([...userNames, null]),
    profileUuids: draw.pick([null, '', draw.hex(32)]),
    ruleId: byRule ? recordId(host.group.createdUs, 50 + draw.below(5)) : null,
    updatedAt: received,
  };
}

/** Which of the fields have a value depends on the kind of bus. */
function device(draw: Draws): JsonObject {
  const none = {
    deviceClass: null,
    deviceId: null,
    lmpVersion: null,
    minorClass: null,
    productId: null,
    serviceClass: null,
    uId: null,
    vendorId: null,
  };
  switch (draw.pick(['USB', 'USB', 'Bluetooth', 'Thunderbolt', 'SDCard'])) {
    case 'USB':
      return {
        ...none,
        deviceClass: draw.pick(['08h', '03h', 'E0h']),
        deviceId: draw.hex(16).toUpperCase(),
        deviceName: draw.pick(['SanDisk Ultra USB 3.0', 'Zoës Stick 🎵', '', null]),
        interface: 'USB',
        productId: draw.hex(4).toUpperCase(),
        uId: draw.pick([null, draw.hex(12)]),
        vendorId: draw.hex(4).toUpperCase(),
      };
    case 'Bluetooth':
      return {
        ...none,
        deviceClass: draw.pick(['0x240404', '']),
        deviceName: draw.pick(['WH-1000XM5', 'ヘッドセット']),
        interface: 'Bluetooth',
        lmpVersion: '0x09',
        minorClass: draw.pick(['0x01', null]),
        serviceClass: '0x120',
        uId: (draw.hex(12).match(/../g) ?? []).join(':'),
      };
    case 'Thunderbolt':
      return { ...none, deviceName: 'CalDigit TS4', interface: 'Thunderbolt', vendorId: '0x3d' };
    default:
      return { ...none, deviceId: draw.hex(8), deviceName: '', interface: 'SDCard', uId: draw.hex(12) };
  }
}
