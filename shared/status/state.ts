import type { Health } from '../errors.ts';

/** The state of a content type, or of a connector: the engine's word for it, or that nobody is to work on it. */
export type State = Health | 'starting' | 'paused';

/** Worst first: what somebody has to do something about goes before what passes by itself. */
export const states = [
  'credentials',
  'host',
  'misconfigured',
  'internal',
  'unavailable',
  'permission',
  'behind',
  'throttled',
  'retired',
  'licence',
  'starting',
  'ok',
  'paused',
] as const satisfies readonly State[];

/** 0 is the worst. */
export function rankOf(state: State): number {
  return states.indexOf(state);
}

/** The worst of them; `undefined` of none. */
export function worstOf(several: readonly State[]): State | undefined {
  return states.find((state) => several.includes(state));
}
