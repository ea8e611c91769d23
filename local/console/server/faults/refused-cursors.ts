import { invalidCursor } from '../vendor-error.ts';
import type { FaultSource } from './fault.ts';

/** The share of the requests with a cursor that are refused. */
const share = 0.25;

/** One good cursor in four is refused as if it had expired. */
export const refusedCursors: FaultSource = ({ draw, hasCursor }) => {
  if (!hasCursor || !draw.chance(share)) return undefined;
  const { status, body } = invalidCursor();
  return { kind: 'answer', answer: { status, headers: { 'content-type': 'application/json' }, body } };
};
