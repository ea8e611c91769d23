/**
 * Random access instead of a random sequence: every draw is a function of what it is for, so a record can be made
 * without making the ones before it, and two simulators with one seed agree without talking to each other.
 */
export interface Draws {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, limit). */
  below(limit: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** So many lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** Keeps the draws of different purposes apart; the numbers are part of the world and must not change. */
export const purpose = {
  threatTiming: 1,
  threatPlan: 2,
  threatBody: 3,
  threatHost: 4,
  threatTouch: 5,
  threatMutation: 6,
  agentTiming: 11,
  agentPlan: 12,
  agentIdentity: 13,
  agentState: 14,
  agentTouch: 15,
  agentMutation: 16,
  activityTiming: 21,
  activityBody: 22,
  organisation: 31,
  lateness: 41,
  file: 51,
  token: 61,
  fault: 71,
  endpointEventTiming: 160,
  endpointEventHost: 161,
  endpointEventType: 162,
  endpointEventBody: 163,
  endpointEventProcess: 164,
  endpointEventDelay: 165,
  deepVisibilityQuery: 166,
  dataLakeQuery: 167,
  threatDeletion: 180,
  threatNotes: 181,
  threatNoteBody: 182,
  starAlertTiming: 183,
  starAlertPlan: 184,
  starAlertBody: 185,
  rogueTiming: 187,
  roguePlan: 188,
  rogueBody: 189,
  rogueTouch: 190,
  rogueMutation: 191,
  deviceEventTiming: 192,
  deviceEventBody: 193,
  threatEventPlan: 200,
  threatEventBody: 201,
  threatStoryline: 202,
  applicationPlan: 203,
  installTiming: 204,
  installPlan: 205,
  installBody: 206,
  cvePlan: 207,
  cveBody: 208,
  riskPlan: 209,
  riskBody: 210,
  riskTouch: 211,
  riskMutation: 212,
  unifiedAlertTiming: 213,
  unifiedAlertPlan: 214,
  unifiedAlertBody: 215,
  unifiedAlertTouch: 216,
  unifiedAlertMutation: 217,
} as const;

function mixIn(state: number, value: number): number {
  let bits = Math.imul(value | 0, 0xcc9e2d51);
  bits = (bits << 15) | (bits >>> 17);
  const mixed = state ^ Math.imul(bits, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(state: number): number {
  let bits = state ^ (state >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 32 well-spread bits out of up to four integers of 32 bits. */
export function hash(seed: number, what: number, index: number, salt = 0): number {
  return finish(mixIn(mixIn(mixIn(mixIn(0x9747b28c, seed), what), index), salt));
}

/** A number in [0, 1) out of the same. */
export function unit(seed: number, what: number, index: number, salt = 0): number {
  return hash(seed, what, index, salt) / 0x1_0000_0000;
}

/** Any number of draws for one purpose. */
export function draws(seed: number, what: number, index: number, salt = 0): Draws {
  let state = hash(seed, what, index, salt);
  const bits = () => {
    state = (state + 0x9e3779b9) | 0;
    return finish(state);
  };
  const next = () => bits() / 0x1_0000_0000;
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick(list) {
      const value = list[Math.floor(next() * list.length)];
      if (value === undefined) throw new Error('Nothing can be picked from an empty list.');
      return value;
    },
    hex(digits) {
      let text = '';
      while (text.length < digits) text += bits().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}
