/** How long it takes until the consequences of a command show. Milliseconds. */
export interface DeedTiming {
  /** An activity appears so long after the state that it tells of; up to two minutes. */
  readonly activityDelayMs: number;
  /** An agent that is online begins so long after the console has accepted the command. */
  readonly reactionMs: number;
  /** From then on: cutting an agent off from the network, or connecting it again. */
  readonly networkMs: number;
  readonly scanMs: number;
  /** So long a machine is down that restarts. */
  readonly restartMs: number;
  readonly mitigationMs: number;
  readonly logsMs: number;
}

/** Some seconds for everything: recorded mitigations took from a tenth of a second to 14 seconds. */
export const usualTiming: DeedTiming = {
  activityDelayMs: 3_000,
  reactionMs: 1_000,
  networkMs: 3_000,
  scanMs: 30_000,
  restartMs: 20_000,
  mitigationMs: 4_000,
  logsMs: 8_000,
};

/** The longest that an activity was seen to lag behind the state that it tells of. */
const mostActivityDelayMs = 120_000;

/** The timing with some of it changed. Throws for what is no length of time. */
export function timingWith(known: DeedTiming, changes: Partial<DeedTiming>): DeedTiming {
  for (const [name, ms] of Object.entries(changes)) {
    if (!Object.hasOwn(usualTiming, name))
      throw new Error(`${name}: is no duration; there are ${Object.keys(usualTiming).join(', ')}.`);
    const most = name === 'activityDelayMs' ? mostActivityDelayMs : 86_400_000;
    if (!Number.isInteger(ms) || ms < 0 || ms > most)
      throw new Error(`${name}: must be whole milliseconds from 0 to ${most}.`);
  }
  return { ...known, ...changes };
}
