import type { ConsoleSession } from '../../engine/slice.ts';
import type { Clock, Connector, Log } from '../../ports.ts';
import type { ActionType } from '../action-type.ts';
import type { ResponsePolicy } from '../policy/response-policy.ts';

/** What sending and looking work with, besides the action. */
export interface ConsoleWork {
  readonly session: ConsoleSession;
  readonly connector: Connector;
  readonly policy: ResponsePolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly findActionType: (id: string) => ActionType | undefined;
  /** No command is sent after this time, epoch milliseconds: its answer could not be waited for. */
  readonly sendBy: number;
  readonly signal: AbortSignal;
}

/**
 * The action type of a target.
 * @throws Error where there is none: the item is older or newer than this software
 */
export function typeOf(id: string, { findActionType }: Pick<ConsoleWork, 'findActionType'>): ActionType {
  const type = findActionType(id);
  if (type === undefined) throw new Error(`There is no action type ${JSON.stringify(id)} in this version.`);
  return type;
}
