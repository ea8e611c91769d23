import type { Action, Target } from '../actions/run/action.ts';
import { actionIdText } from '../actions/run/action-id.ts';
import type { Evidence } from '../actions/subject.ts';
import { connectorIdText } from '../connectors/connector-id.ts';
import { csvLine } from './csv.ts';

/** The columns of the export, in their order, and what each says of a target. */
const columns: Readonly<Record<string, (action: Action, target: Target) => string | undefined>> = {
  requestedAt: ({ requestedAt }) => iso(requestedAt),
  actionId: (action) => actionIdText(action),
  connector: ({ tenant, connector }) => connectorIdText({ tenant, id: connector }),
  action: ({ type }) => type,
  performs: (_, { performs }) => performs,
  reason: ({ reason }) => reason,
  ticket: ({ ticket }) => ticket,
  requestedBy: ({ requestedBy: { actor, actorName } }) => `${actorName} (${actor})`,
  agentId: (_, { agentId }) => agentId,
  computerName: (_, { computerName }) => computerName,
  state: (_, { state }) => state,
  reasonCode: (_, { reason }) => reason?.code,
  evidence: (_, { evidence }) => evidence.map(evidenceText).join(', '),
  changedAt: (_, { changedAt }) => iso(changedAt),
  undoes: ({ tenant, connector, undoes }) =>
    undoes === undefined ? undefined : actionIdText({ tenant, connector, id: undoes }),
};

/** The first line of the export: the names of its columns. */
export const actionHeading = csvLine(Object.keys(columns));

/** The lines of the export for an action: one for each of its targets. */
export function actionLines(action: Action): string {
  return action.targets
    .map((target) => csvLine(Object.values(columns).map((column) => column(action, target))))
    .join('');
}

const mostValueCharacters = 100;

/** Short: the whole of it is in the action itself. */
function evidenceText({ source, field, value }: Evidence): string {
  return `${source} ${field}=${String(value).slice(0, mostValueCharacters)}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
