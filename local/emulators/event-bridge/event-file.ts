import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const eventSchema = z.object({
  version: z.literal('0'),
  id: z.string(),
  'detail-type': z.string(),
  source: z.string(),
  account: z.string(),
  /** ISO-8601, without milliseconds. */
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
  /** Name or ARN, as it was asked for. */
  bus: z.string(),
});

/** An event as rules and their targets see it, and the bus that it was put on. */
export type BusEvent = z.infer<typeof eventSchema>;

/** Events in the order of their coming, a line of JSON each. What was added is on the disk. */
export class EventFile {
  readonly #path: string;

  /** Cuts off what a kill has left of a line that nobody was told of. */
  constructor(file: string) {
    this.#path = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (!fs.existsSync(file)) return;
    const whole = fs.readFileSync(file).lastIndexOf('\n') + 1;
    if (whole < fs.statSync(file).size) fs.truncateSync(file, whole);
  }

  add(events: readonly BusEvent[]): void {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    fs.appendFileSync(this.#path, text, { flush: true });
  }
}

/**
 * The events in a file, oldest first; none where there is no file yet.
 * @throws Error for a file that is none of events
 */
export function readEvents(file: string): readonly BusEvent[] {
  if (!fs.existsSync(file)) return [];
  const text = fs.readFileSync(file, 'utf8');
  // What stands behind the last line break is being written just now.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => eventSchema.parse(JSON.parse(line)));
}
