import type { SentinelOneApi } from '../../ports.ts';
import type { ActionType } from '../action-type.ts';
import type { Subject } from '../subject.ts';

/** The subjects with what their action type wants to know besides. Failures of the console are `ConnectorError`s. */
export async function withRelated(
  type: ActionType,
  subjects: ReadonlyMap<string, Subject>,
  { api, signal }: { readonly api: SentinelOneApi; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Subject>> {
  if (type.related === undefined || subjects.size === 0) return subjects;
  const related = await type.related([...subjects.values()], api, signal);
  return new Map([...subjects].map(([id, subject]) => [id, { ...subject, related: related.get(id) ?? [] }]));
}
