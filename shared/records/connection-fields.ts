import type { Json, JsonObject } from '../json.ts';
import { addressOf, hostAddresses } from './addresses.ts';
import { presentFields } from './json-fields.ts';

/** What is known of a connection that an endpoint saw. */
export interface ConnectionFacts {
  /** From the endpoint's point of view: `OUTGOING` or `INCOMING`. */
  readonly direction?: string | undefined;
  readonly srcIp?: Json | undefined;
  readonly srcPort?: number | undefined;
  readonly dstIp?: Json | undefined;
  readonly dstPort?: number | undefined;
  /** What is spoken over it (`https`); some consoles say here over what it runs. */
  readonly protocol?: string | undefined;
  /** Over what it runs: `TCPV4`, `TCPV4LISTEN`. */
  readonly transport?: string | undefined;
  /** The endpoint's name. */
  readonly hostName?: string | undefined;
  /** Whose connection it is at the endpoint's end. */
  readonly userName?: string | undefined;
}

/**
 * The fields of a connection: `srcip`, `dstip` and what belongs to them. The side that is the endpoint has its name and its
 * user, and gives the host's address.
 */
export function connectionFields(connection: ConnectionFacts): JsonObject {
  const { protocol } = connection;
  const srcip = specifiedAddress(connection.srcIp);
  const dstip = specifiedAddress(connection.dstIp);
  const direction = directions.get(connection.direction?.trim().toUpperCase() ?? '');
  // Who listens has no other side yet, and is the source.
  const own = direction === 'inbound' && dstip !== undefined ? 'dst' : 'src';
  const ownIp = own === 'dst' ? dstip : srcip;
  const ownFields =
    direction === undefined || ownIp === undefined
      ? {}
      : {
          [`${own}ip_host`]: connection.hostName,
          [`${own}ip_username`]: connection.userName,
          ...hostFields(ownIp, connection.hostName),
        };
  return presentFields({
    srcip,
    srcport: usedPort(connection.srcPort),
    dstip,
    dstport: usedPort(connection.dstPort),
    ...ownFields,
    proto_name: transportOf(connection.transport) ?? transportOf(protocol),
    appid_name: transportOf(protocol) === undefined ? protocol : undefined,
    network: presentFields({ direction }),
  });
}

const directions: ReadonlyMap<string, string> = new Map([
  ['OUTGOING', 'outbound'],
  ['INCOMING', 'inbound'],
]);

/** A connection within the host tells no address by which it can be reached. */
function hostFields(ownIp: string, name: string | undefined): JsonObject {
  const [hostip] = hostAddresses(ownIp).list;
  return hostip === undefined ? {} : { hostip, hostip_host: name };
}

/** `0.0.0.0` and `::` stand for any address. */
function specifiedAddress(value: Json | undefined): string | undefined {
  const address = addressOf(value);
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

/** Port 0 stands for none. */
function usedPort(port: number | undefined): number | undefined {
  return port !== undefined && port > 0 && port < 65_536 ? port : undefined;
}

function transportOf(text: string | undefined): string | undefined {
  return /^(tcp|udp|icmp)(v[46]|$)/i.exec(text?.trim() ?? '')?.[1]?.toLowerCase();
}
