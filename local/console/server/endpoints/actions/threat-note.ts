import { actor, readAction, selectedBy } from '../../action-request.ts';
import { jsonAnswer } from '../../answer.ts';
import type { Endpoint } from '../../endpoint.ts';
import { refuseUnknownFields, requiredText } from '../../json-body.ts';
import { threatFilters } from '../threats.ts';

/** Writes one note to each threat. Whoever may see threats may do this, says the vendor's specification: also a viewer. */
export const addThreatNote: Endpoint = {
  method: 'POST',
  path: '/threats/notes',
  authentication: 'token',
  permission: 'Threats.view',
  acts: 'everybody',
  answer(call) {
    const { filter, data } = readAction(call);
    refuseUnknownFields(data, new Set(['text']));
    const text = requiredText(data, 'text');
    const { world } = call;
    const { user, us } = actor(call);
    const threats = selectedBy(filter, world.threats, threatFilters(world.threats, call), call);
    for (const threat of threats) world.deeds.threats.addNote(threat, text, us, user);
    world.deeds.advance(us);
    call.done(
      'threats/notes',
      threats.map((threat) => world.threats.id(threat)),
    );
    return jsonAnswer({ data: { affected: threats.length } });
  },
};
