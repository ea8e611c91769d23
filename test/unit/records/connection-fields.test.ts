import { describe, expect, it } from 'vitest';
import { connectionFields } from '../../../shared/records/connection-fields.ts';

const ends = { srcIp: '10.0.0.1', dstIp: '198.51.100.7', hostName: 'a', userName: 'ana' };

describe('the fields of a connection', () => {
  it.each([
    [
      'OUTGOING',
      {
        srcip_host: 'a',
        srcip_username: 'ana',
        hostip: '10.0.0.1',
        hostip_host: 'a',
        network: { direction: 'outbound' },
      },
    ],
    [
      'INCOMING',
      {
        dstip_host: 'a',
        dstip_username: 'ana',
        hostip: '198.51.100.7',
        hostip_host: 'a',
        network: { direction: 'inbound' },
      },
    ],
    ['incoming ', { dstip_host: 'a', dstip_username: 'ana', hostip: '198.51.100.7' }],
    ['SIDEWAYS', {}],
    [undefined, {}],
  ])('say which end is the host: %s', (direction, own) => {
    const fields = connectionFields({ ...ends, direction });
    expect(fields).toMatchObject({ srcip: '10.0.0.1', dstip: '198.51.100.7', ...own });
    if (Object.keys(own).length === 0) expect(fields).toEqual({ srcip: '10.0.0.1', dstip: '198.51.100.7' });
  });

  it.each(['', null, '0.0.0.0', '::', undefined])(
    'have the host as source where it listens (%j)',
    (dstIp) => {
      expect(connectionFields({ ...ends, dstIp, direction: 'INCOMING' })).toEqual({
        srcip: '10.0.0.1',
        srcip_host: 'a',
        srcip_username: 'ana',
        hostip: '10.0.0.1',
        hostip_host: 'a',
        network: { direction: 'inbound' },
      });
    },
  );

  it.each(['127.0.0.1', '::1'])('know no address of a host that talks to itself by %s', (srcIp) => {
    const fields = connectionFields({ srcIp, dstIp: srcIp, direction: 'OUTGOING', hostName: 'a' });
    expect(fields).toEqual({
      srcip: srcIp,
      dstip: srcIp,
      srcip_host: 'a',
      network: { direction: 'outbound' },
    });
  });

  it.each([
    ['FE80::1%eth0', 'fe80::1'],
    [' 10.0.0.1 ', '10.0.0.1'],
    ['10.0.0.1,10.0.0.2', undefined],
    ['10.0.0', undefined],
    [7, undefined],
  ])('have the address %j as %s', (srcIp, srcip) => {
    expect(connectionFields({ srcIp })['srcip']).toBe(srcip);
  });

  it.each([
    [{ protocol: 'https' }, { appid_name: 'https' }],
    [{ protocol: 'TCP' }, { proto_name: 'tcp' }],
    [{ protocol: 'tcpmux' }, { appid_name: 'tcpmux' }],
    [
      { protocol: 'ms-wbt-server', transport: 'TCPV4' },
      { proto_name: 'tcp', appid_name: 'ms-wbt-server' },
    ],
    [{ transport: 'UDPV6' }, { proto_name: 'udp' }],
    [{ transport: 'TCPV4LISTEN' }, { proto_name: 'tcp' }],
    [{ transport: 'PROCESSCREATION' }, {}],
  ])('tell %j apart: %j', (connection, fields) => {
    expect(connectionFields(connection)).toEqual(fields);
  });
});
