import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { rogueFields } from '../../../shared/records/rogue-fields.ts';

describe('the normalised fields of a host without an agent', () => {
  it.each<Json>([null, '', 'Unknown', 'None', [], {}])('are not made of %j', (blank) => {
    const rogue = {
      id: '1',
      hostnames: blank,
      localIp: blank,
      macAddress: blank,
      manufacturer: blank,
      deviceType: blank,
      deviceFunction: blank,
      osName: blank,
      osType: blank,
      firstSeen: blank,
      lastSeen: blank,
    };
    expect(rogueFields(rogue)).toEqual({});
  });

  it('never take the address of the router for the address of the host', () => {
    expect(rogueFields({ externalIp: '8.8.8.8' })).toEqual({});
  });

  it('have the first name that is one', () => {
    expect(rogueFields({ hostnames: [null, '', 'unknown', 'ws-9', 'ws-10'] })).toEqual({
      name: 'ws-9',
      host: { name: 'ws-9', hostname: 'ws-9' },
    });
  });

  it('have no agent id: the id is that of the sighting', () => {
    expect(rogueFields({ id: '17', hostnames: ['ws-9'] })['host']).not.toHaveProperty('id');
  });

  it('say where it is, where that is known', () => {
    expect(rogueFields({ accountId: '1', siteName: 'Rotterdam' })).toEqual({
      organization: { id: '1' },
      labels: { site_name: 'Rotterdam' },
    });
  });

  it('find a host by an IPv6 address where it has no other', () => {
    expect(rogueFields({ localIp: 'FE80::1%4' })).toEqual({
      ip: 'fe80::1',
      iplist: ['fe80::1'],
      hostip: 'fe80::1',
    });
  });

  it.each(['1970-01-01T00:00:00Z', '2185-07-21T23:34:33.709552Z'])('were not seen at %s', (time) => {
    expect(rogueFields({ firstSeen: time, lastSeen: time })).toEqual({});
  });
});
