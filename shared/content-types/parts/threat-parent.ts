import type { JsonObject } from '../../json.ts';
import { presentFields, textAt } from '../../records/json-fields.ts';

/** A threat's key in the paths of what belongs to it. */
export function threatKey(threat: JsonObject): string | undefined {
  return textAt(threat, 'id');
}

/**
 * What a record that belongs to a threat is told of it, because the console's own answer does not: the threat's id, its
 * storyline, its endpoint and its scope.
 */
export function threatParent(threatId: string, threat: JsonObject): JsonObject {
  const agent = (name: string) =>
    textAt(threat, 'agentRealtimeInfo', name) ?? textAt(threat, 'agentDetectionInfo', name);
  return presentFields({
    id: threatId,
    storyline: textAt(threat, 'threatInfo', 'storyline'),
    threatName: textAt(threat, 'threatInfo', 'threatName'),
    agentId: textAt(threat, 'agentRealtimeInfo', 'agentId'),
    computerName: textAt(threat, 'agentRealtimeInfo', 'agentComputerName'),
    accountId: agent('accountId'),
    accountName: agent('accountName'),
    siteId: agent('siteId'),
    siteName: agent('siteName'),
    groupId: agent('groupId'),
    groupName: agent('groupName'),
  });
}
