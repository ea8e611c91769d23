import type { JsonObject } from '../../json.ts';
import type { ToldAhead } from '../callbacks/tell.ts';
import type { Evidence, Reason } from '../subject.ts';
import type { TargetState } from './transitions.ts';

/** Who asked for something, and from where. */
export interface Caller {
  /** `key:…`, `jwt:…`, `iam:…`, as `creatorName` writes it; `system` for what time or the console has brought about. */
  readonly actor: string;
  readonly actorName: string;
  readonly sourceIp?: string;
  /** Of the call. */
  readonly requestId?: string;
}

/** Where an action is kept. */
export interface ActionPlace {
  readonly tenant: string;
  /** The connector's id within its tenant. */
  readonly connector: string;
  /** Unique within the connector; made from the idempotency key, so that the same request is the same action. */
  readonly id: string;
}

/** One endpoint, threat or alert of an action, and what has become of it. Times in epoch milliseconds. */
export interface Target {
  /** What the request named, e.g. `{"hostName":"LAPTOP-7"}`; of a record its `record_uid` and what was read from it. */
  readonly asked: JsonObject;
  /** The id that the vendor call names; absent where nothing was found. */
  readonly id?: string;
  /** The endpoint that it is, or is on. */
  readonly agentId?: string;
  readonly computerName?: string;
  /** The action type that is performed: the one that was asked for, or the one in its place. */
  readonly performs: string;
  /** Why it is performed in the place of the one that was asked for; absent where it is that one. */
  readonly instead?: Reason;
  /** Where they are not the action's. */
  readonly parameters?: JsonObject;
  readonly state: TargetState;
  readonly reason?: Reason;
  /** What the state rests on; the latest. */
  readonly evidence: readonly Evidence[];
  /** As `ActionType.before` gave it, right before the command was sent. */
  readonly before?: JsonObject;
  /** Commands that were sent, or that may have been. */
  readonly attempts: number;
  /** When the last one was, by the console's clock. */
  readonly sentAt?: number;
  /** When the console has shown for the first time that it has it, by our clock. */
  readonly acceptedAt?: number;
  /** Since when the console has not shown it; absent where it does. */
  readonly missedAt?: number;
  /** Of the state. */
  readonly changedAt: number;
}

/** One step in an action's life; they are only ever added. */
export interface TrailEntry {
  /** From 1 on. */
  readonly step: number;
  readonly at: number;
  readonly kind:
    | 'requested'
    | 'approved'
    | 'cancelled'
    | 'sending'
    | 'answered'
    | 'observed'
    | 'expired'
    | 'undo_requested'
    | 'callback';
  readonly by: Caller;
  /** For people: what the console was asked and answered, or why. */
  readonly note?: string;
  /** The vendor call: `POST /agents/actions/disconnect`. */
  readonly call?: string;
  /** Of its answer; absent where there was none. */
  readonly status?: number;
  /** The targets that are in another state after it, by their place in the action. */
  readonly targets: readonly TargetStep[];
}

export interface TargetStep {
  /** Index in `Action.targets`. */
  readonly target: number;
  readonly state: TargetState;
  readonly reason?: Reason;
  readonly evidence?: readonly Evidence[];
}

/** What has to happen before the targets that wait for it are sent. */
export interface Approval {
  /** For people: which rule wants it. */
  readonly why: string;
  readonly approvedBy?: Caller;
  readonly approvedAt?: number;
}

/** Whoever works on an action right now. */
export interface ActionLease {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** A response action that somebody asked for. Times in epoch milliseconds, by our clock where nothing else is said. */
export interface Action extends ActionPlace {
  /** The action type that was asked for. */
  readonly type: string;
  readonly parameters: JsonObject;
  /** Why, in the caller's words. */
  readonly reason?: string;
  /** The caller's ticket or incident. */
  readonly ticket?: string;
  readonly requestedBy: Caller;
  readonly requestedAt: number;
  /** What is not sent by then is never sent. */
  readonly expiresAt: number;
  /** Offline endpoints are followed until then. */
  readonly followUntil: number;
  /** Of what was asked for: the same key with another request is a mistake. */
  readonly requestHash: string;
  /** The id of the action that this one undoes. */
  readonly undoes?: string;
  /** The ids of the actions that undo this one. */
  readonly undoneBy?: readonly string[];
  readonly approval?: Approval;
  /** At least one. */
  readonly targets: readonly Target[];
  readonly trail: readonly TrailEntry[];
  /** Entries of the trail that are in the lake. */
  readonly archived: number;
  /** Entries of the trail that callbacks were told of, or never will be. */
  readonly told: number;
  /** One way of telling that is further than the other, which fails. */
  readonly toldAhead?: ToldAhead;
  /** Tries in a row to tell of the next entry that have failed. */
  readonly tellFailures: number;
  /** When the next try is; absent where everything is told. */
  readonly tellAt?: number;
  /** Looks at the console since the last change. */
  readonly looks: number;
  /** When the console is to be looked at again for what is under way. */
  readonly lookAt?: number;
  /** Failures in a row to ask the console, for the backoff. */
  readonly failures: number;
  /** What stands in the way, where something does, and until when the console is left alone because of it. */
  readonly trouble?: Reason;
  readonly resumeAt?: number;
  readonly lease?: ActionLease;
  /** When somebody has to go on with it; absent where nothing is left to do. */
  readonly nextDueAt?: number;
  /** Raised by every write. */
  readonly version: number;
}
