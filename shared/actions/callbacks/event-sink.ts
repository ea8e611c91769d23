import type { OutcomeEvent } from './outcome-event.ts';

/** An event bus that outcomes are put on. */
export interface EventSink {
  /** Puts it there. The same event again is harmless: its id is the same. Throws where the bus has not taken it. */
  put(event: OutcomeEvent): Promise<void>;
}
