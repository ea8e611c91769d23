import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { starAlertFields } from '../../../shared/records/star-alert-fields.ts';

function fieldsOf(alertInfo: JsonObject, others: JsonObject = {}): JsonObject {
  return starAlertFields({ alertInfo, ...others });
}

const blanks: readonly Json[] = [null, '', '  ', 'None', {}, []];

describe('the normalised fields of a STAR alert', () => {
  it.each(blanks)('are not made of %j', (blank) => {
    const process = {
      name: blank,
      pid: blank,
      filePath: blank,
      user: blank,
      fileHashMd5: blank,
      uniqueId: blank,
    };
    const fields = starAlertFields({
      alertInfo: {
        srcIp: blank,
        dstIp: blank,
        srcPort: blank,
        dnsRequest: blank,
        registryPath: blank,
        modulePath: blank,
      },
      agentRealtimeInfo: { id: blank, name: blank, os: blank },
      agentDetectionInfo: blank,
      ruleInfo: { name: blank, description: blank, severity: blank },
      sourceProcessInfo: process,
      sourceParentProcessInfo: process,
      targetProcessInfo: { tgtFilePath: blank, tgtProcImagePath: blank },
    });
    expect(fields).toEqual({ event: { category: 'threat', severity_str: 'Major' } });
  });

  it.each(['unknown', 'Unknown', ''])('are not made of the word for no value "%s"', (word) => {
    const sourceProcessInfo = {
      name: word,
      user: word,
      filePath: word,
      integrityLevel: word,
      subsystem: word,
    };
    const fields = fieldsOf({}, { sourceProcessInfo });
    expect(fields).not.toHaveProperty('process');
    expect(fields).not.toHaveProperty('user');
  });

  it.each(['1970-01-01T00:00:00Z', '2185-07-21T23:34:33.709552Z', '', null])(
    'have no process that started at %j',
    (pidStarttime) => {
      const fields = fieldsOf({}, { sourceProcessInfo: { name: 'a.exe', pidStarttime } });
      expect(fields['process']).toEqual({ name: 'a.exe' });
    },
  );

  it('take the port and the process id out of texts', () => {
    const fields = fieldsOf({ srcPort: '52113', dstPort: '443' }, { sourceProcessInfo: { pid: '1252' } });
    expect(fields).toMatchObject({ srcport: 52113, dstport: 443, process: { pid: 1252 } });
  });

  it.each(['0', '70000', 'many', '-1', '1.5'])('have no port %s', (srcPort) => {
    expect(fieldsOf({ srcPort })).not.toHaveProperty('srcport');
  });

  it('have no address of what is none', () => {
    const fields = fieldsOf({
      netEventDirection: 'OUTGOING',
      srcIp: '10.0.0.1,10.0.0.2',
      dstIp: '10.0.0.256',
    });
    expect(Object.keys(fields).filter((name) => name.includes('ip'))).toEqual([]);
  });

  it('say from where somebody logged in, and who', () => {
    const login = {
      srcMachineIp: '10.0.0.9',
      loginsUserName: 'eve',
      loginAccountDomain: 'ACME',
      loginAccountSid: 'S-1',
    };
    expect(fieldsOf({ ...login, loginIsSuccessful: 'False' })).toMatchObject({
      srcip: '10.0.0.9',
      srcip_username: 'eve',
      srcip_usersid: 'S-1',
      user: { name: 'eve', domain: 'ACME' },
      event: { outcome: 'failure' },
    });
  });

  it.each<[string, JsonObject, Json]>([
    ['user', { user: 'ACME\\ana', effectiveUser: 'x' }, { name: 'ana', domain: 'ACME' }],
    ['the effective one on Linux', { user: null, effectiveUser: 'root', realUser: 'ana' }, { name: 'root' }],
    ['the real one', { realUser: 'ana', loginUser: 'bob' }, { name: 'ana' }],
    ['three in one text', { user: 'Effective: root, Real: ana, Login: ana' }, { name: 'root' }],
  ])('name the user of the process: %s', (_name, sourceProcessInfo, user) => {
    expect(fieldsOf({}, { sourceProcessInfo })['user']).toEqual(user);
  });

  it.each<[string, JsonObject, JsonObject, Json]>([
    [
      'the one that something happened to',
      { tgtFilePath: 'C:\\a.txt', tgtFileHashSha1: 'a', tgtProcImagePath: 'C:\\b.exe' },
      { modulePath: 'C:\\c.dll', moduleSha1: 'c' },
      { name: 'a.txt', path: 'C:\\a.txt', hash: { sha1: 'a' } },
    ],
    [
      'known by its hash only',
      { tgtFileHashSha256: 'a' },
      { modulePath: 'C:\\c.dll' },
      { hash: { sha256: 'a' } },
    ],
    [
      'the program that was started',
      { tgtFilePath: '', tgtProcImagePath: 'C:\\b.exe' },
      { modulePath: 'C:\\c.dll' },
      { name: 'b.exe', path: 'C:\\b.exe' },
    ],
    [
      'the module that was loaded',
      {},
      { modulePath: 'C:\\c.dll', moduleSha1: 'c' },
      { name: 'c.dll', path: 'C:\\c.dll', hash: { sha1: 'c' } },
    ],
  ])('name the file: %s', (_name, targetProcessInfo, info, file) => {
    expect(fieldsOf(info, { targetProcessInfo })['file']).toEqual(file);
  });

  it.each([
    ['URL', 'https://evil.example/', 'https://evil.example/'],
    ['IPV4', '8.8.8.8', undefined],
    [null, 'https://evil.example/', undefined],
  ])('have the address that threat intelligence knows: %s', (tiIndicatorType, tiIndicatorValue, url) => {
    expect(fieldsOf({ tiIndicatorType, tiIndicatorValue })['url']).toBe(url);
  });

  it.each([
    ['Info', 'Undefined', 'Notice'],
    ['Low', 'Undefined', 'Minor'],
    ['Medium', 'Undefined', 'Major'],
    ['High', 'Undefined', 'Critical'],
    ['Critical', 'True positive', 'Critical'],
    ['Critical', 'False positive', 'Notice'],
    ['Apocalyptic', 'Undefined', 'Major'],
  ])('are of severity %s with the verdict %s in the band %s', (severity, analystVerdict, band) => {
    const fields = fieldsOf({ analystVerdict }, { ruleInfo: { severity } });
    expect(fields['event']).toMatchObject({ severity_str: band });
  });
});

describe('mistakes that other mappings make', () => {
  const fields = fieldsOf(
    { eventType: 'TCPV6', netEventDirection: 'OUTGOING', srcIp: '2001:db8::1' },
    {
      agentRealtimeInfo: { id: '17', agentId: '99', name: 'ws-1' },
      agentDetectionInfo: { version: '24.1.5.277', osRevision: '22631', name: 'old name' },
      ruleInfo: { treatAsThreat: 'NEVER_SEEN', severity: 'High' },
      sourceProcessInfo: { storyline: 'ABC' },
    },
  );

  it('do not happen: the host is known by the field that this list calls `id`', () => {
    expect(fields['host']).toMatchObject({ id: '17', name: 'ws-1' });
  });

  it('do not happen: the OS version is not the agent version', () => {
    expect(fields['host']).toMatchObject({ os: { version: '22631' } });
    expect(JSON.stringify(fields)).not.toContain('24.1.5.277');
  });

  it('do not happen: a connection counts over IPv6 as well, and whatever the rule makes of it', () => {
    expect(fields).toMatchObject({ srcip: '2001:db8::1', hostip: '2001:db8::1', proto_name: 'tcp' });
  });

  it('do not happen: the storyline is no process', () => {
    expect(fields).not.toHaveProperty('process');
    expect(fields['storyline']).toBe('ABC');
  });
});
