/** A budget that the console keeps: of one API token, for the paths below one prefix. */
export interface BudgetId {
  /**
   * SHA-256 of the token, hexadecimal (`tokenKey`). It is no secret: a console's tokens are long random strings, so nobody can
   * find one by hashing guesses, and the hash opens nothing.
   */
  readonly tokenKey: string;
  /** The prefix of the published limit (`rateLimitFor`). */
  readonly prefix: string;
}

/** The console asked to send nothing before `until` (epoch milliseconds), with this answer. */
export interface Pause {
  readonly until: number;
  readonly httpStatus: 429 | 503;
}

/** What a worker wants of a budget's shared schedule. Epoch milliseconds and milliseconds. */
export interface TakeRequest {
  readonly now: number;
  /** How much of the schedule is taken: the next taker starts that much later. */
  readonly spacingMs: number;
  /** Nothing is taken when the turn would come later than that: a turn that nobody waits for is lost for all. */
  readonly latest: number;
  /** What the caller expects of the schedule. A wrong guess costs a second write and nothing else. */
  readonly expects: 'free' | 'busy';
}

export type TakeOutcome = (
  | { readonly kind: 'taken'; readonly startsAt: number }
  /** Others have taken the schedule up to `freeAt`, which is after `latest`. */
  | { readonly kind: 'full'; readonly freeAt: number }
) & {
  /** The last pause that was announced, also when it is over. */
  readonly pause?: Pause;
};

/** What the workers of one token know of each other. All of it is forgotten some time after it has stopped to matter. */
export interface PacingStore {
  /** The last pause that was announced, also when it is over. May be behind by a moment. */
  pause(budget: BudgetId): Promise<Pause | undefined>;
  /** Tells all workers of a pause. One that lasts longer stays. */
  announce(budget: BudgetId, pause: Pause): Promise<void>;
  /**
   * Takes the next turn in the budget's schedule, in one write as a rule. A schedule that is further ahead than any taker can
   * have brought it was written by a clock that is wrong, and starts anew.
   */
  take(budget: BudgetId, request: TakeRequest): Promise<TakeOutcome>;
}

/** The furthest ahead that a schedule can be while all takers ask alike and their clocks agree to a minute. */
export function furthestAhead({ latest, spacingMs }: TakeRequest): number {
  return latest + spacingMs + 60_000;
}
