import type { JsonObject } from '../../json.ts';
import type { SentinelOneApi } from '../../ports.ts';
import type { ActionType } from '../action-type.ts';
import type { Subject } from '../subject.ts';
import { readNewestActivities } from './read-activities.ts';

/**
 * The subjects that seem to be as they are wanted, with what the activity log tells of the newest commands to them; the others, and
 * all where the token may not read the log, as they are. Failures of the console are `ConnectorError`s.
 */
export async function withHistory(
  type: ActionType,
  parameters: JsonObject,
  subjects: ReadonlyMap<string, Subject>,
  ask: { readonly api: SentinelOneApi; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Subject>> {
  if (type.history === undefined) return subjects;
  // Their own schema has parsed them.
  const isSo = (subject: Subject) => type.reached(subject, parameters as never) !== undefined;
  const ids = [...subjects.values()].filter(isSo).map(({ id }) => id);
  const histories = await readNewestActivities({ kind: type.target, ids, types: type.history }, ask);
  return new Map(
    [...subjects].map(([id, subject]) => {
      const history = histories?.get(id);
      return [id, history === undefined ? subject : { ...subject, history }];
    }),
  );
}
