import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { endpointEventFields } from '../../../shared/records/endpoint-event-fields.ts';

describe('the normalised fields of an endpoint event', () => {
  it('are none where the event says nothing', () => {
    expect(endpointEventFields({})).toEqual({});
  });

  it.each<[string, Json, Json]>([
    ['texts, as Deep Visibility has them', '4452', '51122'],
    ['numbers, as the events of a threat have them', 4452, 51122],
  ])('have numbers where the console has %s', (_name, pid, srcPort) => {
    expect(endpointEventFields({ pid, srcPort, fileSize: pid, fileFullName: '/a' })).toMatchObject({
      process: { pid: 4452 },
      srcport: 51122,
      file: { size: 4452 },
    });
  });

  it.each(['', '0', 0, '65536', '-1', 443.5, '443.5', 'None', null, 'https', [443]])(
    'have no port of %j',
    (srcPort) => {
      expect(endpointEventFields({ srcPort })).toEqual({});
    },
  );

  it.each([
    ['True', 'success'],
    ['False', 'failure'],
    [true, 'success'],
    [false, 'failure'],
    ['perhaps', undefined],
  ])('tell of a login that was %j: %s', (loginIsSuccessful, outcome) => {
    expect(endpointEventFields({ eventType: 'Login', loginIsSuccessful })['event']).toEqual({
      action: 'Login',
      ...(outcome === undefined ? {} : { outcome }),
    });
  });

  it('never take the address that the console sees for the address of the host', () => {
    expect(endpointEventFields({ agentIp: '8.8.8.8', objectType: 'process' })).toEqual({
      event: { category: 'process' },
    });
  });

  it('say whose host and scope it is by the event, and else by its threat', () => {
    const threat = {
      agentId: '1',
      computerName: 'a',
      siteId: '2',
      siteName: 'A',
      groupId: '3',
      groupName: 'B',
      accountId: '4',
    };
    expect(endpointEventFields({ threat })).toEqual({
      host: { name: 'a', hostname: 'a', id: '1' },
      organization: { id: '4' },
      labels: { site_id: '2', site_name: 'A', group_id: '3', group_name: 'B' },
    });
    expect(endpointEventFields({ agentName: 'b', agentId: '9', siteId: '8', threat })).toMatchObject({
      host: { name: 'b', id: '9' },
      labels: { site_id: '8', site_name: 'A' },
    });
  });

  it.each(['x', 7, null, [], { computerName: {} }])('survive the threat %j', (threat) => {
    expect(endpointEventFields({ threat })).toEqual({});
  });
});

describe('the process of an endpoint event', () => {
  const process = { processName: 'a.exe', processUniqueKey: 'K1' };

  it('is described by the one that acted, when it is that', () => {
    const fields = endpointEventFields({
      ...process,
      srcProcUid: 'K1',
      srcProcCmdLine: 'a.exe -x',
      srcProcParentName: 'b.exe',
      tgtProcUid: 'K2',
      tgtProcCmdLine: 'c.exe',
    });
    expect(fields['process']).toEqual({
      name: 'a.exe',
      entity_id: 'K1',
      command_line: 'a.exe -x',
      parent: { name: 'b.exe' },
    });
  });

  it('is described by the one that was started, when it is that, and has the one that acted as its parent', () => {
    const fields = endpointEventFields({
      ...process,
      srcProcUid: 'K0',
      srcProcName: 'b.exe',
      srcProcParentName: 'z.exe',
      tgtProcUid: 'K1',
      tgtProcCmdLine: 'a.exe -x',
    });
    expect(fields['process']).toEqual({
      name: 'a.exe',
      entity_id: 'K1',
      command_line: 'a.exe -x',
      parent: { name: 'b.exe', entity_id: 'K0' },
    });
  });

  it('is not mixed with another one', () => {
    const fields = endpointEventFields({
      ...process,
      srcProcUid: 'K8',
      srcProcCmdLine: 'other',
      tgtProcUid: 'K9',
    });
    expect(fields['process']).toEqual({ name: 'a.exe', entity_id: 'K1' });
  });

  it('is not its own parent, although consoles say so', () => {
    const parent = { parentProcessName: 'b.exe', parentProcessUniqueKey: 'K1' };
    expect(endpointEventFields({ ...process, ...parent })).toMatchObject({
      process: { parent: { name: 'b.exe' } },
      parent_proc_name: 'b.exe',
    });
    expect(JSON.stringify(endpointEventFields({ ...parent, processUniqueKey: 'K3' }))).toContain('K1');
    expect(JSON.stringify(endpointEventFields({ ...process, ...parent })).match(/K1/g)).toHaveLength(1);
  });

  it('is named by its file where it has no name', () => {
    expect(endpointEventFields({ processImagePath: 'C:\\a\\b.exe' })['process_name']).toBe('b.exe');
  });

  it.each(['1970-01-01T00:00:00.000Z', '1601-01-01T00:00:00Z', '2185-01-02T00:00:00Z', 'None', ''])(
    'did not begin at %s',
    (processStartTime) => {
      expect(endpointEventFields({ processStartTime })).toEqual({});
    },
  );
});

describe('the file of an endpoint event', () => {
  it('is none where the hashes are those of the program that runs', () => {
    expect(endpointEventFields({ objectType: 'ip', fileMd5: 'aa', fileSha256: 'bb' })).toEqual({
      event: { category: 'ip' },
    });
  });

  it('may be known by its hashes only', () => {
    expect(endpointEventFields({ objectType: 'file', fileMd5: '', md5: 'aa' })).toEqual({
      event: { category: 'file' },
      file: { hash: { md5: 'aa' } },
    });
  });

  it('is the module that was loaded', () => {
    expect(endpointEventFields({ modulePath: '/lib/a.so', moduleSha1: 'cc', fileMd5: 'aa' })).toEqual({
      file: { name: 'a.so', path: '/lib/a.so', hash: { sha1: 'cc' } },
    });
  });
});
