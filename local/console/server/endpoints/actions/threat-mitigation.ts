import type { JsonObject } from '../../../../../shared/json.ts';
import type { MitigationAction } from '../../../world/deeds/mitigation.ts';
import { mitigationBody } from '../../../world/deeds/mitigation-body.ts';
import { actor, readAction, selectedBy } from '../../action-request.ts';
import { jsonAnswer } from '../../answer.ts';
import type { Endpoint } from '../../endpoint.ts';
import { threatFilters } from '../threats.ts';

/** The names in the path, in `mitigationStatus[]` and in permissions are three. */
const actions: readonly {
  readonly name: string;
  readonly action: MitigationAction;
  readonly permission: string;
}[] = [
  { name: 'kill', action: 'kill', permission: 'Threats.kill' },
  { name: 'quarantine', action: 'quarantine', permission: 'Threats.quarantine' },
  { name: 'un-quarantine', action: 'unquarantine', permission: 'Threats.unquarantine' },
  { name: 'remediate', action: 'remediate', permission: 'Threats.remediate' },
  { name: 'rollback-remediation', action: 'rollback', permission: 'Threats.rollback' },
];

/**
 * Mitigates threats. The shape of `details` is that of the vendor's specification; no recording of one is known. `reports` are
 * the entries of `mitigationStatus[]` as they are when the command was taken. No action brings about another one.
 */
export const threatMitigation: readonly Endpoint[] = actions.map(({ name, action, permission }) => ({
  method: 'POST',
  path: `/threats/mitigate/${name}`,
  authentication: 'token',
  permission,
  acts: 'responders',
  answer(call) {
    const { filter } = readAction(call);
    const { world } = call;
    const { user, us } = actor(call);
    const accepted: string[] = [];
    const details = selectedBy(filter, world.threats, threatFilters(world.threats, call), call).map(
      (threat): JsonObject => {
        const threatId = world.threats.id(threat);
        const answer = world.deeds.threats.mitigate(threat, action, us, user);
        if (answer.kind === 'skipped') {
          const { reason, description } = answer;
          return { threatId, reports: [], skipped: [{ action, reason, description }] };
        }
        accepted.push(threatId);
        return { threatId, reports: [mitigationBody(answer.mitigation)], skipped: [] };
      },
    );
    world.deeds.advance(us);
    call.done(`mitigate/${name}`, accepted);
    return jsonAnswer({ data: { affected: accepted.length, details } });
  },
}));
