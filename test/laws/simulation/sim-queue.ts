import type { WorkMessage } from '../../../shared/ports.ts';
import type { PlannedFaults } from './faults.ts';

/** A message as the queue keeps it. */
export interface QueuedMessage<Body = WorkMessage> {
  readonly number: number;
  readonly body: Body;
  /** Epoch milliseconds, as `visibleAt`. */
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
}

/** Of the queue of streams, as the stack is configured. */
const visibilityOfStreamsMs = 720_000;
const mostReceives = 5;

type QueueFaults = Pick<PlannedFaults<'loseMessage' | 'delayMessage' | 'doubleMessage'>, 'strikes'>;

/** A standard queue with a dead-letter queue: at least once, in any order, with visibility, delays and receives counted. */
export class SimQueue<Body = WorkMessage> {
  readonly messages = new Map<number, QueuedMessage<Body>>();
  deadLetters: QueuedMessage<Body>[] = [];
  private sent = 0;
  private readonly now: () => number;
  private readonly faults: QueueFaults;
  private readonly visibilityMs: number;

  constructor(now: () => number, faults: QueueFaults, visibilityMs = visibilityOfStreamsMs) {
    this.visibilityMs = visibilityMs;
    this.now = now;
    this.faults = faults;
  }

  async send(messages: readonly Body[], delaySeconds: number): Promise<void> {
    for (const body of messages) {
      if (this.faults.strikes('loseMessage')) continue;
      const late = this.faults.strikes('delayMessage') ? 600_000 : 0;
      this.put(body, this.now() + delaySeconds * 1_000 + late);
      if (this.faults.strikes('doubleMessage')) this.put(body, this.now() + delaySeconds * 1_000 + 90_000);
    }
  }

  /** Messages that may be received now. The ones received too often are put aside. */
  visible(): readonly QueuedMessage<Body>[] {
    const now = this.now();
    const visible = [...this.messages.values()].filter(({ visibleAt }) => visibleAt <= now);
    for (const message of visible.filter(({ receives }) => receives >= mostReceives)) {
      this.messages.delete(message.number);
      this.deadLetters.push(message);
    }
    return visible.filter(({ receives }) => receives < mostReceives);
  }

  receive(message: QueuedMessage<Body>): void {
    message.receives += 1;
    message.visibleAt = this.now() + this.visibilityMs;
    // At least once also means: now and then the same message to two.
    if (this.faults.strikes('doubleMessage')) message.visibleAt = this.now();
  }

  delete(message: QueuedMessage<Body>): void {
    this.messages.delete(message.number);
  }

  /** When the next message becomes visible, epoch milliseconds; those that wait for a worker are visible already. */
  nextVisibleAt(): number {
    const now = this.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.messages.values())
      if (visibleAt > now && visibleAt < next) next = visibleAt;
    return next;
  }

  /** Moves all dead letters back, as an operator does after the cause is gone. */
  redrive(): number {
    const dead = this.deadLetters;
    this.deadLetters = [];
    for (const { body } of dead) this.put(body, this.now());
    return dead.length;
  }

  private put(body: Body, visibleAt: number): void {
    const number = ++this.sent;
    this.messages.set(number, { number, body, sentAt: this.now(), visibleAt, receives: 0 });
  }
}
