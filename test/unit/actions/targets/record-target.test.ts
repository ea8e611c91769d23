import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetKinds } from '../../../../shared/actions/subject.ts';
import { isConsoleId } from '../../../../shared/actions/targets/console-id.ts';
import { recordTarget } from '../../../../shared/actions/targets/record-target.ts';
import { agents } from '../../../../shared/content-types/agents.ts';
import { alerts } from '../../../../shared/content-types/alerts.ts';
import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import { threats } from '../../../../shared/content-types/threats.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { makeRecord } from '../../../../shared/records/make-record.ts';
import { goldenVendors } from '../../../golden/golden-pairs.ts';

const owner = { tenant: 'northwind', id: 'emea' };

/** As the lake has it. */
function recordsOf(contentType: ContentType): readonly JsonObject[] {
  return goldenVendors(contentType.id).map((vendor) =>
    makeRecord(contentType, vendor, {
      stream: { tenant: 'northwind', connector: 'emea', contentType: contentType.id },
      settings: {
        ...{ tenantName: 'Northwind', connectorName: 'EMEA', intervalMs: 1, siteIds: [], accountIds: [] },
      },
      hostUrl: 'https://euce1-northwind.sentinelone.net',
      window: { from: 0, to: 1 },
      writeTime: 0,
    }),
  );
}

const threatRecord: JsonObject = {
  msg_origin: { source: 'sentinelone_endpoint' },
  msg_class: 'sentinelone_threat_detection',
  tenantid: 'northwind',
  connector: { id: 'emea' },
  record_uid: '67be46871038b019c0c5530fd1e84967',
  agentRealtimeInfo: { agentId: '18' },
  threatInfo: { threatId: '23', threatName: 'secret.exe' },
};

describe('a record of the lake', () => {
  it.each([
    [agents, 'agent', ['id']],
    [threats, 'agent', ['agentRealtimeInfo', 'agentId']],
    [threats, 'threat', ['threatInfo', 'threatId']],
    [alerts, 'agent', ['agentRealtimeInfo', 'id']],
    [alerts, 'alert', ['alertInfo', 'alertId']],
  ] as const)('names its target: %# of $id as %s', (contentType, kind, [first, second]) => {
    const records = recordsOf(contentType);
    const named = records.map((record) => recordTarget(record, kind, owner).names);
    const ids = records.map((record) => {
      const outer = Object(record)[first];
      return second === undefined ? outer : Object(outer)[second];
    });
    expect(named.map((names) => ('id' in names ? names.id : undefined))).toEqual(
      ids.map((id) => (typeof id === 'string' && id !== '' ? id : undefined)),
    );
    expect(named.some((names) => 'id' in names)).toBe(true);
    for (const names of named) if ('reason' in names) expect(names.reason.code).toMatch(/^record_field_/);
  });

  it('leaves nothing of itself but what was read', () => {
    const record_uid = '67be46871038b019c0c5530fd1e84967';
    expect(recordTarget(threatRecord, 'agent', owner)).toStrictEqual({
      asked: { record: { record_uid, agentId: '18' } },
      names: { id: '18' },
    });
    expect(recordTarget(threatRecord, 'threat', owner).asked).toStrictEqual({
      record: { record_uid, threatId: '23' },
    });
    const odd = { ...threatRecord, record_uid: 'x'.repeat(65), threatInfo: {} };
    expect(recordTarget(odd, 'threat', owner).asked).toStrictEqual({ record: {} });
  });

  it.each(['sentinelone_endpoint', 'Sentinel_endpoint', 'SENTINEL', 'sentinel'])(
    'of a threat may come from %s',
    (source) => {
      const record = { ...threatRecord, msg_origin: { source } };
      expect(recordTarget(record, 'threat', owner).names).toStrictEqual({ id: '23' });
    },
  );

  it.each<[string, 'agent' | 'threat' | 'alert', JsonObject, string, string]>([
    ['no source', 'threat', { msg_origin: {} }, 'record_field_missing', 'msg_origin.source'],
    ['no origin', 'threat', { msg_origin: null }, 'record_field_missing', 'msg_origin.source'],
    [
      'another source',
      'threat',
      { msg_origin: { source: 'crowdstrike' } },
      'record_field_invalid',
      'msg_origin.source',
    ],
    [
      'an odd source',
      'threat',
      { msg_origin: { source: ['Sentinel'] } },
      'record_field_invalid',
      'msg_origin.source',
    ],
    ['no threat', 'threat', { threatInfo: null }, 'record_field_missing', 'threatInfo.threatId'],
    ['a blank id', 'threat', { threatInfo: { threatId: '' } }, 'record_field_invalid', 'threatInfo.threatId'],
    // What JSON.parse makes of 1873645091827364501.
    [
      'a number',
      'agent',
      { agentRealtimeInfo: { agentId: 1873645091827364400 } },
      'record_field_invalid',
      'agentRealtimeInfo.agentId',
    ],
    [
      'no digits',
      'agent',
      { agentRealtimeInfo: { agentId: '1 OR 1=1' } },
      'record_field_invalid',
      'agentRealtimeInfo.agentId',
    ],
    [
      'too large an id',
      'agent',
      { agentRealtimeInfo: { agentId: '9223372036854775808' } },
      'record_field_invalid',
      'agentRealtimeInfo.agentId',
    ],
    ['no endpoint', 'agent', { agentRealtimeInfo: {} }, 'record_field_missing', 'agentRealtimeInfo.agentId'],
    [
      'only a host id of no known class',
      'agent',
      { id: '5', agentRealtimeInfo: { id: '6' } },
      'record_field_missing',
      'agentRealtimeInfo.agentId',
    ],
    [
      'no class, and a host id',
      'agent',
      { msg_class: 7, id: '5', agentRealtimeInfo: {} },
      'record_field_missing',
      'agentRealtimeInfo.agentId',
    ],
    [
      'two endpoints',
      'agent',
      { msg_class: 'sentinelone_host', id: '5' },
      'record_ids_differ',
      'id and agentRealtimeInfo.agentId',
    ],
    ['no alert', 'alert', {}, 'record_field_missing', 'alertInfo.alertId'],
    ['another tenant', 'agent', { tenantid: 'contoso' }, 'record_of_other_connector', 'tenantid'],
    [
      'a tenant that is no text',
      'agent',
      { tenantid: ['northwind'] },
      'record_of_other_connector',
      'tenantid',
    ],
    [
      'another connector',
      'threat',
      { connector: { id: 'apac' } },
      'record_of_other_connector',
      'connector.id',
    ],
    [
      'a connector that differs in capitals',
      'alert',
      { connector: { id: 'EMEA' } },
      'record_of_other_connector',
      'connector.id',
    ],
  ])('is refused with %s', (_, kind, change, code, field) => {
    const { names } = recordTarget({ ...threatRecord, ...change }, kind, owner);
    expect(names).toMatchObject({ reason: { code, message: expect.stringContaining(field) } });
    expect('reason' in names && names.reason.recommendation).toBeTruthy();
  });

  it('may be one of an integration that tells neither tenant nor connector', () => {
    const { tenantid: _, connector: __, record_uid: ___, ...record } = threatRecord;
    expect(recordTarget(record, 'agent', owner).names).toStrictEqual({ id: '18' });
  });
});

it('names nothing but an id that is in the record, whatever the record holds', () => {
  const mostly = <T>(usual: fc.Arbitrary<T>) =>
    fc.oneof({ arbitrary: usual, weight: 5 }, { arbitrary: fc.jsonValue(), weight: 1 });
  const id = mostly(fc.constantFrom('18', '18', '23', '9223372036854775807', '', '1e3', ' 1'));
  const part = mostly(
    fc.record({ id, agentId: id, threatId: id, alertId: id, source: id }, { requiredKeys: [] }),
  );
  const record = fc.record(
    {
      ...{ id, agentRealtimeInfo: part, threatInfo: part, alertInfo: part },
      connector: mostly(fc.constantFrom({ id: 'emea' }, null)),
      msg_origin: mostly(fc.constant({ source: 'Sentinel' })),
      msg_class: mostly(fc.constantFrom(agents.msgClass, alerts.msgClass, threats.msgClass)),
      tenantid: mostly(fc.constantFrom('northwind', null)),
      record_uid: mostly(fc.string()),
      ['__proto__']: fc.constant({ agentRealtimeInfo: { agentId: '66' } }),
    },
    { requiredKeys: [] },
  );
  let named = 0;
  fc.assert(
    fc.property(record, fc.constantFrom(...targetKinds), (value, kind) => {
      const { asked, names } = recordTarget(JSON.parse(JSON.stringify(value)), kind, owner);
      expect(JSON.stringify(asked).length).toBeLessThan(200);
      if ('reason' in names) {
        expect(names.reason.message).not.toBe('');
        return;
      }
      named += 1;
      expect(isConsoleId(names.id)).toBe(true);
      expect(JSON.stringify(value)).toContain(`"${names.id}"`);
      expect([undefined, null, 'northwind']).toContain(value.tenantid);
      expect(names.id).not.toBe('66');
    }),
    { numRuns: 2_000 },
  );
  expect(named).toBeGreaterThan(200);
});
