import type { ContentType } from '../content-types/content-type.ts';
import type { Connector } from '../ports.ts';
import { textAt } from '../records/json-fields.ts';
import { minutesOf } from './content-type-options.ts';

/**
 * How often a content type of a connector is read, milliseconds: what its own option says, else what the connector says for
 * all of them, which does not hurry those that keep their pace, else what the content type itself says.
 */
export function intervalMsOf(
  { id, defaultIntervalMs, keepsPace }: ContentType,
  { intervalMs, options }: Pick<Connector, 'intervalMs' | 'options'>,
): number {
  const minutes = minutesOf(textAt(options?.[id], 'intervalMinutes') ?? '');
  if (minutes !== undefined) return minutes * 60_000;
  if (intervalMs === undefined) return defaultIntervalMs;
  return keepsPace ? Math.max(intervalMs, defaultIntervalMs) : intervalMs;
}
