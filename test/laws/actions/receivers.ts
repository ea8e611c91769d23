import { isDeepStrictEqual } from 'node:util';
import type { Delivery } from '../../../shared/actions/callbacks/delivery.ts';
import type { EventSink } from '../../../shared/actions/callbacks/event-sink.ts';
import type { OutcomeEvent } from '../../../shared/actions/callbacks/outcome-event.ts';
import type { WebhookSender } from '../../../shared/actions/callbacks/send-webhook.ts';
import { Violation } from '../simulation/violation.ts';
import type { ActionFaults } from './action-faults.ts';

/** Who hears of outcomes in one way: every event again and again, and always the same. */
class Receiver {
  /** By id, in the order in which they came for the first time. */
  readonly events = new Map<string, OutcomeEvent>();
  heard = 0;

  hear(event: OutcomeEvent): void {
    this.heard++;
    const known = this.events.get(event.id);
    if (known !== undefined && !isDeepStrictEqual(known, event))
      throw new Violation('A4 transitions and trail', `${event.id} was told in two ways`);
    if (known === undefined) this.events.set(event.id, event);
  }
}

/** An event bus that fails now and then. */
export class SimEventBus extends Receiver implements EventSink {
  private readonly faults: ActionFaults;

  constructor(faults: ActionFaults) {
    super();
    this.faults = faults;
  }

  async put(event: OutcomeEvent): Promise<void> {
    if (this.faults.strikes('deafReceiver')) throw new Error('The event bus is full.');
    this.hear(event);
  }
}

/** A webhook that fails now and then. */
export class SimWebhook extends Receiver implements Pick<WebhookSender, 'send'> {
  private readonly faults: ActionFaults;

  constructor(faults: ActionFaults) {
    super();
    this.faults = faults;
  }

  async send(_url: string, event: OutcomeEvent): Promise<Delivery> {
    if (this.faults.strikes('deafReceiver')) return { kind: 'failed', retryable: true, why: 'It is down.' };
    this.hear(event);
    return { kind: 'delivered', status: 200 };
  }
}
