import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readEvents } from '../../local/emulators/event-bridge/event-file.ts';
import { textAt } from '../../shared/records/json-fields.ts';
import { actionOf, idOf, isOver, newCaller, newConnector } from './actions/api-client.ts';
import { bringForward } from './actions/bring-forward.ts';
import { consoleClient } from './actions/console-client.ts';
import { eventually } from './actions/eventually.ts';
import { lakeRecords } from './actions/lake-records.ts';
import { type ServedStack, servedStack } from './actions/served-stack.ts';
import { documentedVerification, type WebhookReceiver, webhookReceiver } from './actions/webhook-receiver.ts';

const tenant = 'northwind';
let served: ServedStack;
let receiver: WebhookReceiver;

beforeAll(async () => {
  served = await servedStack({ deedTiming: { reactionMs: 200, networkMs: 300, activityDelayMs: 100 } });
  receiver = await webhookReceiver();
});
afterAll(async () => {
  await served?.close();
  await receiver?.close();
});

it('lets the author of a playbook isolate, hear of it, take it back, and find all of it in the lake', async () => {
  const { admin, console } = served;
  const at = consoleClient(console);
  const connector = await newConnector(admin, {
    tenant,
    name: 'edr',
    hostUrl: console.url,
    apiToken: console.tokens.admin,
  });

  // An admin, once: where outcomes are told, and the secret that they are signed with.
  await admin.ok('PUT', `/v1/tenants/${tenant}/response-policy`, { webhook: { url: receiver.url } });
  const made = await admin.call('POST', `/v1/tenants/${tenant}/response-policy/webhook-secret`);
  expect(made.status).toBe(201);
  const { secret } = z.parse(z.object({ secret: z.string() }), made.body);
  const soar = await newCaller(admin, () => served.url, 'soar');
  expect((await soar.call('GET', `/v1/tenants/${tenant}/response-policy`)).body).toMatchObject({
    webhook: { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\*\*\*$/) },
  });

  // The playbook: a dry run first.
  const online = { isActive: 'true', isDecommissioned: 'false', isUninstalled: 'false' };
  const [agent] = await at.list('/agents', { ...online, networkStatuses: 'connected' });
  const [id = '', hostName = ''] = [textAt(agent, 'id'), textAt(agent, 'computerName')];
  const request = {
    connector,
    action: 'contain',
    targets: [{ hostName }],
    reason: 'Ransomware',
    ticket: 'INC-7',
  };
  const statusOf = async () => textAt((await at.list('/agents', { ids: id }))[0], 'networkStatus');
  const dry = await soar.act({ ...request, dryRun: true });
  expect(dry).toMatchObject({ status: 200, location: null, body: { dryRun: true, state: 'requested' } });
  expect(console.actionRequests).toStrictEqual([]);

  // Then the action, with twenty seconds for its end.
  const answer = await soar.act(request, { wait: 20 });
  expect(answer).toMatchObject({ status: 200, retryAfter: null });
  const contained = actionOf(answer.body);
  expect(contained).toMatchObject({
    state: 'done',
    reason: 'Ransomware',
    ticket: 'INC-7',
    requestedBy: { name: 'soar' },
    targets: [{ target: { hostName }, agentId: id, state: 'done', performs: 'contain' }],
  });
  expect(contained.targets[0]?.evidence).toContainEqual(
    expect.objectContaining({ source: 'agent', field: 'networkStatus', value: 'disconnected' }),
  );
  expect(await statusOf()).toBe('disconnected');
  const actionId = idOf(answer);
  expect(answer.location).toBe(`/v1/actions/${actionId}`);
  expect(await soar.action(actionId)).toMatchObject({ id: actionId, state: 'done' });

  // The webhook, with a signature that the documented code takes, and that of nobody else.
  await eventually(
    'a delivery',
    () => receiver.deliveries,
    ({ length }) => length > 0,
  );
  const [delivery] = receiver.deliveries;
  const { body = '', headers = {}, path = '' } = delivery ?? {};
  const isFromSentinelLake = await documentedVerification();
  const signature = String(headers['sentinel-lake-signature']);
  expect(isFromSentinelLake(secret, signature, body)).toBe(true);
  expect(isFromSentinelLake(secret, signature, body.replace('done', 'Done'))).toBe(false);
  expect(isFromSentinelLake(`${secret}x`, signature, body)).toBe(false);
  expect(path).toBe('/hooks/7');
  const event = JSON.parse(body);
  expect(event).toMatchObject({
    id: headers['sentinel-lake-event-id'],
    type: 'action.outcome',
    tenant,
    connector,
    action: { type: 'contain', state: 'done', ticket: 'INC-7', requestedBy: { name: 'soar' } },
    targets: [{ target: { hostName }, agentId: id, state: 'done' }],
  });
  expect(await soar.action(event.action.id)).toMatchObject({ id: actionId });

  // The same on the event bus.
  const events = await eventually(
    'the event',
    () => readEvents(`${served.stateDir}/events.ndjson`),
    ({ length }) => length > 0,
  );
  expect(events).toMatchObject([
    { source: 'sentinel-lake', 'detail-type': 'Response action outcome', bus: 'default' },
  ]);
  expect(events[0]?.detail).toStrictEqual(event);

  // Taken back, twice in a row: it is one undo.
  const undo = () => soar.call('POST', `/v1/actions/${actionId}/undo?wait=20`, { reason: 'False alarm' });
  const undone = await undo();
  expect(undone).toMatchObject({ status: 200, body: { action: 'release', state: 'done', undoes: actionId } });
  expect(await statusOf()).toBe('connected');
  const undoId = idOf(undone);
  expect(idOf(await undo())).toBe(undoId);
  expect(await soar.action(actionId)).toMatchObject({ undoneBy: [undoId] });
  expect(console.deeds.map(({ verb, ids }) => [verb, ids])).toStrictEqual([
    ['disconnect', [id]],
    ['connect', [id]],
  ]);

  // Every step of both is in the lake, as the API tells it. That somebody has asked for the undo is brought there by the next
  // tick of the fan-out, within a minute.
  await bringForward(actionId, served.stack);
  for (const each of [actionId, undoId]) {
    const trail = await soar.trail(each);
    expect(isOver(await soar.action(each))).toBe(true);
    const recordsOf = async () =>
      (await lakeRecords(served.stack.lakeDir, tenant, ['index=audit/'])).filter(
        ({ target, operation }) => target === each && operation === 'responseAction',
      );
    const records = await eventually(
      'the trail in the lake',
      recordsOf,
      ({ length }) => length >= trail.length,
    );
    const steps = (a: { readonly timestamp?: unknown; readonly step?: unknown }) => [a.timestamp, a.step];
    expect(records.map(steps).toSorted()).toStrictEqual(
      trail.map(({ at: time, kind }) => [Date.parse(time), kind]).toSorted(),
    );
    for (const { by, kind, status, call, targets } of trail) {
      const own = records.filter(
        (record) =>
          record['step'] === kind && (call === undefined || Object(record['details']).call === call),
      );
      expect(own).toContainEqual(
        expect.objectContaining({
          actor: by.actor,
          ...(status === undefined ? {} : { status }),
          details: expect.objectContaining({
            targets: targets.map(({ state }) => expect.objectContaining({ agentId: id, state })),
          }),
        }),
      );
    }
  }
  expect(await served.stack.deadLetters()).toBe(0);
  expect(served.errors).toStrictEqual([]);
});
