/** The invariants of docs/architecture.md, and what they are for. */
export type Law =
  | 'I1 one object per place'
  | 'I2 chain'
  | 'I3 checkpoint after object'
  | 'I4 stale worker'
  | 'I5 messages'
  | 'I6 throttling and dead letters'
  | 'I7 one stream stops no other'
  | 'I8 counted'
  | 'lost'
  | 'doubled'
  | 'made up'
  | 'derived'
  | 'memory'
  | 'snapshot'
  | 'filters'
  | 'status'
  | 'stuck'
  | 'unexpected error'
  | ActionLaw
  | RequestLaw;

/** Of response actions (test/laws/actions). */
export type ActionLaw =
  | 'A1 executed once'
  | 'A2 none forgotten'
  | 'A3 truth'
  | 'A4 transitions and trail'
  | 'A5 explicit and allowed'
  | 'A6 undo'
  | 'A7 isolation limit'
  | 'A8 cost';

/** Of requests to the control API and what the console sees of them (test/laws/requests). */
export type RequestLaw =
  | 'R1 explicit ids'
  | 'R2 only what was asked for'
  | 'R3 nothing for nothing'
  | 'R4 no fault of ours';

/** A law was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly law: Law;

  constructor(law: Law, message: string) {
    super(`${law}: ${message}`);
    this.law = law;
  }
}
