import * as z from 'zod/mini';
import type { JsonObject } from '../../json.ts';
import { listAt, textAt } from '../../records/json-fields.ts';
import type { Reason, Subject } from '../subject.ts';
import { osOf } from './endpoint-state.ts';
import { choice } from './parameters.ts';
import { sha1Of, withoutHash } from './threat-hash.ts';

/** On whose blocklist a file is put: that of the threat's group, site or account. The whole console's is out of reach on purpose. */
export const blocklistScopes = ['site', 'account', 'group'] as const;
export type BlocklistScope = (typeof blocklistScopes)[number];

export const blocklistParameters = z.strictObject({ scope: z._default(choice(blocklistScopes), 'site') });

/**
 * The id of the threat's group, site or account; undefined where the console does not tell. Where the endpoint is now counts before
 * where it was, as for the scope of a connector (`isInScope`).
 */
export function scopeIdOf({ record, agent }: Subject, scope: BlocklistScope): string | undefined {
  const field = `${scope}Id`;
  const id =
    textAt(record, 'agentRealtimeInfo', field) ??
    textAt(agent, field) ??
    textAt(record, 'agentDetectionInfo', field);
  return id !== undefined && /^\d{1,24}$/.test(id) ? id : undefined;
}

/** Why a threat's file can be neither put on a list nor taken off it. */
export function withoutList(subject: Subject, scope: BlocklistScope): Reason | undefined {
  if (sha1Of(subject) === undefined) return withoutHash;
  return withoutScope(subject, scope) ?? (osOf(subject) === undefined ? withoutOs : undefined);
}

/** Entries are for one operating system each. */
const withoutOs: Reason = {
  code: 'os_unknown',
  message:
    'The console does not tell the operating system of the threat (agentRealtimeInfo.agentOsType), and entries of a blocklist are for one each.',
  recommendation: 'Look for the entries of the file at the console.',
};

/** Why nothing can be said about a threat that belongs nowhere. */
function withoutScope(subject: Subject, scope: BlocklistScope): Reason | undefined {
  const missing = [scope, 'site' as const].find((one) => scopeIdOf(subject, one) === undefined);
  if (missing === undefined) return undefined;
  return {
    code: 'scope_unknown',
    message: `The console does not tell to which ${missing} the threat belongs (agentRealtimeInfo.${missing}Id).`,
    recommendation: 'Block the file at the console.',
  };
}

const levels = ['site', 'account', 'group'] as const;

/** True for an entry on the blocklist of this group, site or account. */
export function isOnListOf(entry: JsonObject, scope: BlocklistScope, id: string): boolean {
  return idsOf(entry, scope).includes(id);
}

/** True for an entry that is on other lists as well. */
export function isOnSeveralLists(entry: JsonObject): boolean {
  return new Set(levels.flatMap((level) => idsOf(entry, level).map((id) => `${level} ${id}`))).size > 1;
}

function idsOf(entry: JsonObject, scope: BlocklistScope): readonly string[] {
  return listAt(entry, 'scope', `${scope}Ids`).flatMap((id) => textAt(id) ?? []);
}
