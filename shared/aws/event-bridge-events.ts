import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventSink } from '../actions/callbacks/event-sink.ts';

export interface EventBridgeEventsOptions {
  readonly client: EventBridgeClient;
  /** `default`, or the name of another bus of the account. */
  readonly bus: string;
}

/** Outcomes on an EventBridge bus, as rules match them: `source` `sentinel-lake`, `detail-type` `Response action outcome`. */
export function createEventBridgeEvents({ client, bus }: EventBridgeEventsOptions): EventSink {
  return {
    async put(event) {
      const { FailedEntryCount = 0, Entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              Source: 'sentinel-lake',
              DetailType: 'Response action outcome',
              Detail: JSON.stringify(event),
              Time: new Date(event.at),
              EventBusName: bus,
            },
          ],
        }),
      );
      if (FailedEntryCount === 0) return;
      const { ErrorCode = 'unknown', ErrorMessage = '' } = Entries[0] ?? {};
      throw new Error(`EventBridge did not take the event ${event.id} (${ErrorCode}): ${ErrorMessage}`);
    },
  };
}
