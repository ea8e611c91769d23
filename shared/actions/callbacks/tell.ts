import type { Clock, Log, Random } from '../../ports.ts';
import { redact } from '../../sentinelone/redact.ts';
import type { ResponsePolicy } from '../policy/response-policy.ts';
import type { Action, TrailEntry } from '../run/action.ts';
import type { StepTold } from '../run/step.ts';
import type { Delivery } from './delivery.ts';
import type { EventSink } from './event-sink.ts';
import { type OutcomeEvent, outcomeEvent } from './outcome-event.ts';
import type { WebhookSender } from './send-webhook.ts';
import { isGivenUp, tellPauseMs } from './tell-pause.ts';

/** The ways that outcomes are told. */
export type TellWay = 'event_bus' | 'webhook';

/** A way that has come further than the other, which fails. */
export interface ToldAhead {
  readonly way: TellWay;
  /** Entries of the trail that were told this way, or never will be. */
  readonly told: number;
}

/** What a tenant has decided about callbacks. */
export type TellPolicy = Pick<ResponsePolicy, 'webhook'>;

export interface TellDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Absent where the stack puts outcomes on no event bus. */
  readonly events?: EventSink;
  readonly webhooks: Pick<WebhookSender, 'send'>;
}

/** How far telling has come: the action's `told`, `tellFailures` and `toldAhead` from now on, and its `tellAt`. */
export interface TellResult {
  readonly told: number;
  readonly tellFailures: number;
  /** Absent where no way is ahead of the other. */
  readonly toldAhead?: ToldAhead;
  /** When to go on, epoch milliseconds; absent where everything is told. */
  readonly retryAt?: number;
  /** What was given up, for the trail; these steps change no target. */
  readonly notes: readonly StepTold[];
}

/** For so long, where nobody says otherwise, further events are begun: the action's lease is short, and a receiver may be slow. */
const longestMs = 20_000;

/**
 * Tells of the steps of an action that nobody was told of yet, one after the other: each way in the order of the trail, at least
 * once, and always with the same event id. A way that fails does not hold up the other, and is left alone until `action.tellAt`.
 * Failures never throw.
 * @param until epoch milliseconds; no further event is begun after it
 */
export async function tellOutcomes(
  action: Action,
  policy: TellPolicy,
  deps: TellDependencies,
  until = deps.clock.now() + longestMs,
): Promise<TellResult> {
  const ways = await Promise.all(
    waysOf(policy, deps).map(async ([way, send]) => {
      const ahead = action.toldAhead?.way === way ? action.toldAhead.told : 0;
      return { way, ...(await tellOneWay(way, send, Math.max(action.told, ahead), action, deps, until)) };
    }),
  );
  const told = Math.min(action.trail.length, ...ways.map((way) => way.told));
  const ahead = ways.find((way) => way.told > told);
  const pauses = ways.flatMap(({ pauseMs }) => pauseMs ?? []);
  return {
    told,
    tellFailures: Math.max(0, ...ways.filter((way) => way.told === told).map(({ failures }) => failures)),
    ...(ahead === undefined ? {} : { toldAhead: { way: ahead.way, told: ahead.told } }),
    // The longest: the one that has failed more often sets the pace for both.
    ...(pauses.length === 0 ? {} : { retryAt: deps.clock.now() + Math.max(...pauses) }),
    notes: ways.flatMap(({ notes }) => notes),
  };
}

type Failed = Extract<Delivery, { readonly kind: 'failed' }>;

/** Undefined where it was told. */
type Send = (event: OutcomeEvent) => Promise<Failed | undefined>;

function waysOf(
  { webhook }: TellPolicy,
  { events, webhooks }: TellDependencies,
): readonly (readonly [TellWay, Send])[] {
  const ways: [TellWay, Send][] = [];
  if (events !== undefined)
    ways.push([
      'event_bus',
      async (event) => {
        await events.put(event);
        return undefined;
      },
    ]);
  if (webhook !== undefined)
    ways.push([
      'webhook',
      async (event) => {
        const delivery = await webhooks.send(webhook.url, event);
        return delivery.kind === 'failed' ? delivery : undefined;
      },
    ]);
  return ways;
}

interface WayResult {
  readonly told: number;
  readonly failures: number;
  /** Absent where nothing is left to tell. */
  readonly pauseMs?: number;
  readonly notes: readonly StepTold[];
}

/** Goes along the trail until its end, or until somebody has to wait. */
async function tellOneWay(
  way: TellWay,
  send: Send,
  from: number,
  action: Action,
  deps: TellDependencies,
  until: number,
): Promise<WayResult> {
  const { clock, random } = deps;
  const startedAt = clock.now();
  const isFailing = from === action.told && action.tellFailures > 0;
  // The engine may have come for other reasons.
  const waitMs = isFailing ? (action.tellAt ?? 0) - startedAt : 0;
  if (waitMs > 0) return { told: from, failures: action.tellFailures, pauseMs: waitMs, notes: [] };
  const notes: StepTold[] = [];
  let told = from;
  let failures = isFailing ? action.tellFailures : 0;
  for (const entry of action.trail.slice(from)) {
    const event = outcomeEvent(action, entry);
    if (event !== undefined) {
      if (clock.now() >= until) return { told, failures, pauseMs: 0, notes };
      const failed = await tryToSend(way, send, event, deps);
      if (failed !== undefined) {
        failures++;
        if (failed.retryable && !isGivenUp(failures, entry.at, clock.now()))
          return { told, failures, pauseMs: tellPauseMs(failures, random, failed.retryAfterMs), notes };
        notes.push(noteOf(way, entry, failures, failed.why));
      }
    }
    failures = 0;
    told++;
  }
  return { told, failures, notes };
}

async function tryToSend(
  way: TellWay,
  send: Send,
  event: OutcomeEvent,
  { log }: TellDependencies,
): Promise<Failed | undefined> {
  const message = 'An outcome could not be told.';
  try {
    const failed = await send(event);
    if (failed !== undefined) log.warn(message, { way, event: event.id, why: failed.why });
    return failed;
  } catch (error) {
    // Of the secret store, the event bus or a fault of ours: the action itself must go on.
    const why = redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    log.error(message, { way, event: event.id, why });
    return { kind: 'failed', retryable: true, why };
  }
}

const names: Readonly<Record<TellWay, string>> = { event_bus: 'event bus', webhook: 'webhook' };

function noteOf(way: TellWay, { step }: TrailEntry, tries: number, why: string): StepTold {
  const often = tries === 1 ? 'one try' : `${tries} tries`;
  return {
    kind: 'callback',
    note: `The ${names[way]} was not told of step ${step}; given up after ${often}. ${why}`,
  };
}
