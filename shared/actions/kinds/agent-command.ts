import type * as z from 'zod/mini';
import type { JsonObject } from '../../json.ts';
import { ActionCall } from '../action-call.ts';
import { type ActionType, actionType } from '../action-type.ts';
import type { Reason, Subject } from '../subject.ts';
import { withoutAgent, withoutSupport } from './endpoint-state.ts';

/** What is particular to a command that the console passes on to an agent. */
export interface AgentCommand<S extends z.ZodMiniObject>
  extends Omit<
    ActionType<z.output<S>>,
    'target' | 'needsEndpoint' | 'parameters' | 'unsuitable' | 'call' | 'instead' | 'related'
  > {
  readonly parameters: S;
  /** False where nothing is waited for that happens at the endpoint; true where absent. */
  readonly needsEndpoint?: false;
  /** Below `/agents/actions/`. */
  readonly verb: string;
  /** What the console takes besides the ids; an empty object where absent. */
  data?(parameters: z.output<S>): JsonObject;
  /** Asked after decommissioned agents and unsupported operating systems are out. */
  unsuitable?(subject: Subject, parameters: z.output<S>): Reason | undefined;
}

/** `POST /agents/actions/…`: needs an agent that is still there, on an operating system that knows the command. */
export function agentCommand<const S extends z.ZodMiniObject>({
  verb,
  data,
  unsuitable,
  ...declared
}: AgentCommand<S>): ActionType {
  return actionType<S>({
    needsEndpoint: true,
    ...declared,
    target: 'agent',
    unsuitable: (subject, parameters) =>
      withoutAgent(subject) ??
      withoutSupport(subject, declared.operatingSystems) ??
      unsuitable?.(subject, parameters),
    call: (subjects, parameters) =>
      ActionCall.of(
        'POST',
        `/agents/actions/${verb}`,
        subjects.map(({ id }) => id),
        data?.(parameters) ?? {},
      ),
  });
}
