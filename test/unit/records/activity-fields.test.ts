import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { activityFields } from '../../../shared/records/activity-fields.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';

function fieldsOf(data: Json, others: JsonObject = {}): JsonObject {
  return activityFields({ id: '1', data, ...others });
}

describe('the normalised fields of an activity', () => {
  it.each<[string, Json]>([
    ['null', null],
    ['a text', 'oops'],
    ['a list', [{ computerName: 'a' }]],
    ['an object of blanks', { computerName: '', username: 'None', ipAddress: null, filePath: '  ' }],
    ['an object of what nobody expects', { computerName: {}, username: [], filePath: true, severity: 7 }],
  ])('are none of data that is %s', (_name, data) => {
    expect(fieldsOf(data)).toEqual({ event: { category: 'configuration' } });
  });

  it.each(['computerName', 'computername', 'COMPUTERNAME', 'origAgentName', 'origagentname', 'endpointName'])(
    'find the host under %s',
    (name) => {
      expect(fieldsOf({ [name]: 'ws-1' })).toMatchObject({ host: { name: 'ws-1', hostname: 'ws-1' } });
    },
  );

  it('take the first of two spellings that has a value', () => {
    expect(fieldsOf({ computerName: '', computername: 'ws-2' })).toMatchObject({ host: { name: 'ws-2' } });
  });

  it('have every digit of ids that come as numbers', () => {
    const data = parseLossless(
      '{"userId": 1392606454463278101, "siteid": 1392053568582758390, "agentid": 9007199254740993}',
    );
    expect(fieldsOf(data)).toMatchObject({
      user: { id: '1392606454463278101' },
      labels: { site_id: '1392053568582758390' },
      host: { id: '9007199254740993' },
    });
  });

  it('name no host where an exclusion is for an operating system', () => {
    expect(fieldsOf({}, { osFamily: 'windows' })).not.toHaveProperty('host');
    expect(fieldsOf({}, { osFamily: 'windows', agentId: '7' })).toMatchObject({
      host: { id: '7', os: { type: 'windows' } },
    });
  });
});

describe('the user of an activity', () => {
  it.each<[string, JsonObject, JsonObject, Json | undefined]>([
    ['of the console', { username: 'Ana' }, { userId: '5' }, { name: 'Ana', id: '5' }],
    ['who added another', { byUser: 'Ana', username: 'Bob' }, {}, { name: 'Ana' }],
    ['without a name', {}, { userId: '5' }, { id: '5' }],
    ['that is the cloud', { username: 'unknown' }, {}, undefined],
    [
      'at the endpoint',
      { lastLoggedInUserName: 'ACME\\bob', username: null },
      {},
      { name: 'bob', domain: 'ACME' },
    ],
    [
      'of the console before the one at the endpoint',
      { username: 'Ana', lastLoggedInUserName: 'bob' },
      {},
      { name: 'Ana' },
    ],
    [
      'of a process, and not the author of its rule',
      { sourceprocessusername: 'ACME\\bob', userName: 'Ana' },
      { userId: '5' },
      { name: 'bob', domain: 'ACME' },
    ],
    ['who logged in', { loginsusername: 'eve', sourceprocessusername: 'bob' }, {}, { name: 'eve' }],
  ])('is the one %s', (_name, data, others, user) => {
    expect(fieldsOf(data, others)['user']).toEqual(user);
  });
});

describe('the addresses of an activity', () => {
  it('are those of the console user', () => {
    expect(fieldsOf({ ipAddress: '198.51.100.7', username: 'Ana' })).toMatchObject({
      srcip: '198.51.100.7',
      srcip_username: 'Ana',
    });
  });

  it('are those of a console user who does something to an endpoint', () => {
    const fields = fieldsOf({ ipAddress: '198.51.100.7', username: 'Ana' }, { agentId: '7', userId: '5' });
    expect(fields['srcip']).toBe('198.51.100.7');
  });

  it('are not what may be the address of a router', () => {
    const data = { ipAddress: '8.8.8.8', externalIp: '8.8.8.8', externalip: '8.8.8.8', computerName: 'ws-1' };
    expect(JSON.stringify(fieldsOf(data, { agentId: '7' }))).not.toContain('8.8.8.8');
  });

  it('are those of the endpoint, of a comma-joined list the first that leads to it', () => {
    const fields = fieldsOf({ agentipv4: '169.254.1.1,10.0.0.1,10.0.0.2', origagentname: 'ws-1' });
    expect(fields).toMatchObject({ hostip: '10.0.0.1', hostip_host: 'ws-1' });
  });

  const stopped = {
    computerName: 'ws-1',
    reportedLocalHost: '10.0.0.1',
    reportedLocalPort: '52113',
    reportedRemoteHost: '8.8.8.8',
    reportedRemotePort: '53',
    reportedProtocol: 'UDP',
  };

  it('are those of a connection that a firewall stopped, from where it came to where it went', () => {
    expect(fieldsOf({ ...stopped, reportedDirection: 'outbound' }, { agentId: '7' })).toMatchObject({
      srcip: '10.0.0.1',
      srcport: 52113,
      srcip_host: 'ws-1',
      dstip: '8.8.8.8',
      dstport: 53,
      hostip: '10.0.0.1',
      proto_name: 'udp',
    });
    expect(fieldsOf({ ...stopped, reportedDirection: 'inbound' }, { agentId: '7' })).toMatchObject({
      srcip: '8.8.8.8',
      srcport: 53,
      dstip: '10.0.0.1',
      dstip_host: 'ws-1',
      hostip: '10.0.0.1',
    });
  });

  it('never make the remote end the host', () => {
    const data = { ...stopped, reportedDirection: 'inbound', reportedLocalHost: null };
    const fields = fieldsOf(data, { agentId: '7' });
    expect(fields).toMatchObject({ srcip: '8.8.8.8' });
    expect(fields).not.toHaveProperty('hostip');
    expect(fields).not.toHaveProperty('srcip_host');
  });

  it.each(['', 'any', '10.0.0.256', '31.155.5.x'])('are none where the console says "%s"', (ipAddress) => {
    expect(fieldsOf({ ipAddress })).not.toHaveProperty('srcip');
  });
});

describe('the file of an activity', () => {
  it.each<[string, JsonObject, Json]>([
    [
      'a path',
      { filePath: '\\Device\\HarddiskVolume3\\a.exe', fileDisplayName: 'A' },
      { name: 'a.exe', path: '\\Device\\HarddiskVolume3\\a.exe' },
    ],
    ['a name', { fileDisplayName: 'a.exe' }, { name: 'a.exe' }],
    ['an MD5', { fileContentHash: 'a'.repeat(32) }, { hash: { md5: 'a'.repeat(32) } }],
    ['a SHA-1', { fileContentHash: 'B'.repeat(40) }, { hash: { sha1: 'B'.repeat(40) } }],
    ['a SHA-256', { fileContentHash: 'c'.repeat(64) }, { hash: { sha256: 'c'.repeat(64) } }],
  ])('is known by %s', (_name, data, file) => {
    expect(fieldsOf(data)['file']).toEqual(file);
  });

  it('has no hash of a text that is none', () => {
    expect(fieldsOf({ fileContentHash: `${'a'.repeat(30)}xx` }, { hash: 'abc' })).not.toHaveProperty('file');
  });
});

describe('the process of an activity', () => {
  it.each<[string, JsonObject]>([
    [
      '\\device\\harddiskvolume2\\svchost.exe',
      { name: 'svchost.exe', executable: '\\device\\harddiskvolume2\\svchost.exe' },
    ],
    ['/usr/bin/curl', { name: 'curl', executable: '/usr/bin/curl' }],
    ['svchost.exe', { name: 'svchost.exe' }],
  ])('is what a firewall calls %s', (processName, process) => {
    expect(fieldsOf({ processName, processId: 0 })['process']).toEqual(process);
  });
});

describe('the category of an activity', () => {
  it.each<[Json, JsonObject, string]>([
    [27, {}, 'authentication'],
    ['134', {}, 'authentication'],
    [5232, { agentId: '7' }, 'network'],
    [3608, { agentId: '7' }, 'threat'],
    [2001, { agentId: '7', threatId: '9' }, 'threat'],
    [90, { agentId: '7', threatId: '' }, 'host'],
    [5040, { agentId: '' }, 'configuration'],
    [999_999, {}, 'configuration'],
    [null, {}, 'configuration'],
  ])('of type %j with %j is %s', (activityType, others, category) => {
    expect(activityFields({ activityType, ...others })['event']).toMatchObject({ category });
  });

  it.each([
    ['E_CRITICAL', 'Critical'],
    ['E_LOW', 'Minor'],
    ['E_NEW', 'Major'],
  ])('of a rule comes with its severity %s', (severity, band) => {
    expect(fieldsOf({ severity })['event']).toMatchObject({ severity_str: band });
  });

  it('comes with no severity where something else is severe', () => {
    expect(fieldsOf({ severity: 'High' })['event']).not.toHaveProperty('severity_str');
  });
});
