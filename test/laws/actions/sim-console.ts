import type { Draws } from '../../../local/console/world/random.ts';
import type { Action } from '../../../shared/actions/run/action.ts';
import { isObject, type JsonObject } from '../../../shared/json.ts';
import type { ApiAnswer, ApiRequest, ListPage, ListParams } from '../../../shared/ports.ts';
import { listAt } from '../../../shared/records/json-fields.ts';
import type { MemoryEndpoints } from '../../support/memory/endpoints/memory-endpoints.ts';
import { Violation } from '../simulation/violation.ts';
import type { ActionFaults } from './action-faults.ts';
import * as errors from './console-errors.ts';

/** A call that changes something, as it reached the console. */
export interface Reached {
  readonly by: string;
  readonly path: string;
  readonly ids: readonly string[];
  /** The true time, epoch milliseconds. */
  readonly at: number;
}

export interface SimConsoleOptions {
  readonly endpoints: MemoryEndpoints;
  readonly faults: ActionFaults;
  readonly random: Draws;
  readonly now: () => number;
  /** True where the token may not read the activity log. */
  readonly isLogForbidden: boolean;
  /** The action of the id as the table has it now. */
  readonly actionOf: (id: string) => Action | undefined;
  /** From when on an endpoint is on the safelist, and from when on it is out of the connector's scope; epoch milliseconds. */
  readonly safelistedFrom: ReadonlyMap<string, number>;
  readonly outOfScopeFrom: ReadonlyMap<string, number>;
  /** From when on the connector may not act any more, epoch milliseconds. */
  readonly disabledFrom: number;
  /** When the console does not answer at all, epoch milliseconds. */
  readonly outage: { readonly from: number; readonly to: number };
}

const retryAfters = [{ ms: undefined }, { ms: 1_000 }, { ms: 30_000 }, { ms: 120_000 }];

/** What is known of policy and console is that old when a command arrives, at most: a function lives no longer. */
const knownMs = 60_000;

/** Longer than a request waits at a gateway of the console; see `traceMs`. */
const longestLateMs = 60_000;

/** A console in memory, and the way there, on which requests and answers are lost. */
export class SimActionConsole {
  /** Calls that changed something, or tried to. */
  readonly reached: Reached[] = [];
  readonly counts = { lists: 0, commands: 0, lostAnswers: 0, lateCommands: 0, throttled: 0 };
  private readonly options: SimConsoleOptions;

  constructor(options: SimConsoleOptions) {
    this.options = options;
  }

  async list(path: string, params: ListParams): Promise<ListPage> {
    const { faults, random, endpoints, isLogForbidden } = this.options;
    this.counts.lists++;
    this.expectAnswer();
    if (faults.strikes('throttle')) throw errors.throttledFor(random.pick(retryAfters).ms);
    if (faults.strikes('listFails'))
      throw random.pick([errors.reset, errors.timedOut, errors.cut, () => errors.unavailable(503)])();
    if (isLogForbidden && path === '/activities') throw errors.refused(403);
    return endpoints.list(path, params);
  }

  async request(request: ApiRequest, by: string): Promise<ApiAnswer> {
    const { faults, random, endpoints } = this.options;
    this.expectAnswer();
    this.counts.commands++;
    if (faults.strikes('throttle')) {
      this.counts.throttled++;
      throw errors.throttledFor(random.pick(retryAfters).ms);
    }
    if (faults.strikes('lostCommand'))
      throw random.pick([
        errors.refusedConnection,
        errors.reset,
        errors.timedOut,
        () => errors.unavailable(503),
      ])();
    if (faults.strikes('refusedCommand')) throw errors.refused(random.pick([400, 401, 403, 404]));
    this.expectAllowed(request, by);
    if (faults.strikes('lateCommand')) {
      this.counts.lateCommands++;
      endpoints.timeline.plan(this.options.now() + random.below(longestLateMs), () =>
        endpoints.carry(request, by),
      );
      throw random.pick([errors.reset, errors.timedOut, () => errors.unavailable(504)])();
    }
    const json = endpoints.request(request, by);
    if (faults.strikes('lostResult')) {
      this.counts.lostAnswers++;
      throw random.pick([errors.reset, errors.timedOut, errors.cut, () => errors.unavailable(502)])();
    }
    return { json };
  }

  /** @throws ConnectorError while the console is down */
  private expectAnswer(): void {
    const { now, outage } = this.options;
    if (now() >= outage.from && now() < outage.to) throw errors.unavailable(503);
  }

  /** A5: a call names exactly what was announced, and nothing that may not be touched. */
  private expectAllowed({ path, body = {} }: ApiRequest, by: string): void {
    const action = this.options.actionOf(by);
    const law = (holds: boolean, otherwise: () => string) => {
      if (!holds) throw new Violation('A5 explicit and allowed', `${path} of ${by}: ${otherwise()}`);
    };
    const ids = idsOf(body);
    this.reached.push({ by, path, ids, at: this.options.now() });
    law(ids.length > 0, () => 'it names nothing');
    law(action !== undefined, () => 'there is no such action');
    const { disabledFrom } = this.options;
    law(this.options.now() <= disabledFrom + knownMs, () => 'the connector may not act any more');
    if (action === undefined) return;
    const announced = action.trail.findLast(
      (entry) => entry.kind === 'sending' && entry.call?.endsWith(path),
    );
    const meant = (announced?.targets ?? []).map(({ target }) => action.targets[target]?.id);
    law(
      JSON.stringify(meant.toSorted()) === JSON.stringify(ids.toSorted()),
      () => `it names ${ids}, and ${meant} was announced`,
    );
    for (const target of action.targets.filter(({ id }) => id !== undefined && ids.includes(id))) {
      law(target.state === 'sent', () => `${target.id} is ${target.state}`);
      const { agentId = '' } = target;
      const isSince = (from: number | undefined) => from !== undefined && this.options.now() > from + knownMs;
      law(!isSince(this.options.outOfScopeFrom.get(agentId)), () => `${target.id} is out of scope`);
      const isRestoring = action.undoes !== undefined || target.performs === 'release';
      const isProtected = path.startsWith('/agents/actions/') || path.startsWith('/threats/mitigate/');
      law(
        isRestoring || !isProtected || !isSince(this.options.safelistedFrom.get(agentId)),
        () => `${target.id} is on the safelist`,
      );
    }
    const { approval, requestedBy } = action;
    law(
      approval === undefined || approval.approvedBy !== undefined || !this.needsApproval(action, ids),
      () => 'nobody has approved it',
    );
    law(approval?.approvedBy?.actor !== requestedBy.actor, () => 'who has asked for it has approved it');
  }

  /** Whether one of these targets began by waiting for an approval. */
  private needsApproval({ trail, targets }: Action, ids: readonly string[]): boolean {
    return (trail[0]?.targets ?? []).some(
      ({ target, state }) => state === 'waiting_approval' && ids.includes(targets[target]?.id ?? ''),
    );
  }
}

function idsOf(body: JsonObject): readonly string[] {
  const filter = body['filter'];
  return listAt(isObject(filter) ? filter : {}, 'ids').map(String);
}
