import type { EventType } from '../world/endpoint-event-types.ts';
import { micros } from '../world/micro-time.ts';
import type { World } from '../world/world.ts';

/** Which events a query finds. Times in microseconds, half-open. */
export interface EventSelection {
  readonly fromUs: number;
  readonly toUs: number;
  /** What cannot be found at this time yet is not there. Epoch milliseconds. */
  readonly nowMs: number;
  /** The only site that the token sees; undefined for all. */
  readonly tokenSiteId: string | undefined;
  /** Undefined for all of them. */
  readonly accountIds: readonly string[] | undefined;
  readonly siteIds: readonly string[] | undefined;
  /** Undefined for events of any type. */
  readonly hasType: ((type: EventType) => boolean) | undefined;
}

/** The numbers of the events that are found, oldest first. */
export function selectEvents(
  { endpointEvents: events }: World,
  selection: EventSelection,
): readonly number[] {
  const { tokenSiteId, accountIds, siteIds, hasType } = selection;
  const nowUs = selection.nowMs * micros.millisecond;
  const tests: ((event: number) => boolean)[] = [(event) => events.isVisible(event, nowUs)];
  if (tokenSiteId !== undefined) tests.push((event) => events.siteId(event) === tokenSiteId);
  if (accountIds !== undefined) tests.push((event) => accountIds.includes(events.accountId(event)));
  if (siteIds !== undefined) tests.push((event) => siteIds.includes(events.siteId(event)));
  if (hasType !== undefined) tests.push((event) => hasType(events.type(event)));
  const { from, to } = events.span(selection.fromUs, Math.min(selection.toUs, nowUs + 1));
  const found: number[] = [];
  for (let event = from; event < to; event++) if (tests.every((test) => test(event))) found.push(event);
  return found;
}
