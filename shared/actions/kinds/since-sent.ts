import type { Json } from '../../json.ts';
import { parseConsoleTime } from '../../sentinelone/console-time.ts';

/** `sentAt` is measured from whole seconds and over a network, so what the console says of the same moment may be a little earlier. */
const slackMs = 5_000;

/** True for a console time that is not older than the command. */
export function isSinceSent(time: Json | undefined, sentAt: number): boolean {
  const at = parseConsoleTime(time);
  return at !== undefined && at >= sentAt - slackMs;
}
