import type { JsonObject } from '../json.ts';
import type { Activity } from './action-type.ts';

/** What an action works on, in the console's words. */
export const targetKinds = ['agent', 'threat', 'alert'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** One thing that an action works on, as the console shows it now. */
export interface Subject {
  readonly kind: TargetKind;
  /** The agent's, threat's or alert's id: what a vendor call names it by. */
  readonly id: string;
  /** As `GET /agents`, `/threats` or `/cloud-detection/alerts` gives it. */
  readonly record: JsonObject;
  /** The endpoint that it is, or is on, as `GET /agents` gives it; absent where the console no longer has it. */
  readonly agent?: JsonObject;
  /** What the action type has read besides, by `ActionType.related`. */
  readonly related?: readonly JsonObject[];
  /** The newest entries of the activity log about it, of the types in `ActionType.history`, newest first; absent where nobody has read it. */
  readonly history?: readonly Activity[];
}

/** Something that the console shows, and that a state rests on. */
export interface Evidence {
  readonly source: 'agent' | 'threat' | 'alert' | 'activity' | 'restriction' | 'note' | 'answer';
  /** A field of the source, in dots, e.g. `threatInfo.incidentStatus`; for an activity its `activityType`. */
  readonly field: string;
  readonly value: string | number | boolean | null;
  /** By the console's clock, ISO-8601: when the console says that it came about; absent where it does not say. */
  readonly consoleTime?: string;
  /** Of the activity, note or restriction. */
  readonly id?: string;
}

/** Why a target is in its state, for programs and for people. */
export interface Reason {
  /** Stable, snake_case; docs/response-actions.md lists all of them. */
  readonly code: string;
  readonly message: string;
  /** What to do about it; absent where there is nothing to do. */
  readonly recommendation?: string;
}
