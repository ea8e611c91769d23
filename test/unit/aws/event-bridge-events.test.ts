import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventBridgeEvents } from '../../../shared/aws/event-bridge-events.ts';
import { lastEvent } from '../actions/callbacks/told-action.ts';

const eventBridge = mockClient(EventBridgeClient);
const sink = createEventBridgeEvents({
  client: new EventBridgeClient({ region: 'us-east-1' }),
  bus: 'response',
});
const event = lastEvent();

beforeEach(() => eventBridge.reset());

describe('outcomes on EventBridge', () => {
  it('are one entry each, which rules can match', async () => {
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    await sink.put(event);
    expect(eventBridge.commandCalls(PutEventsCommand).map((call) => call.args[0].input)).toStrictEqual([
      {
        Entries: [
          {
            Source: 'sentinel-lake',
            DetailType: 'Response action outcome',
            Detail: JSON.stringify(event),
            Time: new Date(event.at),
            EventBusName: 'response',
          },
        ],
      },
    ]);
  });

  it('throw where EventBridge took the call but not the event', async () => {
    eventBridge.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded.' }],
    });
    await expect(sink.put(event)).rejects.toThrow(
      'EventBridge did not take the event acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3 (ThrottlingException): Rate exceeded.',
    );
  });

  it('throw where the call as a whole fails', async () => {
    eventBridge.on(PutEventsCommand).rejects(new Error('access denied'));
    await expect(sink.put(event)).rejects.toThrow('access denied');
  });
});
