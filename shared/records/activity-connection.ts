import type { ActivityData } from './activity-data.ts';
import type { ConnectionFacts } from './connection-fields.ts';
import { integerAt } from './json-fields.ts';

/** The connection that an activity tells of: the one that a firewall stopped, else the one that a rule has hit. */
export function activityConnection(data: ActivityData): ConnectionFacts {
  const remote = { ip: data('reportedremotehost'), port: portOf(data, 'reportedremoteport') };
  const local = { ip: data('reportedlocalhost'), port: portOf(data, 'reportedlocalport') };
  const direction = data('reporteddirection')?.toLowerCase();
  if (direction === 'outbound')
    return { direction: 'OUTGOING', ...ends(local, remote), protocol: data('reportedprotocol') };
  if (direction === 'inbound')
    return {
      // Where the endpoint's own end is not told, nobody must take the other one for it.
      direction: local.ip === undefined ? undefined : 'INCOMING',
      ...ends(remote, local),
      protocol: data('reportedprotocol'),
    };
  return {
    direction: data('neteventdirection'),
    ...ends(
      { ip: data('srcip', 'srcmachineip'), port: portOf(data, 'srcport') },
      { ip: data('dstip'), port: portOf(data, 'dstport') },
    ),
    transport: data('dveventtype'),
  };
}

interface End {
  readonly ip: string | undefined;
  readonly port: number | undefined;
}

function ends(source: End, destination: End): ConnectionFacts {
  return { srcIp: source.ip, srcPort: source.port, dstIp: destination.ip, dstPort: destination.port };
}

function portOf(data: ActivityData, name: string): number | undefined {
  return integerAt(data(name));
}
