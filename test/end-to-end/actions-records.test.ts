import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { threats } from '../../shared/content-types/threats.ts';
import type { JsonObject } from '../../shared/json.ts';
import { listAt, textAt } from '../../shared/records/json-fields.ts';
import { type ActionView, type ApiClient, actionOf, newCaller, newConnector } from './actions/api-client.ts';
import { consoleClient } from './actions/console-client.ts';
import { eventually } from './actions/eventually.ts';
import { lakeRecords } from './actions/lake-records.ts';
import { type ServedStack, servedStack } from './actions/served-stack.ts';

const tenant = 'northwind';
const quick = { reactionMs: 200, mitigationMs: 300, activityDelayMs: 100 };
let served: ServedStack;
let soar: ApiClient;
let connector: string;
/** Lines of threats that this very stack has collected, one for each threat. */
let records: readonly JsonObject[];
/** Endpoints that are there and online, and threats that something was done about before, by what the console itself shows. */
const inService = new Set<string>();
const mitigated = new Set<string>();

beforeAll(async () => {
  served = await servedStack({ threats: 600, deedTiming: quick });
  const { admin, console } = served;
  connector = await newConnector(admin, {
    tenant,
    name: 'edr',
    hostUrl: console.url,
    apiToken: console.tokens.admin,
    collects: ['threats'],
  });
  soar = await newCaller(admin, () => served.url, 'soar');
  const folder = ['index=syslog/', `msg_class=${threats.msgClass}/`];
  const lines = await eventually(
    'threats in the lake',
    () => lakeRecords(served.stack.lakeDir, tenant, folder),
    ({ length }) => length >= 400,
  );
  records = [...new Map(lines.map((line) => [threatIdOf(line), line])).values()];
  const at = consoleClient(console);
  for (const agent of await at.list('/agents', { isDecommissioned: 'false', isUninstalled: 'false' }))
    inService.add(textAt(agent, 'id') ?? '');
  console.setAgents([...inService], { online: true });
  for (const threat of await at.list('/threats'))
    if (listAt(threat, 'mitigationStatus').length > 0) mitigated.add(textAt(threat, 'id') ?? '');
});
afterAll(() => served?.close());

function threatIdOf(record: JsonObject): string {
  return textAt(record, 'threatInfo', 'threatId') ?? '';
}

const taken = new Set<string>();

/** A record of a threat that nothing was done about; each test has its own. */
function recordOf(os: string, detectionType: 'static' | 'dynamic'): JsonObject {
  const found = records.find(
    (record) =>
      !taken.has(threatIdOf(record)) &&
      !mitigated.has(threatIdOf(record)) &&
      textAt(record, 'agentRealtimeInfo', 'agentOsType') === os &&
      textAt(record, 'threatInfo', 'detectionType') === detectionType &&
      inService.has(textAt(record, 'agentRealtimeInfo', 'agentId') ?? ''),
  );
  if (found === undefined) throw new Error(`The lake has no ${detectionType} threat of ${os} left.`);
  taken.add(threatIdOf(found));
  return found;
}

/** Asks to remediate by a record alone, and waits for the end. */
async function remediate(record: JsonObject): Promise<ActionView> {
  const request = { connector, action: 'remediate', targets: [{ record }] };
  const answer = await soar.act(request, { wait: 20 });
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  return actionOf(answer.body);
}

const verbsFor = (id: string) =>
  served.console.deeds.filter(({ ids }) => ids.includes(id)).map(({ verb }) => verb);

describe('remediate, by a record of the lake', () => {
  it.each([
    ['windows', 'dynamic', 'remediate', undefined],
    ['windows', 'static', 'quarantine', 'not_dynamic'],
    ['linux', 'dynamic', 'quarantine', 'os_not_supported'],
    ['linux', 'static', 'quarantine', 'os_not_supported'],
    ['macos', 'dynamic', 'remediate', undefined],
  ] as const)('of %s, %s, performs %s', async (os, detectionType, performs, instead) => {
    const record = recordOf(os, detectionType);
    const threatId = threatIdOf(record);

    const { state, targets, action } = await remediate(record);

    expect({ state, action }).toStrictEqual({ state: 'done', action: 'remediate' });
    expect(targets).toMatchObject([
      {
        target: { record: { record_uid: textAt(record, 'record_uid'), threatId } },
        id: threatId,
        agentId: textAt(record, 'agentRealtimeInfo', 'agentId'),
        performs,
        state: 'done',
        evidence: [{ source: 'threat', field: `mitigationStatus.${performs}`, value: 'success' }],
        ...(instead === undefined ? {} : { instead: { code: instead } }),
      },
    ]);
    expect(targets[0]?.instead === undefined).toBe(instead === undefined);
    expect(verbsFor(threatId)).toStrictEqual([`mitigate/${performs}`]);
  });

  it.each<[string, (record: JsonObject) => JsonObject, string]>([
    [
      'has no threat id',
      (record) => changed(record, 'threatInfo', { threatId: null }),
      'record_field_missing',
    ],
    [
      'has a threat id that lost its last digits as a number',
      (record) => changed(record, 'threatInfo', { threatId: Number(threatIdOf(record)) }),
      'record_field_invalid',
    ],
    ['has no source', (record) => ({ ...record, msg_origin: null }), 'record_field_missing'],
    [
      'is of another source',
      (record) => changed(record, 'msg_origin', { source: 'crowdstrike' }),
      'record_field_invalid',
    ],
    ['is of another tenant', (record) => ({ ...record, tenantid: 'contoso' }), 'record_of_other_connector'],
    [
      'is of another connector',
      (record) => changed(record, 'connector', { id: 'lab' }),
      'record_of_other_connector',
    ],
  ])('refuses one that %s', async (_, change, code) => {
    const record = recordOf('windows', 'dynamic');

    const { state, targets } = await remediate(change(record));

    expect({ state, targets }).toMatchObject({ state: 'skipped', targets: [{ reason: { code } }] });
    expect(verbsFor(threatIdOf(record))).toStrictEqual([]);
  });
});

function changed(record: JsonObject, name: string, part: JsonObject): JsonObject {
  return { ...record, [name]: { ...Object(record[name]), ...part } };
}
