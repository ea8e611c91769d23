import type { FaultProfile } from '../../local/console/server/faults/profiles.ts';
import { type Draws, draws } from '../../local/console/world/random.ts';

/** How fast the harm comes. */
export interface Pace {
  readonly roundMs: number;
  /** The queue server is killed in the last of every so many rounds. */
  readonly queueKillEvery: number;
  /** The whole command is killed in the last of every so many rounds. */
  readonly commandKillEvery: number;
  /** The command is not killed before the consoles were asked so often in the round, unless nothing happens any more. */
  readonly requestsBeforeCommandKill: number;
}

/** One harm and when it is done, milliseconds after the round's start. */
export type Harm = { readonly atMs: number } & (
  | {
      readonly kind: 'killWorker';
      /** In [0, 1): which of the processes that are working. */
      readonly pick: number;
    }
  | {
      /** Between a batch's way into the lake and its commit there are milliseconds; a random moment hardly meets them. */
      readonly kind: 'killWorkersAtAppend';
    }
  | { readonly kind: 'killQueueServer'; readonly downMs: number }
  | { readonly kind: 'killCommand' }
  | {
      readonly kind: 'sendCopy';
      /** In [0, 1): of which stream's message. */
      readonly pick: number;
      readonly delaySeconds: number;
    }
);

export interface Round {
  /** What the consoles play during the round. */
  readonly profiles: readonly FaultProfile[];
  /** In the order of their times. */
  readonly harms: readonly Harm[];
}

/** One after the other, each alone first, because a fault can hide another. */
const profiles: readonly (readonly FaultProfile[])[] = [
  ['refused-cursors'],
  ['throttle-storm'],
  ['server-errors'],
  ['mutation', 'late-records'],
  ['nulls'],
  ['refused-cursors', 'mutation'],
  ['throttle-storm', 'server-errors'],
  ['mutation'],
  ['late-records', 'nulls', 'refused-cursors'],
  ['throttle-storm', 'server-errors', 'refused-cursors', 'mutation', 'late-records', 'nulls'],
];

/** Draws of the soak, apart from those of the simulated world. */
const purpose = 1_001;
/** Copies of messages come up to so much later. */
const longestDelaySeconds = 180;

/** What is done in a round, counted from 0: the same for the same seed. */
export function planRound(seed: number, round: number, pace: Pace): Round {
  const draw = draws(seed, purpose, round);
  const killsCommand = (round + 1) % pace.commandKillEvery === 0;
  // A command that is killed takes the harm that was done to its parts with it, so it comes last.
  const untilMs = killsCommand ? 0.7 * pace.roundMs : pace.roundMs;
  const harms: Harm[] = [
    { kind: 'killWorkersAtAppend', atMs: draw.next() * untilMs },
    ...Array.from({ length: 1 + draw.below(2) }, () => killWorker(draw, untilMs)),
    ...Array.from({ length: 2 + draw.below(8) }, () => sendCopy(draw, pace.roundMs)),
  ];
  if ((round + 1) % pace.queueKillEvery === 0)
    harms.push({ kind: 'killQueueServer', atMs: draw.next() * untilMs, downMs: draw.below(2_000) });
  if (killsCommand)
    harms.push({ kind: 'killCommand', atMs: untilMs + draw.next() * (pace.roundMs - untilMs) });
  return {
    profiles: profiles[round % profiles.length] ?? [],
    harms: harms.sort((a, b) => a.atMs - b.atMs),
  };
}

function killWorker(draw: Draws, untilMs: number): Harm {
  return { kind: 'killWorker', atMs: draw.next() * untilMs, pick: draw.next() };
}

/** Half of the copies come at once, so that they meet the original at work. */
function sendCopy(draw: Draws, untilMs: number): Harm {
  const delaySeconds = draw.chance(0.5) ? 0 : draw.below(longestDelaySeconds);
  return { kind: 'sendCopy', atMs: draw.next() * untilMs, pick: draw.next(), delaySeconds };
}
