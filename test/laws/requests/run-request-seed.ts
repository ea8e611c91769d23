import { setImmediate } from 'node:timers/promises';
import { draws } from '../../../local/console/world/random.ts';
import type { Action } from '../../../shared/actions/run/action.ts';
import { actionIdText } from '../../../shared/actions/run/action-id.ts';
import { advanceAction } from '../../../shared/actions/run/advance.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { TestAnswer } from '../../support/api-world.ts';
import { Violation } from '../simulation/violation.ts';
import { text } from './census.ts';
import { explicitIds, nameOf, type SeenCall, strayReason } from './expect-request-laws.ts';
import { type AskedConnector, knownActions, type Meaning, meaningOf, wayBackOf } from './meaning.ts';
import { type RequestWorld, requestWorld } from './request-world.ts';
import { type Earlier, type PlannedCall, seededCall } from './seeded-request.ts';

/** What a run did. */
export interface RequestRun {
  readonly seed: number;
  readonly violation: Violation | undefined;
  /** The requests that were made; each can be left out. */
  readonly strikes: readonly { readonly number: number; readonly kind: string }[];
  readonly steps: number;
  /** What there was, by name. */
  readonly counts: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
}

/** Requests of a seed. */
export const requestsOfSeed = 100;
/** As the function `outcomes` has it. */
const sliceMs = 60_000;
const longestShown = 400;

/**
 * Runs a seed: requests of all kinds to the control API, one after the other, and in between what is due by itself. After each the
 * simulator's own log of action requests must show explicit ids and nothing that was not asked for.
 */
export async function runRequestSeed(
  seed: number,
  options: { readonly without?: ReadonlySet<number>; readonly isTraced?: boolean } = {},
): Promise<RequestRun> {
  const { without = new Set<number>(), isTraced = false } = options;
  const world = await requestWorld(seed, draws(seed, 304, 0));
  const run = new Run(world, isTraced);
  let violation: Violation | undefined;
  try {
    for (let number = 1; number <= requestsOfSeed; number++)
      if (!without.has(number)) await run.request(seed, number);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
  } finally {
    await world.close();
  }
  const { strikes, steps, counts, trace } = run;
  return { seed, violation, strikes, steps, counts, trace };
}

/** How a meaning is found out; again after the world has changed. */
type FindMeaning = () => Meaning;

class Run {
  readonly strikes: { readonly number: number; readonly kind: string }[] = [];
  readonly trace: string[] = [];
  readonly counts: Record<string, number> = {};
  steps = 0;
  private readonly world: RequestWorld;
  private readonly isTraced: boolean;
  private readonly earlier: Earlier[] = [];
  /** By the ids of actions. */
  private readonly meanings = new Map<string, { meaning: Meaning; readonly find: FindMeaning }>();
  /** What the simulator has seen named for an action, by its id. */
  private readonly sent = new Map<string, Set<string>>();
  private seenCalls: number;
  private seenChanges: number;

  constructor(world: RequestWorld, isTraced: boolean) {
    this.world = world;
    this.isTraced = isTraced;
    this.seenCalls = world.simulator.actionRequests.length;
    this.seenChanges = this.changes();
  }

  /** Makes one request, checks what came of it, and does what is due then. */
  async request(seed: number, number: number): Promise<void> {
    const { world, clones, keys, isTroubled } = this.world;
    const random = draws(seed, 305, number);
    const call = seededCall({
      ...{
        random,
        clones,
        connectors: this.world.connectors.own,
        earlier: this.earlier,
        key: `step-${number}`,
      },
      ...{ records: this.world.records, own: this.world.own },
    });
    // What was noted before is nobody's business here, and is compared with every new note.
    world.audit.records.length = 0;
    this.strikes.push({ number, kind: call.what.split(' ')[0] ?? '' });
    this.steps += 1;
    world.clock.advance(random.pick([0, 0, 500, 2_000, 2_000, 10_000, 60_000, 600_000]));
    const logged = world.logged.length;
    const answer = await world.call(call.method, call.path, {
      key: keys[call.caller],
      headers: call.headers,
      ...(call.text === undefined ? {} : { text: call.text }),
    });
    if (isTroubled) await setImmediate();
    this.note(
      () =>
        `#${number} ${call.caller}: ${call.what.slice(0, longestShown)} → ${answer.status} ${text(answer.json, 'code')}`,
    );
    this.count(`${Math.floor(answer.status / 100)}xx`);
    expectNoFault(call, answer, world.logged.slice(logged), isTroubled);
    this.countTargets(call, answer);
    await this.expectLaws(call.what, this.meant(call, answer));
    if (random.chance(0.5)) await this.workOnDue();
  }

  /** The actions that a call may go on with. Notes what a new one means. */
  private meant(call: PlannedCall, { status, json }: TestAnswer): readonly string[] {
    const [, named, decision] = /^\/v1\/actions\/([^/?]+)(?:\/(\w+))?/.exec(call.path) ?? [];
    if (status >= 300) return [];
    if (named !== undefined && decision !== 'undo') return [named];
    const body: JsonObject = JSON.parse(call.text ?? '');
    if (named === undefined && body['dryRun'] === true) {
      this.count('dryRuns');
      return [];
    }
    const id = text(json, 'id');
    if (!this.meanings.has(id))
      this.remembered(call, json, named === undefined ? this.creationMeaning(body) : this.undoMeaning(named));
    return named === undefined ? [id] : [id, named];
  }

  private remembered(call: PlannedCall, json: JsonObject, find: FindMeaning): void {
    const meaning = find();
    const actionId = text(json, 'id');
    this.meanings.set(actionId, { meaning, find });
    const hasWayBack = meaning.actions.some((action) => knownActions.get(action)?.wayBack !== undefined);
    this.earlier.push({ call, actionId, hasWayBack, isWaiting: json['state'] === 'waiting_approval' });
  }

  private undoMeaning(undone: string): FindMeaning {
    return () => wayBackOf(this.meaningOf(undone), this.sent.get(undone) ?? new Set());
  }

  private creationMeaning(body: JsonObject): FindMeaning {
    const connector = this.connectorOf(body);
    return () => meaningOf(body, connector, this.world.census);
  }

  private connectorOf({ connector }: JsonObject): AskedConnector {
    const { own, foreign } = this.world.connectors;
    const found = [...own, ...foreign].find(({ tenant, id }) => `${tenant}.${id}` === connector);
    if (found === undefined)
      throw new Violation(
        'R2 only what was asked for',
        `an action was made for the connector ${String(connector)}`,
      );
    return found;
  }

  private meaningOf(actionId: string): Meaning {
    const known = this.meanings.get(actionId);
    if (known === undefined)
      throw new Violation('R2 only what was asked for', `nobody has been told of the action ${actionId}`);
    return known.meaning;
  }

  /** Goes on with everything that is due, as the function `outcomes` does. */
  private async workOnDue(): Promise<void> {
    const { world, isTroubled } = this.world;
    const due = (action: Action) => (action.nextDueAt ?? Number.POSITIVE_INFINITY) <= world.clock.now();
    const places = [...world.actions.stored.values()].filter(due).slice(-3);
    for (const place of places) {
      const request = {
        ...{ place, owner: `w${++this.steps}`, deadline: world.clock.now() + sliceMs },
        signal: new AbortController().signal,
      };
      await advanceAction(request, world.acting);
      if (isTroubled) await setImmediate();
      this.count('backgroundSteps');
      await this.expectLaws(`a step of ${actionIdText(place)}`, [actionIdText(place)]);
    }
  }

  /** Compares the simulator's own log with what the actions mean. */
  private async expectLaws(what: string, actionIds: readonly string[]): Promise<void> {
    const calls = this.newCalls();
    for (const call of calls) {
      const ids = explicitIds(call);
      this.count(nameOf(call));
      this.count('idsNamed', ids.length);
      if (call.status >= 300 || call.status === 0) this.count('callsThatFailed');
      this.note(() => `    ${nameOf(call)} ${ids.join(', ')} → ${call.status}`);
      if (actionIds.length === 0)
        throw new Violation('R3 nothing for nothing', `${nameOf(call)} ${ids.join(', ')} after ${what}`);
      const reason = await this.strayReasonNow(call, actionIds);
      if (reason !== undefined)
        throw new Violation(
          'R2 only what was asked for',
          `${nameOf(call)} ${reason}, after ${what.slice(0, longestShown)}`,
        );
      this.remember(call, ids, actionIds);
    }
    if (calls.some(({ path }) => path === '/threats/add-to-blacklist')) await this.world.lookAtBlocklist();
  }

  /** What the world has changed since the last census is looked at before anybody is blamed. */
  private async strayReasonNow(call: SeenCall, actionIds: readonly string[]): Promise<string | undefined> {
    const meanings = () => actionIds.map((id) => this.meaningOf(id));
    if (strayReason(call, meanings(), this.world.census) === undefined) return undefined;
    await this.world.lookAgain();
    this.count('censuses');
    for (const known of this.meanings.values()) {
      const { meaning } = known;
      known.meaning = { ...meaning, subjects: new Set([...meaning.subjects, ...known.find().subjects]) };
    }
    return strayReason(call, meanings(), this.world.census);
  }

  private remember(call: SeenCall, ids: readonly string[], actionIds: readonly string[]): void {
    for (const actionId of actionIds) {
      const { subjects } = this.meaningOf(actionId);
      const sent = this.sent.get(actionId) ?? new Set();
      // A removal names entries of the blocklist, and none of the threats.
      for (const id of call.method === 'DELETE' ? subjects : ids) sent.add(id);
      this.sent.set(actionId, sent);
    }
  }

  /** What the simulator has got since the last time. */
  private newCalls(): readonly SeenCall[] {
    const { actionRequests } = this.world.simulator;
    const changes = this.changes();
    const calls = actionRequests.slice(this.seenCalls);
    if (changes - this.seenChanges !== calls.length || actionRequests.length < this.seenCalls)
      throw new Violation(
        'R1 explicit ids',
        `${changes - this.seenChanges} requests that change something, and ${calls.length} known actions`,
      );
    this.seenCalls = actionRequests.length;
    this.seenChanges = changes;
    return calls;
  }

  /** Requests of any kind that are not there to read. */
  private changes(): number {
    return this.world.simulator.requests.filter(({ method }) => method !== 'GET').length;
  }

  private countTargets({ text: body }: PlannedCall, { status }: TestAnswer): void {
    this.count('requests');
    if (body === undefined || status >= 300) return;
    const { targets } = Object(JSON.parse(body));
    if (Array.isArray(targets)) this.count('targetsAskedFor', targets.length);
  }

  private count(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  private note(line: () => string): void {
    if (this.isTraced) this.trace.push(line());
  }
}

/** A request may be refused, and the console may fail where it is told to; neither may be because of a fault of ours. */
function expectNoFault(
  { what }: PlannedCall,
  { status, body = '' }: TestAnswer,
  logged: readonly string[],
  isTroubled: boolean,
): void {
  const fault = logged.find((line) => line.startsWith('A step of an action failed'));
  if (fault !== undefined) throw new Violation('R4 no fault of ours', `${fault} after ${what}`);
  if (status === 500 || (status > 500 && !isTroubled))
    throw new Violation('R4 no fault of ours', `${status} ${body} ${logged.at(-1)} after ${what}`);
}
