import type { AgentIdentity } from './agent-identity.ts';
import type { EventType } from './endpoint-event-types.ts';

/** Everything that an event's fields are made from. */
export interface EventFacts {
  readonly seed: number;
  readonly event: number;
  readonly id: string;
  /** Microseconds. */
  readonly us: number;
  readonly type: EventType;
  readonly process: EventProcess;
  readonly host: AgentIdentity;
}

export interface EventProcess {
  readonly pid: number;
  /** Microseconds. */
  readonly startedUs: number;
}

/** A moment in microseconds, null where it is not known; either side has its own way of writing it. */
export interface Moment {
  readonly us: number | null;
}

export type FieldValue = string | number | boolean | null | Moment;

/** One fact about an event under the names that it has in Deep Visibility and in the data lake. */
export interface EventField {
  /** Absent where Deep Visibility has no such field. */
  readonly deepVisibility?: string;
  /** Absent where the data lake has no such field. */
  readonly dataLake?: string;
  readonly value: FieldValue;
  /** True for a field of Deep Visibility that is answered although nobody asked for all of them. */
  readonly isPriority: boolean;
}

/** A field that both sides answer without being asked for everything. */
export function both(deepVisibility: string, dataLake: string, value: FieldValue): EventField {
  return { deepVisibility, dataLake, value, isPriority: true };
}

/** A priority field of Deep Visibility that the data lake does not have. */
export function old(deepVisibility: string, value: FieldValue): EventField {
  return { deepVisibility, value, isPriority: true };
}

/** A field that Deep Visibility answers in verbose queries only. */
export function verbose(deepVisibility: string, value: FieldValue, dataLake?: string): EventField {
  return { deepVisibility, value, isPriority: false, ...(dataLake === undefined ? {} : { dataLake }) };
}

/** A field of the data lake that Deep Visibility does not have. */
export function lake(dataLake: string, value: FieldValue): EventField {
  return { dataLake, value, isPriority: false };
}
