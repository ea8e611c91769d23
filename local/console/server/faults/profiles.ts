import { draws, purpose } from '../../world/random.ts';
import type { World } from '../../world/world.ts';
import { deedsUnanswered } from './deeds-unanswered.ts';
import type { Fault, FaultRequest, FaultSource } from './fault.ts';
import { drawQuirks, noQuirks, type PageQuirks } from './page-quirks.ts';
import { refusedCursors } from './refused-cursors.ts';
import { serverErrors } from './server-errors.ts';
import { throttleStorm } from './throttle-storm.ts';

/** Ways in which a console makes life hard. None of them makes an answer wrong. */
export type FaultProfile =
  | 'throttle-storm'
  | 'server-errors'
  | 'refused-cursors'
  | 'mutation'
  | 'late-records'
  | 'nulls'
  | 'deeds-unanswered';

/** What every profile does, for help texts. */
export const faultProfiles: Readonly<Record<FaultProfile, string>> = {
  'throttle-storm':
    'almost half of the requests are answered 429, with Retry-After in every form or not at all',
  'server-errors': 'a third of the requests end in 500, 502, 503, a reset connection or half a body',
  'refused-cursors': 'a quarter of the cursors are refused with 400',
  mutation: 'threats, agents, rogues, risks and unified alerts change several times a second',
  'late-records':
    'a third of the changes become visible up to 45 seconds after their time, endpoint events up to 60 seconds',
  'deeds-unanswered':
    'more than half of the actions end in 500, 502, 503, a reset connection or half a body, done or not',
  nulls: 'data: null, empty pages with a cursor, and lists that end in "" or without a nextCursor',
};

export function isFaultProfile(name: string): name is FaultProfile {
  return Object.hasOwn(faultProfiles, name);
}

/** Numbered, because every source has draws of its own, as the quirks have. */
const sources: readonly (readonly [number, FaultProfile, FaultSource])[] = [
  [0, 'throttle-storm', throttleStorm],
  [1, 'server-errors', serverErrors],
  [2, 'refused-cursors', refusedCursors],
  [4, 'deeds-unanswered', deedsUnanswered],
];
const quirkDraws = 3;

export interface Faults {
  readonly active: readonly FaultProfile[];
  set(profiles: readonly FaultProfile[], nowMs: number): void;
  /** What happens to the next request. The same seed and the same order of requests give the same faults. */
  next(request: Omit<FaultRequest, 'draw'>): {
    readonly fault: Fault | undefined;
    readonly quirks: PageQuirks;
  };
}

/** Profiles that are given at the start have been in force since before the epoch. */
export function faults(world: World, initial: readonly FaultProfile[]): Faults {
  const { seed, epochMs, historyMs } = world.options;
  let active: readonly FaultProfile[] = [];
  let requests = 0;

  function set(profiles: readonly FaultProfile[], atMs: number): void {
    active = [...new Set(profiles)];
    world.setMutation(active.includes('mutation'), atMs);
    world.setLateness(active.includes('late-records'), atMs);
  }
  set(initial, epochMs);
  if (initial.includes('late-records')) world.setLateness(true, epochMs - historyMs);

  return {
    get active() {
      return active;
    },
    set,
    next(asked) {
      const request = requests++;
      let fault: Fault | undefined;
      for (const [number, profile, source] of sources) {
        if (fault !== undefined || !active.includes(profile)) continue;
        fault = source({ ...asked, draw: draws(seed, purpose.fault, request, number) });
      }
      const quirks = active.includes('nulls')
        ? drawQuirks(draws(seed, purpose.fault, request, quirkDraws))
        : noQuirks;
      return { fault, quirks };
    },
  };
}
