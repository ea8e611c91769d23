import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../local/console/server/script.ts';
import type { JsonObject } from '../../shared/json.ts';
import { listAt, textAt } from '../../shared/records/json-fields.ts';
import { type ActionWatch, watchActions } from './actions/action-watch.ts';
import { type ApiClient, actionOf, idOf, isOver, newCaller, newConnector } from './actions/api-client.ts';
import { bringForward } from './actions/bring-forward.ts';
import { consoleClient } from './actions/console-client.ts';
import { eventually } from './actions/eventually.ts';
import { type ServedStack, servedStack } from './actions/served-stack.ts';

const tenant = 'northwind';
const quick = { reactionMs: 200, networkMs: 300, mitigationMs: 300, logsMs: 300, activityDelayMs: 100 };
let served: ServedStack;
let soar: ApiClient;
let watch: ActionWatch;
let connector: string;
let agents: JsonObject[];
let threats: JsonObject[];

beforeAll(async () => {
  served = await servedStack({ deedTiming: quick });
  const { admin, console } = served;
  connector = await newConnector(admin, {
    tenant,
    name: 'edr',
    hostUrl: console.url,
    apiToken: console.tokens.admin,
  });
  await admin.ok('PUT', `/v1/tenants/${tenant}/response-policy`, { isolationsPerHour: 1_000 });
  soar = await newCaller(admin, () => served.url, 'soar');
  watch = watchActions(await newCaller(admin, () => served.url, 'watcher', ['read']), [tenant]);
  const at = consoleClient(console);
  agents = [
    ...(await at.list('/agents', {
      ...{ isActive: 'true', isDecommissioned: 'false', isUninstalled: 'false' },
      networkStatuses: 'connected',
    })),
  ];
  console.setAgents(agents.map(idOfRecord), { online: true });
  const listed = new Set(agents.map(idOfRecord));
  threats = (await at.list('/threats')).filter(
    (threat) =>
      listed.has(textAt(threat, 'agentRealtimeInfo', 'agentId') ?? '') &&
      listAt(threat, 'mitigationStatus').length === 0,
  );
});
afterAll(async () => {
  await watch?.stop();
  await served?.close();
});

const idOfRecord = (record: JsonObject) => textAt(record, 'id') ?? '';

/** One that no other test has. */
function taken(records: JsonObject[]): string {
  const record = records.pop();
  if (record === undefined) throw new Error('The world has none left.');
  return idOfRecord(record);
}

const deedsTo = (id: string) =>
  served.console.deeds.filter(({ ids }) => ids.includes(id)).map(({ verb }) => verb);
const callsFor = (id: string) =>
  served.console.actionRequests.filter(({ filter }) => listAt(filter, 'ids').includes(id)).length;

const commands = [
  ['contain', 'agent', '/agents/actions/disconnect', {}],
  ['fetch-logs', 'agent', '/agents/actions/fetch-logs', {}],
  ['quarantine', 'threat', '/threats/mitigate/quarantine', {}],
  ['add-note', 'threat', '/threats/notes', { note: 'Seen by a playbook.' }],
] as const;
const failures: readonly ScriptedAnswer[] = [
  { status: 503, body: 'Service Unavailable', afterwards: true },
  { status: 500, body: { errors: [] }, afterwards: true },
  { status: 200, breaks: 'before', afterwards: true },
];

describe.concurrent('a command that the console has done, and that was not answered', () => {
  it.each(commands)('is found by looking, and sent once: %s', async (action, kind, path, parameters) => {
    served.console.script(path, failures);
    await Promise.all(
      failures.map(async () => {
        const id = taken(kind === 'agent' ? agents : threats);
        const target = { [`${kind}Id`]: id };

        const asked = await soar.act({ connector, action, parameters, targets: [target] });

        expect(asked).toMatchObject({ status: 202, body: { targets: [{ state: 'sent' }] } });
        const end = await watch.until(idOf(asked), 'the end', isOver);
        expect(end.targets).toMatchObject([{ state: 'done' }]);
        expect(deedsTo(id)).toHaveLength(1);
        expect(callsFor(id)).toBe(1);
      }),
    );
  });
});

it('never does twice what a console does or does not do without an answer, and never tells of what was not done', async () => {
  const ids = Array.from({ length: 16 }, () => taken(agents));
  served.console.setProfiles(['deeds-unanswered']);
  const asked = await Promise.all(
    ids.map((agentId) => soar.act({ connector, action: 'contain', targets: [{ agentId }] })),
  );
  served.console.setProfiles([]);
  const actions = new Map(ids.map((id, index) => [id, idOf(asked[index] ?? { body: {} })]));
  const isDone = (id: string) => deedsTo(id).length > 0;
  const [done, lost] = [ids.filter(isDone), ids.filter((id) => !isDone(id))];
  // What the profile is for has happened, both ways.
  expect(lost.length).toBeGreaterThan(0);
  expect(done.length).toBeGreaterThan(0);

  for (const id of done)
    expect(await watch.until(actions.get(id) ?? '', 'the end', isOver)).toMatchObject({ state: 'done' });
  for (const id of lost)
    expect(await soar.action(actions.get(id) ?? '')).toMatchObject({ targets: [{ state: 'sent' }] });
  expect(ids.map(callsFor)).toStrictEqual(ids.map(() => 1));

  // Nothing was seen of them for as long as it takes to be sure that they are lost.
  for (const id of lost) await bringForward(actions.get(id) ?? '', served.stack, 6 * 60_000);
  for (const id of lost)
    expect(await watch.until(actions.get(id) ?? '', 'the end', isOver)).toMatchObject({ state: 'done' });
  expect(ids.map(deedsTo)).toStrictEqual(ids.map(() => ['disconnect']));
  expect(lost.map(callsFor)).toStrictEqual(lost.map(() => 2));
});

it('takes equal requests that come at once for one, and refuses another one under the same key', async () => {
  await Promise.all(
    ['first', 'second', 'third'].map(async (key) => {
      const agentId = taken(agents);
      const request = { connector, action: 'contain', targets: [{ agentId }] };
      const answers = await Promise.all([1, 2, 3].map(() => soar.act(request, { key })));
      for (const { status } of answers) expect([200, 202]).toContain(status);
      expect(new Set(answers.map(idOf)).size).toBe(1);
      const id = idOf(answers[0] ?? { body: {} });
      const another = await soar.act({ ...request, reason: 'Another one' }, { key });
      expect(another).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
      expect(await watch.until(id, 'the end', isOver)).toMatchObject({ state: 'done' });
      expect(actionOf((await soar.act(request, { key })).body)).toMatchObject({ id, state: 'done' });
      expect([deedsTo(agentId), callsFor(agentId)]).toStrictEqual([['disconnect'], 1]);
    }),
  );
});

it('leaves nothing behind that failed unheard', async () => {
  expect(served.errors).toStrictEqual([]);
  expect(
    await eventually(
      'no dead letters',
      () => served.stack.deadLetters(),
      (dead) => dead === 0,
    ),
  ).toBe(0);
});
