import * as z from 'zod/mini';
import type { JsonObject } from '../../json.ts';
import type { Acceptance } from '../action-type.ts';
import { agentCommand } from '../kinds/agent-command.ts';
import { windowsAndMacos } from '../kinds/endpoint-state.ts';
import { text } from '../kinds/parameters.ts';
import { countedAcceptance } from '../run/answer.ts';
import type { Subject } from '../subject.ts';

/** Shows a message to whoever works at the endpoints. */
export const broadcastMessage = agentCommand({
  id: 'broadcast-message',
  title: 'Show a message',
  description: 'Shows a message of up to 140 characters to whoever works at the endpoint.',
  danger: 'endpoint',
  permission: 'Endpoints.sendMessage',
  operatingSystems: windowsAndMacos,
  verb: 'broadcast',
  // It is over when it is accepted, so there is nothing to wait for.
  needsEndpoint: false,
  parameters: z.strictObject({ message: text(140) }),
  example: { message: 'Security: please save your work. This computer restarts in 15 minutes.' },
  data: ({ message }) => ({ message }),
  doneWhen:
    'The console has accepted it (`data.affected` counts it). Only that can be seen: nothing tells whether the message was shown.',
  typicalSeconds: 5,
  timeoutMinutes: 10,
  isRepeatable: false,
  activityTypes: [],
  revertedBy: [],
  reached: () => undefined,
  acceptance: acceptedIsEnd,
  before: () => ({}),
  observe: () => ({ kind: 'nothing' }),
  revert: () => undefined,
});

function acceptedIsEnd(answer: JsonObject, subjects: readonly Subject[]): ReadonlyMap<string, Acceptance> {
  return new Map(
    [...countedAcceptance(answer, subjects)].map(([id, acceptance]) => [
      id,
      acceptance.kind === 'refused' ? acceptance : { ...acceptance, isEnd: true },
    ]),
  );
}
