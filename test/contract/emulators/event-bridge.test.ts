import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningServer } from '../../../local/emulators/aws-json-server.ts';
import { readEvents } from '../../../local/emulators/event-bridge/event-file.ts';
import { startEventBridge } from '../../../local/emulators/event-bridge/start-event-bridge.ts';
import { createEventBridgeEvents } from '../../../shared/aws/event-bridge-events.ts';
import { lastEvent } from '../../unit/actions/callbacks/told-action.ts';
import { accountId, region, removeDirectory, startOver, temporaryDirectory } from './emulators-setup.ts';
import { refusalOf } from './running-emulators.ts';

const now = Date.parse('2026-11-24T12:00:00.500Z');
const entry = { Source: 'test', DetailType: 'Test', Detail: '{"a":1}' };

let directory: string;
let file: string;
let server: RunningServer;
let client: EventBridgeClient;

async function start(): Promise<void> {
  server = await startEventBridge({ file, region, accountId, now: () => now });
  // The client knows nothing but the environment, as product code does.
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', server.url);
  client = new EventBridgeClient({});
}

async function stop(): Promise<void> {
  client.destroy();
  vi.unstubAllEnvs();
  await server.close();
}

beforeEach(async () => {
  directory = temporaryDirectory();
  file = path.join(directory, 'events.ndjson');
  await start();
});
afterEach(async () => {
  await stop();
  removeDirectory(directory);
});

const put = (...entries: readonly object[]) => client.send(new PutEventsCommand({ Entries: [...entries] }));

describe('events', () => {
  it('are kept as rules see them', async () => {
    const { FailedEntryCount, Entries = [] } = await put(entry, {
      ...entry,
      Time: new Date('2026-11-01T00:00:00Z'),
      Resources: ['arn:aws:s3:::lake'],
      EventBusName: 'response',
    });
    expect(FailedEntryCount).toBe(0);
    const event = {
      version: '0',
      id: Entries[0]?.EventId,
      'detail-type': 'Test',
      source: 'test',
      account: accountId,
      time: '2026-11-24T12:00:00Z',
      region,
      resources: [],
      detail: { a: 1 },
      bus: 'default',
    };
    expect(readEvents(file)).toStrictEqual([
      event,
      {
        ...event,
        id: Entries[1]?.EventId,
        time: '2026-11-01T00:00:00Z',
        resources: ['arn:aws:s3:::lake'],
        bus: 'response',
      },
    ]);
    expect(Entries[0]?.EventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are there after a start anew, but for what a kill has left of one', async () => {
    await put(entry);
    await stop();
    appendFileSync(file, '{"version":"0","id":"ha');
    await start();
    await put({ ...entry, DetailType: 'Later' });
    expect(readEvents(file).map((event) => event['detail-type'])).toStrictEqual(['Test', 'Later']);
  });

  it('are none before the first', () => {
    expect(readEvents(file)).toStrictEqual([]);
  });

  it('are not read from a file of something else', () => {
    writeFileSync(file, '{"some":"thing"}\n');
    expect(() => readEvents(file)).toThrow('version');
  });

  it('are refused one by one', async () => {
    const { FailedEntryCount, Entries = [] } = await put(
      { ...entry, Source: undefined },
      { ...entry, DetailType: '' },
      { ...entry, Detail: undefined },
      { ...entry, Detail: 'no JSON' },
      { ...entry, Detail: '[1]' },
      { ...entry, Source: 'aws.s3' },
      entry,
    );
    expect(FailedEntryCount).toBe(6);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toStrictEqual([
      ...['InvalidArgument', 'InvalidArgument', 'InvalidArgument'],
      ...['MalformedDetail', 'MalformedDetail', 'NotAuthorizedForSourceException'],
      undefined,
    ]);
    expect(readEvents(file).map(({ id }) => id)).toStrictEqual([Entries[6]?.EventId]);
  });

  it('are refused together where they are none, too many, or too large', async () => {
    const large = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(256 * 1024) }) };
    for (const entries of [[], Array.from({ length: 11 }, () => entry), [large]])
      expect(await refusalOf(put(...entries))).toMatchObject({ name: 'ValidationException', status: 400 });
    expect(readEvents(file)).toStrictEqual([]);
  });

  it('is all that there is', async () => {
    expect(await refusalOf(client.send(new ListRulesCommand({})))).toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

describe('outcomes of actions', () => {
  it('are taken from the adapter, whole', async () => {
    const event = lastEvent();
    await createEventBridgeEvents({ client, bus: 'default' }).put(event);
    expect(readEvents(file)).toMatchObject([
      {
        source: 'sentinel-lake',
        'detail-type': 'Response action outcome',
        time: '2026-11-24T12:02:00Z',
        bus: 'default',
        detail: event,
      },
    ]);
  });

  it('are found where the environment of the emulators leads, in their state directory', async () => {
    const stateDir = path.join(directory, 'state');
    const emulators = await startOver(stateDir);
    for (const [name, value] of Object.entries(emulators.environment)) vi.stubEnv(name, value);
    const ours = new EventBridgeClient({});
    await createEventBridgeEvents({ client: ours, bus: 'default' }).put(lastEvent());
    ours.destroy();
    await emulators.close();
    expect(emulators.eventFile).toBe(path.join(stateDir, 'events.ndjson'));
    expect(readFileSync(emulators.eventFile, 'utf8').split('\n')).toHaveLength(2);
    expect(readEvents(emulators.eventFile)).toMatchObject([
      { detail: { id: 'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3' } },
    ]);
    expect(readEvents(file)).toStrictEqual([]);
  });
});
