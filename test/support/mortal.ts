import type { SliceDependencies } from '../../shared/engine/slice.ts';
import type { SentinelOneApi } from '../../shared/ports.ts';

/** What a call ends with whose worker has died. */
export class Death extends Error {
  constructor() {
    super('The worker is dead.');
    this.name = 'Death';
  }
}

/** A call that a worker made of a port or of the console. */
export interface MortalCall {
  /** `state.update`, `console.request` … */
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * The ports and the console of workers that die at a call: before it took effect, or after. From then on nothing that the worker
 * does has any effect, until `revive`.
 */
export function mortal() {
  const calls: MortalCall[] = [];
  let isDead = false;
  /** Decides about every call. */
  let fate: (call: MortalCall, index: number) => 'live' | 'before' | 'after' = () => 'live';

  function port<T extends object>(name: string, inner: T): T {
    return new Proxy(inner, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function' || typeof property !== 'string' || property === 'newBody')
          return typeof member === 'function' ? member.bind(target) : member;
        return async (...args: readonly unknown[]) => {
          if (isDead) throw new Death();
          const call = { name: `${name}.${property}`, args };
          const end = fate(call, calls.push(call) - 1);
          isDead = end !== 'live';
          if (end === 'before') throw new Death();
          const result: unknown = await Reflect.apply(member, target, args);
          if (isDead) throw new Death();
          return result;
        };
      },
    });
  }

  return {
    calls,
    /** Another port of theirs. */
    port,
    isDead: () => isDead,
    api: (api: SentinelOneApi) => port('console', api),
    dependencies: ({ streams, lake, queue, memory }: SliceDependencies): Partial<SliceDependencies> => ({
      streams: port('state', streams),
      lake: port('lake', lake),
      queue: port('queue', queue),
      memory: port('memory', memory),
    }),
    decide(next: typeof fate) {
      fate = next;
    },
    revive() {
      isDead = false;
    },
  };
}
