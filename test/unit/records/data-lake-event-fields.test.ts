import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { dataLakeEventFields, dataLakeEventTime } from '../../../shared/records/data-lake-event-fields.ts';
import { endpointEventFields } from '../../../shared/records/endpoint-event-fields.ts';

const time = Date.UTC(2026, 10, 24, 8, 15, 22, 123);

describe('the time of an event of the data lake', () => {
  it.each<[string, Json]>([
    ['nanoseconds as text', '1795508122123999999'],
    ['nanoseconds as a number with all its digits', JSON.rawJSON('1795508122123999999')],
    ['microseconds', 1795508122123999],
    ['milliseconds', 1795508122123],
    ['milliseconds with a fraction', 1795508122123.9],
    ['a time stamp', '2026-11-24T08:15:22.123Z'],
  ])('is read from %s', (_name, timestamp) => {
    expect(dataLakeEventTime({ timestamp })).toBe(time);
  });

  it('is read from seconds', () => {
    expect(dataLakeEventTime({ timestamp: 1795508122 })).toBe(time - 123);
  });

  it.each<Json>([
    0,
    '0',
    -11_644_473_600_000,
    '-11644473600000000000',
    1,
    '1970-01-01T00:00:00Z',
    6_784_905_600_000,
    1e21,
    'soon',
    null,
    true,
    ['1795508122123456789'],
  ])('is not %j', (timestamp) => {
    expect(dataLakeEventTime({ timestamp })).toBeUndefined();
    expect(dataLakeEventTime({ timestamp, 'event.time': 1795508122123 })).toBe(time);
  });

  it('is never the time at which its process began', () => {
    expect(dataLakeEventTime({ 'src.process.startTime': 1795508122123 })).toBeUndefined();
  });
});

describe('the normalised fields of an event of the data lake', () => {
  it('are none where the event says nothing', () => {
    expect(dataLakeEventFields({})).toEqual({});
  });

  it('are those that Deep Visibility has for the same event', () => {
    const both = [
      ['agentId', 'agent.id', '1873645091827364501'],
      ['agentName', 'endpoint.name', 'a'],
      ['agentOs', 'endpoint.os', 'linux'],
      ['siteId', 'site.id', '7'],
      ['objectType', 'event.category', 'ip'],
      ['eventType', 'event.type', 'IP Connect'],
      ['trueContext', 'src.process.storyline.id', 'S'],
      ['processName', 'src.process.name', 'curl'],
      ['pid', 'src.process.pid', '77'],
      ['processUserName', 'src.process.user', 'root'],
      ['parentProcessName', 'src.process.parent.name', 'bash'],
      ['direction', 'event.network.direction', 'OUTGOING'],
      ['srcIp', 'src.ip.address', '10.0.0.1'],
      ['dstIp', 'dst.ip.address', '10.0.0.2'],
      ['dstPort', 'dst.port.number', '443'],
      ['dnsRequest', 'event.dns.request', 'a.example'],
      ['networkUrl', 'url.address', 'https://a.example/'],
      ['registryPath', 'registry.keyPath', 'MACHINE\\A'],
      ['fileFullName', 'tgt.file.path', '/tmp/a'],
      ['fileSha1', 'tgt.file.sha1', 'aa'],
      ['loginsUserName', 'event.login.userName', 'ana'],
      ['indicatorDescription', 'indicator.description', 'Something'],
    ] as const;
    const fields = dataLakeEventFields(Object.fromEntries(both.map(([, name, value]) => [name, value])));
    expect(fields).toEqual(
      endpointEventFields(Object.fromEntries(both.map(([name, , value]) => [name, value]))),
    );
    expect(fields['host']).toMatchObject({ name: 'a' });
  });

  it('do not take a storyline for the group of a host', () => {
    expect(dataLakeEventFields({ 'group.id': '1B91E6E7AB538ED5' })).toEqual({});
    expect(dataLakeEventFields({ 'group.id': '1234567890123456' })).toEqual({});
    expect(dataLakeEventFields({ 'group.id': '1204567890123456801' })).toEqual({
      labels: { group_id: '1204567890123456801' },
    });
  });

  it('call macOS what it is called everywhere else', () => {
    expect(dataLakeEventFields({ 'endpoint.os': 'osx' })).toEqual({ host: { os: { type: 'macos' } } });
  });

  it('have the process that was started, and the one that started it as its parent', () => {
    const started = {
      'src.process.name': 'a',
      'src.process.uid': 'K1',
      'tgt.process.name': 'b',
      'tgt.process.uid': 'K2',
    };
    const child = { process: { name: 'b', parent: { name: 'a' } } };
    const actor = { process: { name: 'a' }, process_name: 'a' };
    expect(dataLakeEventFields({ ...started, 'event.type': 'Process Creation' })).toMatchObject(child);
    expect(dataLakeEventFields({ ...started, 'process.unique.key': 'K2' })).toMatchObject(child);
    expect(dataLakeEventFields({ ...started, 'event.type': 'Open Remote Process Handle' })).toMatchObject(
      actor,
    );
    expect(
      dataLakeEventFields({ ...started, 'event.type': 'Process Creation', 'process.unique.key': 'K1' }),
    ).toMatchObject(actor);
    expect(dataLakeEventFields({ 'src.process.name': 'a', 'event.type': 'Process Creation' })).toMatchObject(
      actor,
    );
  });

  it('say from where somebody logged in; of other events that address is the endpoint', () => {
    const event = { 'src.endpoint.ip.address': '198.51.100.7' };
    expect(dataLakeEventFields({ ...event, 'event.category': 'logins' })).toMatchObject({
      srcip: '198.51.100.7',
    });
    expect(dataLakeEventFields({ ...event, 'event.category': 'file' })).not.toHaveProperty('srcip');
  });

  it.each([
    [
      { 'event.login.userName': 'ana', 'event.login.tgt.domainName': 'ACME' },
      { name: 'ana', domain: 'ACME' },
    ],
    [
      { 'event.login.userName': 'X\\ana', 'event.login.tgt.domainName': 'ACME' },
      { name: 'ana', domain: 'X' },
    ],
    [{ 'event.login.userName': 'ana', 'event.login.tgt.domainName': '-' }, { name: 'ana' }],
    [{ 'event.login.userName': 'ana', 'event.login.accountDomain': 'SUBJECT' }, { name: 'ana' }],
    [{ 'event.logout.tgt.user.name': 'ana' }, { name: 'ana' }],
  ])('name who logged in: %j', (event, user) => {
    expect(dataLakeEventFields({ ...event, 'src.process.user': 'SYSTEM' })).toMatchObject({
      user,
      login: { user },
    });
  });

  it.each(['-', '', null])('name the account of the process where nobody logged in: %j', (name) => {
    expect(
      dataLakeEventFields({ 'event.login.userName': name, 'src.process.user': 'SYSTEM' })['user'],
    ).toEqual({
      name: 'SYSTEM',
    });
  });
});
