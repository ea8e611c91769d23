import { analystVerdicts, incidentStatuses } from '../../../world/threat-state.ts';
import {
  type ActionRequest,
  actor,
  optionalWord,
  readAction,
  requiredWord,
  selectedBy,
} from '../../action-request.ts';
import { jsonAnswer } from '../../answer.ts';
import type { Call, Endpoint } from '../../endpoint.ts';
import { refuseUnknownFields } from '../../json-body.ts';
import { threatFilters } from '../threats.ts';

type Judgement = Parameters<Call['world']['deeds']['threats']['judge']>[1];

/** What analysts say about threats. The permissions are named like those of alerts: for threats no source names them. */
export const threatIncident = judgement(
  'incident',
  'Threats.updateIncidentStatus',
  ['incidentStatus', 'analystVerdict'],
  ({ data }) => {
    const analystVerdict = optionalWord(data, 'analystVerdict', analystVerdicts);
    return {
      incidentStatus: requiredWord(data, 'incidentStatus', incidentStatuses),
      ...(analystVerdict === undefined ? {} : { analystVerdict }),
    };
  },
);

export const threatVerdict = judgement(
  'analyst-verdict',
  'Threats.updateAnalystVerdict',
  ['analystVerdict'],
  ({ data }) => ({ analystVerdict: requiredWord(data, 'analystVerdict', analystVerdicts) }),
);

function judgement(
  name: string,
  permission: string,
  fields: readonly string[],
  read: (request: ActionRequest) => Judgement,
): Endpoint {
  return {
    method: 'POST',
    path: `/threats/${name}`,
    authentication: 'token',
    permission,
    acts: 'responders',
    answer(call) {
      const request = readAction(call);
      refuseUnknownFields(request.data, new Set(fields));
      const change = read(request);
      const { world } = call;
      const { user, us } = actor(call);
      const updated: string[] = [];
      const selected = selectedBy(request.filter, world.threats, threatFilters(world.threats, call), call);
      const details = selected.map((threat) => {
        const threatId = world.threats.id(threat);
        const isUpdated = world.deeds.threats.judge(threat, change, us, user);
        if (isUpdated) updated.push(threatId);
        return { threatId, result: isUpdated ? 'updated' : 'already_set' };
      });
      world.deeds.advance(us);
      call.done(`threats/${name}`, updated);
      return jsonAnswer({ data: { affected: updated.length, details } });
    },
  };
}
