import type { JsonObject } from '../../json.ts';
import { fieldAt, listAt, textAt } from '../../records/json-fields.ts';
import { distinguishedNameHas } from './distinguished-name.ts';
import { matchesWildcards } from './wildcards.ts';

/** As `machineType` of an agent has them. */
export const machineTypes = [
  'unknown',
  'desktop',
  'laptop',
  'server',
  'kubernetes node',
  'storage',
  'kubernetes pod',
  'ecs task',
  'kubernetes helper',
] as const;

/** The fields of a selector, in the order in which messages list them. */
export const selectorFields = [
  'agentIds',
  'computerNames',
  'groupIds',
  'groupNames',
  'siteIds',
  'tags',
  'machineTypes',
  'directoryGroups',
] as const;

/**
 * Which endpoints are meant: those to which any of the fields applies. Whoever writes two fields into one entry protects what
 * either of them names; the other reading would protect too few.
 */
export interface EndpointSelector {
  readonly agentIds?: readonly string[] | undefined;
  /** `*` stands for any text; capitals do not count. */
  readonly computerNames?: readonly string[] | undefined;
  readonly groupIds?: readonly string[] | undefined;
  /** Capitals do not count. */
  readonly groupNames?: readonly string[] | undefined;
  readonly siteIds?: readonly string[] | undefined;
  /** `key` or `key=value` of the console's tags; capitals do not count. */
  readonly tags?: readonly string[] | undefined;
  readonly machineTypes?: readonly string[] | undefined;
  /**
   * Of Active Directory: the name of a group that the computer is a direct member of, of an organisational unit or container above
   * it, or a part of a distinguished name, e.g. `Domain Controllers` or `OU=Servers,DC=corp,DC=example`.
   */
  readonly directoryGroups?: readonly string[] | undefined;
}

/** True where the selector means this endpoint, as `GET /agents` gives it. */
export function selects(selector: EndpointSelector, agent: JsonObject): boolean {
  return (
    isOneOf(selector.agentIds, agent, 'id') ||
    isOneOf(selector.groupIds, agent, 'groupId') ||
    isOneOf(selector.siteIds, agent, 'siteId') ||
    isOneOf(selector.groupNames, agent, 'groupName') ||
    isOneOf(selector.machineTypes, agent, 'machineType') ||
    hasName(selector.computerNames ?? [], agent) ||
    hasTag(selector.tags ?? [], agent) ||
    isInDirectory(selector.directoryGroups ?? [], agent)
  );
}

function isOneOf(values: readonly string[] | undefined, agent: JsonObject, field: string): boolean {
  const found = textAt(agent, field);
  return found !== undefined && (values ?? []).some((value) => isSame(value, found));
}

function hasName(patterns: readonly string[], agent: JsonObject): boolean {
  const name = textAt(agent, 'computerName');
  return name !== undefined && patterns.some((pattern) => matchesWildcards(pattern, name));
}

function hasTag(wanted: readonly string[], agent: JsonObject): boolean {
  return listAt(agent, 'tags', 'sentinelone').some((tag) => {
    const key = textAt(tag, 'key');
    if (key === undefined) return false;
    const whole = `${key}=${textAt(tag, 'value') ?? ''}`;
    return wanted.some((text) => isSame(text, key) || isSame(text, whole));
  });
}

function isInDirectory(wanted: readonly string[], agent: JsonObject): boolean {
  if (wanted.length === 0) return false;
  const own = fieldAt(agent, 'activeDirectory', 'computerDistinguishedName');
  const groups = listAt(agent, 'activeDirectory', 'computerMemberOf');
  return wanted.some(
    (text) =>
      (typeof own === 'string' && distinguishedNameHas(own, text, 'containers')) ||
      groups.some((group) => typeof group === 'string' && distinguishedNameHas(group, text, 'itself')),
  );
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
