import { ConnectorError } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import type { ProbeAnswer, ProbeRequest } from '../content-type.ts';
import { answerOf, newestRecord } from './newest.ts';
import { threatKey } from './threat-parent.ts';
import { eventTimeAt } from './times.ts';

/** A list that every threat has. */
export interface ThreatChildren {
  readonly path: (threatId: string) => string;
  readonly sortBy: string;
  readonly timeOf: (child: JsonObject) => number | undefined;
}

const changedAt = eventTimeAt('threatInfo', 'updatedAt');

/** Probes what threats have by the one that changed last: two requests. */
export async function newestChildOfThreat(
  { path, sortBy, timeOf }: ThreatChildren,
  request: ProbeRequest,
): Promise<ProbeAnswer> {
  const threats = { path: '/threats', sortBy: 'updatedAt', params: { skipCount: 'true' } };
  const newest = await newestRecord(threats, request, request.scope);
  const threatId = newest.kind === 'record' ? threatKey(newest.record) : undefined;
  if (threatId === undefined) return answerOf(newest, changedAt);
  try {
    return answerOf(await newestRecord({ path: path(threatId), sortBy }, request), timeOf);
  } catch (error) {
    // Deleted between the two requests.
    if (!(error instanceof ConnectorError) || error.code !== 'not_found') throw error;
    return { note: 'the newest threat was deleted during the test' };
  }
}
