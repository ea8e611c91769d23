import { micros } from '../../../world/micro-time.ts';
import { type AlertState, alertStatuses, alertVerdicts } from '../../../world/star-alert-plan.ts';
import { actor, readAction, selectedBy } from '../../action-request.ts';
import { jsonAnswer } from '../../answer.ts';
import type { Endpoint } from '../../endpoint.ts';
import { type BodyFields, refuseUnknownFields, requiredText } from '../../json-body.ts';
import { invalidParameter } from '../../vendor-error.ts';
import { inFilters, starAlertFilters } from '../star-alerts.ts';

/** What analysts say about alerts of custom rules. It moves no time stamp of the alert, as in a real console. */
export const starAlertIncident = judgement('incident', 'Custom Alerts.updateIncidentStatus', (data) => ({
  incidentStatus: word(data, 'incidentStatus', alertStatuses),
}));

export const starAlertVerdict = judgement(
  'analyst-verdict',
  'Custom Alerts.updateAnalystVerdict',
  (data) => ({ analystVerdict: word(data, 'analystVerdict', alertVerdicts) }),
);

function judgement(
  name: string,
  permission: string,
  read: (data: BodyFields) => Partial<AlertState>,
): Endpoint {
  return {
    method: 'POST',
    path: `/cloud-detection/alerts/${name}`,
    authentication: 'token',
    permission,
    acts: 'responders',
    answer(call) {
      const { filter, data } = readAction(call);
      const change = read(data);
      refuseUnknownFields(data, new Set(Object.keys(change)));
      const { world, nowMs } = call;
      const { us } = actor(call);
      const alerts = world.starAlerts(nowMs * micros.millisecond);
      const changed = selectedBy(filter, alerts, starAlertFilters(alerts), call).filter((alert) =>
        world.deeds.judgeAlert(alert, alerts.state(alert), change, us),
      );
      call.done(
        `cloud-detection/alerts/${name}`,
        changed.map((alert) => alerts.id(alert)),
      );
      return jsonAnswer({ data: { affected: changed.length } });
    },
  };
}

/** Bodies spell the words of the answers in snake case, lower or upper. */
function word<T extends string>(data: BodyFields, name: string, words: readonly T[]): T {
  const asked = requiredText(data, name).toUpperCase();
  const found = words.find((known) => inFilters(known) === asked);
  if (found === undefined)
    throw invalidParameter(name, `Must be one of: ${words.map(inFilters).join(', ')}.`);
  return found;
}
