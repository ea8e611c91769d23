import { setImmediate } from 'node:timers/promises';
import type { Draws } from '../../../local/console/world/random.ts';
import type { PlannedFaults } from './faults.ts';
import { Violation } from './violation.ts';

/** A worker or a fan-out: something that runs, and can be killed or paused. */
export interface Actor {
  readonly name: string;
  isDead: boolean;
  isDone: boolean;
  /** How far its clock is from the true one, milliseconds. */
  clockShiftMs: number;
  /** Until then it does nothing, and afterwards it goes on as if no time had passed. Epoch milliseconds. */
  pausedUntil: number;
}

export function newActor(name: string): Actor {
  return { name, isDead: false, isDone: false, clockShiftMs: 0, pausedUntil: 0 };
}

/** What a call of a port failed with because the plan says so. */
export class InjectedFailure extends Error {
  override readonly name = 'InjectedFailure';
}

/** What may go wrong with any call. */
export type CallFault =
  | 'kill'
  | 'stall'
  | 'lostAnswer'
  | 'repeatedCall'
  | 'lateCall'
  | 'refusedCall'
  | 'slowAnswer'
  | 'clockJump';

export interface SchedulerOptions {
  /** Where it begins, epoch milliseconds. */
  readonly time: number;
  readonly random: Draws;
  readonly faults: Pick<PlannedFaults<CallFault>, 'strikes'>;
  readonly isTraced: boolean;
  /** How long a stall is, milliseconds; 60 s to 16 minutes where absent. */
  readonly stallMs?: { readonly least: number; readonly span: number };
  /** By how much a clock jumps, milliseconds. */
  readonly clockJumpsMs?: readonly number[];
}

/** A call of a port that waits to be let through. */
interface Call {
  readonly actor: Actor;
  readonly what: string;
  readonly isRemote: boolean;
  readonly run: () => Promise<unknown>;
  /** Epoch milliseconds before which it does not arrive; how long it takes comes from the draws. */
  readonly notBefore: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  wasRepeated: boolean;
}

/**
 * Time and order of everything. Nothing runs by itself: whoever calls a port waits until the scheduler lets the call
 * through, and the draws of the seed say which is next, how long it takes and what goes wrong with it. Between two steps
 * all that can run has run, so the same seed gives the same run to the last await.
 */
export class Scheduler {
  /** Epoch milliseconds, the true time. */
  time: number;
  /** What happened, one line each; kept only where it is wanted. */
  readonly trace: string[] | undefined;
  readonly random: Draws;
  readonly faults: SchedulerOptions['faults'];
  steps = 0;
  private readonly stallMs: NonNullable<SchedulerOptions['stallMs']>;
  private readonly clockJumpsMs: readonly number[];
  private readonly calls = new Set<Call>();
  private readonly alarms = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor(options: SchedulerOptions) {
    const { stallMs = { least: 60_000, span: 900_000 }, clockJumpsMs = [-90_000, -1_000, 90_000] } = options;
    this.stallMs = stallMs;
    this.clockJumpsMs = clockJumpsMs;
    this.time = options.time;
    this.random = options.random;
    this.faults = options.faults;
    this.trace = options.isTraced ? [] : undefined;
  }

  note(line: () => string): void {
    this.trace?.push(`${new Date(this.time).toISOString().slice(5, 23)}  ${line()}`);
  }

  /** Runs something at a time, in the order of the times. */
  at(at: number, run: () => void): void {
    this.alarms.add({ at, run });
  }

  /**
   * Waits until the scheduler lets the call through.
   * @param options.isRemote true for a call to AWS, which may fail or be made twice; the console has failures of its own
   * @param options.notBefore epoch milliseconds before which it does not arrive; from the draws where absent
   */
  call<T>(
    actor: Actor,
    what: string,
    run: () => Promise<T>,
    options: { readonly isRemote: boolean; readonly signal?: AbortSignal; readonly notBefore?: number },
  ): Promise<T> {
    const { isRemote, signal, notBefore = this.time + this.latencyMs(options.isRemote) } = options;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    signal?.throwIfAborted();
    const call: Call = {
      actor,
      what,
      isRemote,
      run,
      notBefore,
      resolve: (value) => resolve(value as T),
      reject,
      wasRepeated: false,
    };
    this.calls.add(call);
    signal?.addEventListener('abort', () => {
      if (this.calls.delete(call)) reject(signal.reason);
    });
    return promise;
  }

  /** Waits within a page: for so long, or until the signal is aborted. */
  sleep(actor: Actor, ms: number, signal: AbortSignal): Promise<void> {
    const until = this.time + ms;
    return this.call(actor, 'sleep', async () => undefined, { isRemote: false, signal, notBefore: until });
  }

  /** A port whose every asynchronous method waits to be let through. */
  port<T extends object>(actor: Actor, name: string, target: T): T {
    return new Proxy(target, {
      get: (_, method) => {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        // A body is a thing in memory and no call.
        if (method === 'newBody') return value.bind(target);
        return (...args: unknown[]) =>
          this.call(actor, `${name}.${String(method)}`, () => value.apply(target, args), { isRemote: true });
      },
    });
  }

  /** Lets one call through, if there is one that can go. Resolves when everything that follows from it has happened. */
  async step(): Promise<boolean> {
    const runnable = [...this.calls].filter(
      ({ actor, notBefore }) => actor.pausedUntil <= this.time && notBefore <= this.time,
    );
    if (runnable.length === 0) return false;
    const call = this.random.pick(runnable);
    this.calls.delete(call);
    this.steps += 1;
    await this.letThrough(call);
    await setImmediate();
    return true;
  }

  /** The next time at which something happens by itself, epoch milliseconds. */
  nextAlarm(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.alarms) next = Math.min(next, at);
    for (const { actor, notBefore } of this.calls) {
      const at = Math.max(actor.pausedUntil, notBefore);
      if (at > this.time) next = Math.min(next, at);
    }
    return next;
  }

  /** Lets time pass, and everything happen that is due by then. */
  pass(ms: number): void {
    this.time += ms;
    const due = [...this.alarms].filter(({ at }) => at <= this.time).sort((a, b) => a.at - b.at);
    for (const alarm of due) this.alarms.delete(alarm);
    for (const { run } of due) run();
  }

  /** The actor hears nothing any more. Calls that are on their way may arrive all the same. */
  kill(actor: Actor): void {
    if (actor.isDead || actor.isDone) return;
    actor.isDead = true;
    actor.pausedUntil = 0;
    this.note(() => `${actor.name} is killed`);
    for (const call of this.calls) {
      if (call.actor === actor && (!call.isRemote || this.random.chance(0.5))) this.calls.delete(call);
    }
  }

  /** Lets everybody go on who was paused. */
  wakeAll(): void {
    for (const { actor } of this.calls) actor.pausedUntil = 0;
  }

  private latencyMs(isRemote: boolean): number {
    if (isRemote) return 2 + this.random.below(30);
    return 100 + this.random.below(this.faults.strikes('slowAnswer') ? 28_000 : 1_500);
  }

  private async letThrough(call: Call): Promise<void> {
    const { actor, what, isRemote, run } = call;
    const { faults } = this;
    if (!actor.isDead && faults.strikes('kill')) {
      // It may have taken effect or be on its way still.
      if (isRemote && this.random.chance(0.5)) this.calls.add(call);
      this.kill(actor);
      return;
    }
    if (!actor.isDead && faults.strikes('stall')) {
      actor.pausedUntil = this.time + this.stallMs.least + this.random.below(this.stallMs.span);
      this.calls.add(call);
      this.note(() => `${actor.name} is paused before ${what}`);
      return;
    }
    if (faults.strikes('clockJump')) actor.clockShiftMs += this.random.pick(this.clockJumpsMs);
    if (isRemote && faults.strikes('refusedCall')) {
      this.note(() => `${actor.name} ${what} fails`);
      call.reject(new InjectedFailure(`${what} failed`));
      return;
    }
    const outcome = await run().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    // A broken law is no failure of the call: it ends the run.
    if ('error' in outcome && outcome.error instanceof Violation) throw outcome.error;
    if (isRemote && !call.wasRepeated && faults.strikes('repeatedCall')) {
      call.wasRepeated = true;
      this.calls.add(call);
      this.note(() => `${actor.name} ${what} took effect, and is repeated`);
      return;
    }
    if (isRemote && faults.strikes('lostAnswer')) {
      this.note(() => `${actor.name} ${what} took effect, and its answer is lost`);
      call.reject(new InjectedFailure(`${what}: no answer`));
      return;
    }
    if (isRemote && faults.strikes('lateCall')) {
      const notBefore = this.time + this.random.below(400_000);
      this.calls.add({ ...call, actor: newActor(`${actor.name} (late)`), notBefore, wasRepeated: true });
    }
    this.note(() => `${actor.name} ${what}${actor.isDead ? ' (after its death)' : ''} ${describe(outcome)}`);
    // Whatever it was, nobody is there to hear it.
    if (actor.isDead) return;
    if ('error' in outcome) call.reject(outcome.error);
    else call.resolve(outcome.value);
  }
}

function describe(outcome: { readonly value: unknown } | { readonly error: unknown }): string {
  if ('error' in outcome) return `throws ${String(outcome.error)}`;
  const { value } = outcome;
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : String(value);
  if ('kind' in value) return String(value.kind);
  if ('data' in value && Array.isArray(value.data)) return `${value.data.length} records`;
  return '';
}
