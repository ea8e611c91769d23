import type * as z from 'zod/mini';
import type { JsonObject } from '../json.ts';
import type { SentinelOneApi } from '../ports.ts';
import type { ActionCall } from './action-call.ts';
import type { Evidence, Reason, Subject, TargetKind } from './subject.ts';

/**
 * How much an action does to whoever works at the endpoint. Approvals and limits are set by it.
 * - `console`: changes only what the console says about a threat or alert.
 * - `endpoint`: works on the endpoint, beside its user.
 * - `disruptive`: takes something from the endpoint's user: files, processes, a session.
 * - `isolating`: takes the endpoint off the network.
 */
export const dangerClasses = ['console', 'endpoint', 'disruptive', 'isolating'] as const;
export type DangerClass = (typeof dangerClasses)[number];

/** An entry of the console's activity log (`GET /activities`), as far as actions use it. */
export interface Activity {
  readonly id: string;
  readonly type: number;
  /** Epoch milliseconds, by the console's clock. */
  readonly createdAt: number;
  readonly agentId?: string;
  readonly threatId?: string;
  /** The whole entry. */
  readonly record: JsonObject;
}

/** What is there to judge by whether a command has come to something. */
export interface Look<P> {
  readonly subject: Subject;
  /** What `before` has kept of the subject right before the command was sent. */
  readonly before: JsonObject;
  /** When it was sent, by the console's clock, epoch milliseconds; a little earlier rather than later. */
  readonly sentAt: number;
  readonly parameters: P;
  /** About this subject, of the action type's `activityTypes`, since `sentAt`; oldest first. */
  readonly activities: readonly Activity[];
}

/**
 * What a look has seen.
 * - `nothing`: no trace of the command. It may have got lost, or the console may be late.
 * - `accepted`: the console has taken the command.
 * - `in_progress`: the endpoint works on it.
 * - `done`, `failed`: it is over.
 */
export type Observation =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'accepted' | 'in_progress' | 'done';
      readonly evidence: readonly Evidence[];
      readonly reason?: Reason;
    }
  | { readonly kind: 'failed'; readonly evidence: readonly Evidence[]; readonly reason: Reason };

/** What the console's answer says about one target. `unknown`: it does not tell which targets its count is of. */
export type Acceptance =
  | {
      readonly kind: 'accepted';
      readonly evidence: readonly Evidence[];
      /** The console shows nothing more of it: being accepted is all that can be seen, so the target is done. */
      readonly isEnd?: true;
    }
  | { readonly kind: 'refused'; readonly reason?: Reason }
  | {
      readonly kind: 'unknown';
      /** The console shows nothing more of it, so which targets it was can never be seen. */
      readonly isEnd?: true;
    };

/** The way back from what was done to a subject. */
export interface Revert {
  /** The id of an action type with the same kind of target. */
  readonly action: string;
  readonly parameters: JsonObject;
}

/**
 * One response action: everything that catalogue, API, engine and documentation need to know of it. Adding one is a file below
 * `catalogue/`, its line in `registry.ts`, and its tests. All functions are pure but `related`.
 */
export interface ActionType<P = never> {
  /** kebab-case; `action` of the API. */
  readonly id: string;
  /** For people: `Isolate from the network`. */
  readonly title: string;
  /** What it does, one or two sentences. */
  readonly description: string;
  readonly target: TargetKind;
  readonly danger: DangerClass;
  /** What the role of the token's user must have, in the console's words, e.g. `Endpoints.disconnectFromNetwork`. */
  readonly permission: string;
  /** What it must have besides, to see what became of it, where agents and threats do not show that. */
  readonly permissionToSee?: string;
  /** Refuses what it does not name. Texts have a longest length. */
  readonly parameters: z.ZodMiniObject;
  /** Valid parameters, for the documentation. */
  readonly example: JsonObject;
  /** What `done` means: which field or activity shows it. One sentence. */
  readonly doneWhen: string;
  /** How long it mostly takes on an endpoint that is online, seconds. */
  readonly typicalSeconds: number;
  /** After so many minutes without an end, on an endpoint that is online, its outcome is `unknown`. */
  readonly timeoutMinutes: number;
  /** True where the endpoint has to be online for it; its targets wait as `pending_offline`. */
  readonly needsEndpoint: boolean;
  /**
   * True where a command that is sent again, after the console has shown no trace of it, does no harm even if the first arrives
   * late. What is not repeatable ends as `unknown` then.
   */
  readonly isRepeatable: boolean;
  /** The activity types that `observe` looks for; none where the record tells everything. */
  readonly activityTypes: readonly number[];
  /**
   * The activity types of the newest commands to a target, and of their ends, that `reached` has to know of; absent where the record
   * tells enough. They are read where `reached` takes a target for so already, before an action is planned and before it is sent, and
   * never at looks.
   */
  readonly history?: readonly number[];
  /** The operating systems that it is for, as `osType` of an agent names them; all where absent. */
  readonly operatingSystems?: readonly string[];
  /** Of the action types that undo it, as the catalogue shows them; empty where there is no way back. */
  readonly revertedBy: readonly string[];

  /** Why it cannot be done to this subject, with these parameters. */
  unsuitable(subject: Subject, parameters: P): Reason | undefined;
  /** How far it reaches beyond its target, where it does: to all endpoints of the target's group, site or account. */
  reach?(parameters: P): 'group' | 'site' | 'account';
  /** Another action type that is performed in its place, and why. */
  instead?(subject: Subject): { readonly action: string; readonly reason: Reason } | undefined;
  /** What shows that the wanted state is there already, so that nothing is sent; never of what is an event and no state. */
  reached(subject: Subject, parameters: P): readonly Evidence[] | undefined;
  /**
   * Reads what is needed besides the subjects' records: for `reached`, `call` and `observe`.
   * @returns by the subject's id; failures are `ConnectorError`s
   */
  related?(
    subjects: readonly Subject[],
    api: SentinelOneApi,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly JsonObject[]>>;
  /** The vendor call for these subjects; at least one. */
  call(subjects: readonly Subject[], parameters: P): ActionCall;
  /** What the answer says about each subject, by id. The count of `data.affected` where absent. */
  acceptance?(answer: JsonObject, subjects: readonly Subject[]): ReadonlyMap<string, Acceptance>;
  /** The little of the subject that `observe` and `revert` need to know of the time before; a few fields. */
  before(subject: Subject): JsonObject;
  observe(look: Look<P>): Observation;
  /** The way back for a subject that was as `before` says; undefined where there is none. */
  revert(before: JsonObject, parameters: P): Revert | undefined;
}

/** An action type whose functions get the parameters as its schema has parsed them. */
export function actionType<const S extends z.ZodMiniObject>(
  declared: Omit<ActionType<z.output<S>>, 'parameters'> & { readonly parameters: S },
): ActionType {
  return declared;
}
