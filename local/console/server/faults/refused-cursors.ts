import type { FaultSource } from './fault.ts';

/** The share of the requests with a cursor that are refused. */
const share = 0.25;

/** One good cursor in four is refused as if it had expired. */
export const refusedCursors: FaultSource = ({ draw, hasCursor }) =>
  hasCursor && draw.chance(share) ? { kind: 'cursor' } : undefined;
