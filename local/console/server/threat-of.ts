import { micros } from '../world/micro-time.ts';
import type { Call } from './endpoint.ts';
import { BareVendorError, notFound } from './vendor-error.ts';

/**
 * The threat that `{threatId}` in the path names. Throws 404 for one that was never there, that was deleted, or that lies
 * outside the token's site; for half of the ids without the wrapper of other errors.
 * @param goneUs from when on what is asked for is gone, microseconds; with the threat itself where absent
 */
export function threatOf(
  { world, pathParams, token, nowMs }: Call,
  goneUs: (threat: number) => number = (threat) => world.threats.timeline.goneUs(threat),
): number {
  const { threats } = world;
  const id = pathParams.get('threatId') ?? '';
  const shown = world.shown(threats, nowMs);
  const record = /^\d{1,20}$/.test(id) ? threats.find(id) : -1;
  const isShown = record >= 0 && shown.rowOf(record) >= 0 && goneUs(record) > nowMs * micros.millisecond;
  const isInScope = token?.siteId === undefined || threats.siteId(record) === token.siteId;
  if (isShown && isInScope) return record;
  const refusal = notFound();
  throw isOdd(id) ? new BareVendorError(refusal) : refusal;
}

function isOdd(id: string): boolean {
  return id.length > 0 && id.charCodeAt(id.length - 1) % 2 === 1;
}
