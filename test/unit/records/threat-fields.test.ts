import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { threatFields } from '../../../shared/records/threat-fields.ts';
import { threatWith } from './vendor-objects.ts';

describe('the normalised fields of a threat', () => {
  it.each<[string, Json]>([
    ['null', null],
    ['blank text', ''],
    ['spaces', '  '],
    ['the word None', 'None'],
    ['an object', {}],
  ])('are not made of %s', (_name, blank) => {
    const fields = threatFields(
      threatWith(
        {
          processUser: blank,
          filePath: blank,
          md5: blank,
          sha1: blank,
          sha256: blank,
          originatorProcess: blank,
        },
        {
          agentDetectionInfo: { agentIpV4: blank, agentIpV6: blank, agentLastLoggedInUserName: blank },
          agentRealtimeInfo: { agentComputerName: blank, siteId: blank, networkInterfaces: blank },
        },
      ),
    );
    expect(fields).toEqual({ event: { category: 'threat', severity_str: 'Major' } });
  });

  it('say whose host it is by what is known now, and else by what was known then', () => {
    const fields = threatFields(
      threatWith(
        {},
        {
          agentRealtimeInfo: { siteId: '1', siteName: null, accountId: '2' },
          agentDetectionInfo: { siteId: '9', siteName: 'Old name', accountId: '9', accountName: 'Acme' },
        },
      ),
    );
    expect(fields).toMatchObject({
      labels: { site_id: '1', site_name: 'Old name' },
      organization: { id: '2', name: 'Acme' },
    });
  });

  it('take the address that the host had when it happened before the one it has now', () => {
    const agentRealtimeInfo = { networkInterfaces: [{ inet: ['10.0.0.9'], inet6: null }] };
    const then = threatFields(
      threatWith({}, { agentDetectionInfo: { agentIpV4: '10.0.0.1' }, agentRealtimeInfo }),
    );
    expect(then).toMatchObject({
      hostip: '10.0.0.1',
      srcip: '10.0.0.1',
      hostip_list: ['10.0.0.1', '10.0.0.9'],
    });
    expect(threatFields(threatWith({}, { agentRealtimeInfo }))).toMatchObject({ hostip: '10.0.0.9' });
  });

  it.each<[string, JsonObject]>([
    ['ACME\\ana', { name: 'ana', domain: 'ACME' }],
    ['NT AUTHORITY\\SYSTEM', { name: 'SYSTEM', domain: 'NT AUTHORITY' }],
    ['ana@acme.example', { name: 'ana@acme.example' }],
    ['root', { name: 'root' }],
  ])('split the account %s', (processUser, user) => {
    expect(threatFields(threatWith({ processUser }))['user']).toEqual(user);
  });

  it('name the logged-in user only where the process had none', () => {
    const others = { agentDetectionInfo: { agentLastLoggedInUserName: 'ana' } };
    expect(threatFields(threatWith({ processUser: '' }, others))).toMatchObject({ user: { name: 'ana' } });
    expect(threatFields(threatWith({ processUser: 'root' }, others))).toMatchObject({
      user: { name: 'root' },
    });
  });

  it.each([
    ['C:\\Users\\ana\\a.exe', 'a.exe'],
    ['\\Device\\HarddiskVolume3\\x\\b.exe', 'b.exe'],
    ['/tmp/back\\slash', 'back\\slash'],
    ['bare.exe', 'bare.exe'],
  ])('name the file of %s', (filePath, name) => {
    expect(threatFields(threatWith({ filePath }))['file']).toEqual({ name, path: filePath });
  });

  it.each([
    ['Trojan', 'malware'],
    ['Exploit', 'threat'],
    ['Manual', 'threat'],
    [null, 'threat'],
  ])('put the classification %s into the category %s', (classification, category) => {
    expect(threatFields(threatWith({ classification }))['event']).toMatchObject({ category });
  });
});

describe('mistakes that other mappings make', () => {
  const fields = threatFields(
    threatWith(
      { storyline: 'ABC', analystVerdict: 'suspicious' },
      {
        agentRealtimeInfo: {
          agentVersion: '24.1.5.277',
          agentOsRevision: '22631',
          agentId: '17',
          agentUuid: 'u-u',
        },
        agentDetectionInfo: { externalIp: '8.8.8.8' },
        indicators: [{ ids: [431], tactics: [] }],
      },
    ),
  );

  it('do not happen: the OS version is not the agent version', () => {
    expect(fields['host']).toMatchObject({ os: { version: '22631' } });
    expect(JSON.stringify(fields)).not.toContain('24.1.5.277');
  });

  it('do not happen: the address of the router is not the address of the host', () => {
    expect(JSON.stringify(fields)).not.toContain('8.8.8.8');
  });

  it('do not happen: the storyline is no process, and the indicator is no tactic', () => {
    expect(JSON.stringify(fields)).not.toMatch(/ABC|431/);
  });

  it('do not happen: the host is the agent id, by which the console knows it', () => {
    expect(fields['host']).toMatchObject({ id: '17' });
  });
});
