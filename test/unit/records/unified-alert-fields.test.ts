import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { unifiedAlertFields } from '../../../shared/records/unified-alert-fields.ts';

describe('the normalised fields of a unified alert', () => {
  it.each<Json>([null, '', 'None', {}, [], [null]])('are not made of %j', (blank) => {
    const fields = unifiedAlertFields({
      name: blank,
      description: blank,
      severity: blank,
      assets: blank,
      detectionTime: blank,
      realTime: blank,
      process: blank,
    });
    expect(fields).toEqual({ event: { category: 'threat', severity_str: 'Major' } });
  });

  const assets = [{ id: 'zruywtea64rhc5zdd5frofa3hm', name: 'ws-1' }, { name: 'ws-2' }];

  it('know the host by its name: the id is that of an asset, and not of an agent', () => {
    const fields = unifiedAlertFields({ assets });
    expect(fields['host']).toEqual({ name: 'ws-1', hostname: 'ws-1' });
  });

  it('take nobody for a host', () => {
    const identity = { name: 'svc-backup', category: 'Identity' };
    expect(unifiedAlertFields({ assets: [identity, ...assets] })).toMatchObject({
      host: { name: 'ws-1' },
      user: { name: 'svc-backup' },
    });
    expect(unifiedAlertFields({ assets: [identity, { name: 'Unknown Device' }] })).not.toHaveProperty('host');
  });

  it('have the host for their source where there is no attacker', () => {
    const detectionTime = {
      asset: { ipV4: '10.0.0.1, 10.0.0.2', consoleIpAddress: '8.8.8.8' },
      attacker: null,
    };
    const fields = unifiedAlertFields({ assets, detectionTime });
    expect(fields).toMatchObject({ srcip: '10.0.0.1', srcip_host: 'ws-1', hostip: '10.0.0.1' });
    expect(fields).not.toHaveProperty('dstip');
    expect(JSON.stringify(fields)).not.toContain('8.8.8.8');
  });

  it('have the attacker for their source, and the host for their destination', () => {
    const detectionTime = {
      asset: { ipV6: '2001:DB8::1' },
      attacker: { ip: '8.8.8.8', host: 'evil.example' },
    };
    expect(unifiedAlertFields({ assets, detectionTime })).toMatchObject({
      srcip: '8.8.8.8',
      srcip_host: 'evil.example',
      dstip: '2001:db8::1',
      dstip_host: 'ws-1',
      hostip: '2001:db8::1',
    });
  });

  it.each<[string, JsonObject, Json]>([
    [
      'whom it is about',
      {
        detectionTime: {
          targetUser: { name: 'eve', domain: 'acme.example' },
          asset: { lastLoggedInUser: 'bob' },
        },
      },
      { name: 'eve', domain: 'acme.example' },
    ],
    [
      'whom it is about, with the domain in the name',
      { detectionTime: { targetUser: { name: 'ACME\\eve', domain: 'acme.example' } } },
      { name: 'eve', domain: 'ACME' },
    ],
    [
      'who was logged in then',
      { detectionTime: { asset: { lastLoggedInUser: 'ACME\\bob' } }, assets: [{ lastLoggedInUser: 'ana' }] },
      { name: 'bob', domain: 'ACME' },
    ],
    ['who is logged in now', { assets: [{ lastLoggedInUser: 'ana' }] }, { name: 'ana' }],
  ])('name %s', (_name, alert, user) => {
    expect(unifiedAlertFields(alert)['user']).toEqual(user);
  });

  it('say where it belongs now, and else where it belonged then', () => {
    const fields = unifiedAlertFields({
      realTime: { scope: { account: { id: '1', name: null }, site: null } },
      detectionTime: { scope: { accountId: '9', accountName: 'Acme', siteName: 'Old site' } },
    });
    expect(fields).toMatchObject({
      organization: { id: '1', name: 'Acme' },
      labels: { site_name: 'Old site' },
    });
  });

  it.each<[string, JsonObject, Json]>([
    ['a path', { path: '/tmp/a', name: 'b' }, { name: 'a', path: '/tmp/a' }],
    ['a name', { path: null, name: 'invoice.pdf' }, { name: 'invoice.pdf' }],
  ])('name the file by %s', (_name, file, expected) => {
    expect(unifiedAlertFields({ process: { file } })['file']).toEqual(expected);
  });

  it.each([
    ['WINDOWS', 'windows'],
    ['MACOS', 'macos'],
    ['UNKNOWN', undefined],
  ])('write the operating system %s as everywhere else', (osType, type) => {
    const host = unifiedAlertFields({ assets: [{ name: 'ws-1', osType }] })['host'];
    expect(host).toEqual({ name: 'ws-1', hostname: 'ws-1', ...(type === undefined ? {} : { os: { type } }) });
  });

  it('are described by the name where the description is none', () => {
    const description = 'Not available';
    expect(unifiedAlertFields({ name: 'A', description })['event']).toMatchObject({ description: 'A' });
  });

  it.each([
    ['RANSOMWARE', 'malware'],
    ['MANUAL', 'threat'],
    ['NEVER_SEEN', 'threat'],
  ])('put the classification %s into the category %s', (classification, category) => {
    expect(unifiedAlertFields({ classification })['event']).toMatchObject({ category });
  });

  it.each([
    ['LOW', 'UNDEFINED', 'Minor'],
    ['HIGH', 'FALSE_POSITIVE_USER_ERROR', 'Notice'],
    ['UNKNOWN', 'TRUE_POSITIVE_MALWARE', 'Major'],
  ])('are of severity %s with the verdict %s in the band %s', (severity, analystVerdict, band) => {
    expect(unifiedAlertFields({ severity, analystVerdict })['event']).toMatchObject({ severity_str: band });
  });
});
