import { isDeepStrictEqual } from 'node:util';
import type { Action, ActionPlace } from '../../../shared/actions/run/action.ts';
import { isOver } from '../../../shared/actions/run/action-state.ts';
import { isFinal, type TargetState, transitions } from '../../../shared/actions/run/transitions.ts';
import type { DuePage } from '../../../shared/ports.ts';
import { MemoryActions } from '../../support/memory/memory-actions.ts';
import { Violation } from '../simulation/violation.ts';

/** Between a look and the moment at which it is written down, time may pass. */
const stallMs = 160_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Looks without news after which they come as seldom as they ever do. */
const patientAfter = 10;
/** Clocks of workers differ by some seconds. */
const clocksMs = 15_000;

/** Actions in memory with their due index, watched: every write must be a lawful step from what was there. */
export class WatchedActions extends MemoryActions {
  /** When each action came to its end, epoch milliseconds, the true time. */
  readonly overAt = new Map<string, number>();
  writes = 0;
  /** At the console, for what became of commands; and those after which every endpoint has been offline for an hour. */
  looks = 0;
  offlineLooks = 0;
  private readonly now: () => number;
  /** As the table's own attribute, which claims move; by the key of `stored`. */
  private readonly dueAt = new Map<string, number>();

  constructor(now: () => number) {
    super();
    this.now = now;
  }

  override async create(action: Action): Promise<'created' | 'exists'> {
    const had = this.stored.size;
    const outcome = await super.create(action);
    if (this.stored.size > had) {
      expectTrail(action);
      this.noteWrite(action);
    }
    return outcome;
  }

  override async replace(action: Action): Promise<boolean> {
    const before = await this.get(action);
    const isWritten = await super.replace(action);
    if (before === undefined || before.version !== action.version) return isWritten;
    expectStep(before, action);
    this.expectPatience(before, action);
    this.noteWrite(action);
    return isWritten;
  }

  /** What is due by then. */
  dueBy(now: number): DuePage<ActionPlace> {
    const items = [...this.dueAt].flatMap(([key, nextDueAt]) => {
      const action = this.stored.get(key);
      if (action === undefined || nextDueAt > now) return [];
      const { tenant, connector, id } = action;
      return [{ id: { tenant, connector, id }, nextDueAt }];
    });
    return { items, unreadable: [] };
  }

  async claim(
    due: { readonly id: ActionPlace; readonly nextDueAt: number },
    until: number,
  ): Promise<boolean> {
    const key = keyOf(due.id);
    if (this.dueAt.get(key) !== due.nextDueAt) return false;
    this.dueAt.set(key, until);
    return true;
  }

  /** The next time at which one is due, epoch milliseconds. */
  nextDueAt(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.dueAt.values());
  }

  /** The one with the id. */
  byId(id: string): Action | undefined {
    return [...this.stored.values()].find((action) => action.id === id);
  }

  /**
   * A8: nobody looks before it is time to; where nothing changes, every five minutes at most, and every fifteen where all endpoints
   * have been offline for an hour.
   */
  private expectPatience(before: Action, after: Action): void {
    const hasLooked = after.lookAt !== before.lookAt && after.looks > 0;
    const { lookAt } = before;
    if (!hasLooked || lookAt === undefined) return;
    this.looks++;
    const now = this.now();
    const law = (holds: boolean, otherwise: () => string) => {
      if (!holds) throw new Violation('A8 cost', `${after.type} ${after.id}: ${otherwise()}`);
    };
    law(now >= lookAt - clocksMs, () => `looked ${lookAt - now} ms early`);
    const open = after.targets.filter(({ state }) => !isFinal(state));
    if (open.length === 0 || open.some(({ state }) => state === 'requested' || state === 'sent')) return;
    const isOffline = open.every(
      ({ state, changedAt }) => state === 'pending_offline' && changedAt <= now - hourMs - stallMs,
    );
    if (isOffline) this.offlineLooks++;
    const leastMs = isOffline ? 15 * minuteMs : after.looks > patientAfter ? 5 * minuteMs : 0;
    law(
      (after.lookAt ?? Number.POSITIVE_INFINITY) >= now + leastMs - stallMs,
      () => `after ${after.looks} looks it is looked at again at ${after.lookAt}, and it is ${now}`,
    );
  }

  private noteWrite(action: Action): void {
    this.writes++;
    const key = keyOf(action);
    if (action.nextDueAt === undefined) this.dueAt.delete(key);
    else this.dueAt.set(key, action.nextDueAt);
    if (isOver(action) && !this.overAt.has(action.id)) this.overAt.set(action.id, this.now());
  }
}

function keyOf({ tenant, connector, id }: ActionPlace): string {
  return `${tenant}/${connector}/${id}`;
}

function expectStep(before: Action, after: Action): void {
  const law = (holds: boolean, otherwise: () => string) => {
    if (!holds) throw new Violation('A4 transitions and trail', `${after.type} ${after.id}: ${otherwise()}`);
  };
  law(
    isDeepStrictEqual(after.trail.slice(0, before.trail.length), before.trail),
    () => 'the trail was changed',
  );
  law(after.targets.length === before.targets.length, () => 'targets came or went');
  law(after.archived >= before.archived, () => 'archived went back');
  law(after.told >= before.told, () => 'told went back');
  for (const [index, target] of after.targets.entries()) {
    const was = before.targets[index];
    if (was === undefined) continue;
    const name = `target ${index}`;
    const { asked, id, performs } = target;
    law(
      isDeepStrictEqual([asked, id, performs], [was.asked, was.id, was.performs]),
      () => `${name} is another one`,
    );
    if (isFinal(was.state))
      law(isDeepStrictEqual(target, was), () => `${name} was ${was.state} and is changed`);
    if (target.state === was.state) continue;
    law(
      transitions[was.state].includes(target.state),
      () => `${name} went from ${was.state} to ${target.state}`,
    );
  }
  expectTrail(after);
}

/** The trail is numbered, and tells the states that the targets have. */
function expectTrail({ id, trail, targets }: Action): void {
  const law = (holds: boolean, otherwise: () => string) => {
    if (!holds) throw new Violation('A4 transitions and trail', `${id}: ${otherwise()}`);
  };
  law(
    trail.every(({ step }, index) => step === index + 1),
    () => `steps ${trail.map(({ step }) => step)}`,
  );
  const told = new Map<number, TargetState>();
  for (const entry of trail)
    for (const { target, state } of entry.targets) {
      const was = told.get(target);
      law(
        was === undefined || transitions[was].includes(state),
        () => `the trail goes from ${was} to ${state}`,
      );
      told.set(target, state);
    }
  for (const [index, { state }] of targets.entries())
    law(
      told.get(index) === state,
      () => `target ${index} is ${state}, and its trail says ${told.get(index)}`,
    );
}
