/** A caller who is about to isolate endpoints. Times in epoch milliseconds. */
export interface IsolationRequest {
  readonly tenant: string;
  /** As `creatorName` writes it. */
  readonly caller: string;
  readonly agentIds: readonly string[];
  readonly now: number;
  /** Different endpoints within an hour. */
  readonly most: number;
}

export type ReserveOutcome =
  | { readonly kind: 'reserved' }
  /**
   * Nothing was reserved. `used`: different endpoints within the last hour. `retryAfterMs`: when there is room for all of them, if
   * nobody else takes it; absent where they are more than ever fit.
   */
  | { readonly kind: 'exhausted'; readonly used: number; readonly retryAfterMs?: number };

/**
 * Counts whom a caller isolates, so that a playbook that runs wild is stopped. The hour slides; an endpoint that is isolated again
 * counts once, from the last time.
 */
export interface IsolationCounter {
  /**
   * Takes room for all of the endpoints, or for none. Of those that ask at once, none gets room that another one got. Asking again
   * for the same endpoints takes no more of it.
   */
  reserve(request: IsolationRequest): Promise<ReserveOutcome>;
}

/** When each endpoint was isolated last, by its agent id, epoch milliseconds. */
export type Isolations = Readonly<Record<string, number>>;

export const isolationHourMs = 3_600_000;

/** What a reservation makes of the isolations that are known: they grow by the new ones, and the old ones go. */
export function reserved(
  known: Isolations,
  { agentIds, now, most }: Omit<IsolationRequest, 'tenant' | 'caller'>,
):
  | { readonly kind: 'reserved'; readonly isolations: Isolations }
  | Extract<ReserveOutcome, { kind: 'exhausted' }> {
  const recent = Object.entries(known).filter(([, at]) => at > now - isolationHourMs);
  const wanted = new Set(agentIds);
  const others = recent.filter(([id]) => !wanted.has(id)).map(([, at]) => at);
  const excess = others.length + wanted.size - most;
  if (excess <= 0) {
    const isolations = Object.fromEntries([...recent, ...[...wanted].map((id) => [id, now] as const)]);
    return { kind: 'reserved', isolations };
  }
  // So many of the others have to grow old first.
  const last = others.sort((a, b) => a - b)[excess - 1];
  return {
    kind: 'exhausted',
    used: recent.length,
    ...(last === undefined ? {} : { retryAfterMs: last + isolationHourMs - now }),
  };
}
