import type { JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { hostFields } from './host-fields.ts';
import { presentFields, textAt } from './json-fields.ts';
import { knownTextAt } from './known-text.ts';

/**
 * The normalised fields of a device that was connected to an endpoint. The user is who was logged in last, because the console
 * does not know who held the device.
 */
export function deviceControlFields(event: JsonObject): JsonObject {
  const action = knownTextAt(event, 'eventType');
  return presentFields({
    host: hostFields({ name: textAt(event, 'computerName'), agentId: textAt(event, 'agentId') }),
    user: userFields(knownTextAt(event, 'lastLoggedInUserName')),
    event: presentFields({ category: 'host', action, description: descriptionOf(event, action) }),
  });
}

/** `USB SanDisk Ultra: blocked` */
function descriptionOf(event: JsonObject, action: string | undefined): string {
  const device = [knownTextAt(event, 'interface'), knownTextAt(event, 'deviceName')];
  const described = device.filter((part) => part !== undefined).join(' ');
  return [described, action].filter((part) => part !== undefined && part !== '').join(': ');
}
