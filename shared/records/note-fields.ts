import type { JsonObject } from '../json.ts';
import { hostFields } from './host-fields.ts';
import { booleanAt, fieldAt, presentFields, textAt } from './json-fields.ts';
import { organizationFields } from './organization-fields.ts';

/**
 * The normalised fields of a note on a threat. The console's own answer names its author and nothing else; whose host and
 * which organisation it is about is known from the threat that the reading puts into it.
 */
export function noteFields(note: JsonObject): JsonObject {
  const threat = fieldAt(note, 'threat');
  return presentFields({
    host: hostFields({ name: textAt(threat, 'computerName'), agentId: textAt(threat, 'agentId') }),
    // A name as people write it, not an account: nothing in it is a domain.
    user: presentFields({ name: textAt(note, 'creator'), id: textAt(note, 'creatorId') }),
    event: presentFields({
      category: 'threat',
      action: actionOf(note),
      description: textAt(note, 'text'),
    }),
    storyline: textAt(threat, 'storyline'),
    ...organizationFields((name) => textAt(threat, name)),
  });
}

function actionOf(note: JsonObject): string | undefined {
  if (textAt(note, 'deletedAt') !== undefined) return 'deleted';
  const edited = booleanAt(note, 'edited');
  if (edited === undefined) return undefined;
  return edited ? 'edited' : 'added';
}
