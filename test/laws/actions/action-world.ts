import { stageConfig } from '../../../infra/config.ts';
import { tellOutcomes } from '../../../shared/actions/callbacks/tell.ts';
import type { ResponsePolicy } from '../../../shared/actions/policy/response-policy.ts';
import { findActionType } from '../../../shared/actions/registry.ts';
import type { ActionPlace } from '../../../shared/actions/run/action.ts';
import type { ActionMessage, ActionQueue } from '../../../shared/actions/run/action-message.ts';
import { type AdvanceDependencies, advanceAction } from '../../../shared/actions/run/advance.ts';
import type { CreateDependencies } from '../../../shared/actions/run/create-action.ts';
import { sendDueActions } from '../../../shared/actions/run/due-actions.ts';
import type { StoredConnector } from '../../../shared/connectors/connector-registry.ts';
import type { ConsoleSession } from '../../../shared/engine/slice.ts';
import { ConnectorError } from '../../../shared/errors.ts';
import type { ApiAnswer, Clock, Log, SentinelOneApi } from '../../../shared/ports.ts';
import { ConsoleClock } from '../../../shared/sentinelone/console-clock.ts';
import type { MemoryEndpoints } from '../../support/memory/endpoints/memory-endpoints.ts';
import { MemoryIsolationCounter } from '../../support/memory/memory-isolation-counter.ts';
import { type Actor, InjectedFailure, newActor, type Scheduler } from '../simulation/scheduler.ts';
import { type QueuedMessage, SimQueue } from '../simulation/sim-queue.ts';
import { Violation } from '../simulation/violation.ts';
import type { ActionFaults } from './action-faults.ts';
import { SimEventBus, SimWebhook } from './receivers.ts';
import { SimActionConsole, type SimConsoleOptions } from './sim-console.ts';
import { Visits } from './visits.ts';
import { WatchedActions } from './watched-actions.ts';
import { WatchedAudit } from './watched-audit.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const { outcomes } = stageConfig('prod');
const times = {
  leaseMs: outcomes.leaseSeconds * secondMs,
  claimMs: outcomes.claimSeconds * secondMs,
  visibilityMs: outcomes.visibilitySeconds * secondMs,
  /** Of a worker, from its start: it is asked to stop, as functions/outcomes does, and it is killed. */
  worker: { stopMs: (outcomes.timeoutSeconds - 20) * secondMs, killMs: outcomes.timeoutSeconds * secondMs },
  /** Of a call of the control API, as shared/api/await-action.ts has it. */
  call: { stopMs: 25 * secondMs, killMs: 29 * secondMs },
};
const mostWorkers = 3;

export interface ActionWorldOptions extends Omit<SimConsoleOptions, 'now' | 'actionOf'> {
  readonly scheduler: Scheduler;
  /** As it is now. */
  readonly connector: () => StoredConnector;
  /** As it is now. */
  readonly policy: () => ResponsePolicy;
}

/** What a call of the control API works with. */
export interface CallPorts {
  readonly name: string;
  readonly create: CreateDependencies;
  readonly advance: AdvanceDependencies;
  /** Aborted when the call has to end. */
  readonly signal: AbortSignal;
  readonly deadline: number;
  readonly clock: Clock;
  sleep(ms: number): Promise<void>;
}

/** Everything that response actions need, in memory: console, table, queue, fan-out, workers and calls of the control API. */
export class ActionWorld {
  readonly scheduler: Scheduler;
  readonly faults: ActionFaults;
  readonly endpoints: MemoryEndpoints;
  readonly actions: WatchedActions;
  readonly audit = new WatchedAudit();
  readonly isolations = new MemoryIsolationCounter();
  readonly bus: SimEventBus;
  readonly webhook: SimWebhook;
  readonly console: SimActionConsole;
  readonly messages: SimQueue<ActionMessage>;
  readonly visits = new Visits();
  readonly isLogForbidden: boolean;
  readonly disabledFrom: number;
  readonly outage: ActionWorldOptions['outage'];
  readonly counts = { workers: 0, calls: 0, zombies: 0 };
  private readonly options: ActionWorldOptions;
  private readonly workers = new Set<Actor>();
  private readonly calls = new Set<Actor>();
  private nextTickAt: number;
  private unexpected: unknown;

  constructor(options: ActionWorldOptions) {
    const { scheduler, faults, endpoints } = options;
    this.options = options;
    this.scheduler = scheduler;
    this.faults = faults;
    this.endpoints = endpoints;
    this.isLogForbidden = options.isLogForbidden;
    this.disabledFrom = options.disabledFrom;
    this.outage = options.outage;
    const now = () => scheduler.time;
    this.actions = new WatchedActions(now);
    this.bus = new SimEventBus(faults);
    this.webhook = new SimWebhook(faults);
    this.messages = new SimQueue<ActionMessage>(now, faults, times.visibilityMs);
    this.console = new SimActionConsole({ ...options, now, actionOf: (id) => this.actions.byId(id) });
    this.nextTickAt = scheduler.time;
  }

  get time(): number {
    return this.scheduler.time;
  }

  /** True while somebody works, or has something to do. */
  get isBusy(): boolean {
    const isAlive = ({ isDead, isDone }: Actor) => !isDead && !isDone;
    return (
      [...this.workers, ...this.calls].some(isAlive) || this.actions.nextDueAt() < Number.POSITIVE_INFINITY
    );
  }

  /** The next thing that happens: a tick, a delivery, a call, or time. Throws `Violation`. */
  async step(): Promise<void> {
    const { scheduler, faults } = this;
    if (faults.strikes('pause')) scheduler.pass(scheduler.random.below(90 * secondMs));
    if (scheduler.time >= this.nextTickAt) this.tick();
    if (scheduler.random.chance(0.3) && this.deliver()) return;
    if (!(await scheduler.step()) && !this.deliver()) {
      const next = Math.min(this.nextTickAt, scheduler.nextAlarm(), this.messages.nextVisibleAt());
      scheduler.pass(Math.max(1, next - scheduler.time));
    }
    if (this.unexpected instanceof Violation) throw this.unexpected;
    if (this.unexpected !== undefined)
      throw new Violation('unexpected error', String((this.unexpected as Error).stack ?? this.unexpected));
  }

  /**
   * Makes a call of the control API. A call that fails is made again, as playbooks do, until one has an answer.
   * @param handle gives true where it has its answer
   */
  call(name: string, handle: (ports: CallPorts) => Promise<boolean>, answered: () => void): void {
    const actor = newActor(`${name} ${++this.counts.calls}`);
    this.calls.add(actor);
    const { clock, signal } = this.start(actor, times.call);
    const again = () => {
      this.calls.delete(actor);
      const { from, to } = this.outage;
      const isDown = this.time >= from && this.time < to;
      const pauseMs = 5_000 + this.scheduler.random.below(60_000);
      // Nobody asks every minute for days.
      this.scheduler.at((isDown ? to : this.time) + pauseMs, () => this.call(name, handle, answered));
    };
    // Nobody hears of a call that was killed; its caller gives up waiting.
    this.scheduler.at(
      this.time + times.call.killMs + 1,
      () => actor.isDead && this.calls.has(actor) && again(),
    );
    const advance = this.advanceOf(actor, clock);
    const ports: CallPorts = {
      ...{ name: actor.name, advance, signal, clock, deadline: clock.now() + times.call.stopMs },
      create: {
        ...advance,
        isolations: this.scheduler.port(actor, 'isolations', this.isolations),
        openConsole: async () => this.session(actor, clock, 'nobody'),
      },
      sleep: (ms) => this.scheduler.sleep(actor, ms, signal),
    };
    void handle(ports).then(
      (isAnswered) => {
        actor.isDone = true;
        this.scheduler.note(() => `${actor.name} ends${isAnswered ? '' : ', and asks again'}`);
        if (actor.isDead) return;
        if (!isAnswered) return again();
        this.calls.delete(actor);
        answered();
      },
      (error: unknown) => {
        actor.isDone = true;
        this.scheduler.note(() => `${actor.name} ends with ${String(error)}`);
        if (!isExpected(error, signal)) this.unexpected ??= error;
        if (!actor.isDead) again();
      },
    );
  }

  /** Sends a message for an action, as one that comes weeks late. */
  sendAgain(place: ActionPlace): void {
    void this.messages.send([messageOf(place)], 0);
  }

  private tick(): void {
    this.nextTickAt = this.time + minuteMs;
    if (this.faults.strikes('dropTick') || this.actions.nextDueAt() > this.time + minuteMs) return;
    this.startFanOut();
    if (this.faults.strikes('doubleTick')) this.startFanOut();
  }

  private startFanOut(): void {
    const { scheduler, actions } = this;
    const actor = newActor('fan-out');
    const clock = this.clockOf(actor);
    const due = {
      clock,
      queue: this.queueOf(actor),
      claimMs: times.claimMs,
      deadline: clock.now() + 50 * secondMs,
      dueActions: {
        async *due(now: number) {
          yield await scheduler.call(actor, 'index.due', async () => actions.dueBy(now), { isRemote: true });
        },
        claim: (one: { readonly id: ActionPlace; readonly nextDueAt: number }, until: number) =>
          scheduler.call(actor, 'index.claim', () => actions.claim(one, until), { isRemote: true }),
      },
    };
    void sendDueActions(due).then(
      () => {
        actor.isDone = true;
      },
      (error: unknown) => {
        actor.isDone = true;
        const failures: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
        this.unexpected ??= failures.find((failure) => !(failure instanceof InjectedFailure));
      },
    );
  }

  private deliver(): boolean {
    for (const worker of this.workers) if (worker.isDone || worker.isDead) this.workers.delete(worker);
    if (this.workers.size >= mostWorkers) return false;
    const visible = this.messages.visible();
    if (visible.length === 0) return false;
    const message = this.scheduler.random.pick(visible);
    this.messages.receive(message);
    this.startWorker(message);
    return true;
  }

  private startWorker(message: QueuedMessage<ActionMessage>): void {
    const { scheduler } = this;
    const actor = newActor(`worker ${++this.counts.workers}`);
    this.workers.add(actor);
    const { clock, signal } = this.start(actor, times.worker);
    const place = message.body.action;
    scheduler.note(() => `${actor.name} starts on ${place.id.slice(0, 6)}, clock ${actor.clockShiftMs}`);
    const request = { place, owner: actor.name, deadline: clock.now() + times.worker.stopMs, signal };
    void advanceAction(request, this.advanceOf(actor, clock)).then(
      (outcome) => {
        actor.isDone = true;
        scheduler.note(() => `${actor.name} ends: ${outcome.kind}`);
        if (!actor.isDead) this.messages.delete(message);
      },
      (error: unknown) => {
        actor.isDone = true;
        scheduler.note(() => `${actor.name} ends with ${String(error)}`);
        if (!(error instanceof InjectedFailure)) this.unexpected ??= error;
      },
    );
  }

  /** Lambda asks to stop, and kills: also who stands still. */
  private start(actor: Actor, { stopMs, killMs }: { readonly stopMs: number; readonly killMs: number }) {
    const { scheduler } = this;
    const clock = this.clockOf(actor);
    const stopping = new AbortController();
    scheduler.at(this.time + stopMs, () => actor.isDone || stopping.abort());
    scheduler.at(this.time + killMs, () => {
      if (actor.pausedUntil > this.time) this.counts.zombies++;
      scheduler.kill(actor);
    });
    return { clock, signal: stopping.signal };
  }

  private clockOf(actor: Actor): Clock {
    if (this.faults.strikes('clockShift'))
      actor.clockShiftMs = this.scheduler.random.pick([-4, -2, -1, 1, 2, 4]) * secondMs;
    return { now: () => this.time + actor.clockShiftMs };
  }

  private queueOf(actor: Actor): ActionQueue {
    const queue = this.scheduler.port(actor, 'queue', this.messages);
    return { send: (places, delaySeconds) => queue.send(places.map(messageOf), delaySeconds) };
  }

  private advanceOf(actor: Actor, clock: Clock): AdvanceDependencies {
    const { scheduler, options } = this;
    const write = (message: string) => scheduler.note(() => `${actor.name} logs: ${message}`);
    const log: Log = { info: write, warn: write, error: write };
    const random = () => scheduler.random.next();
    const telling = {
      ...{ clock, random, log },
      events: scheduler.port(actor, 'bus', this.bus),
      webhooks: scheduler.port(actor, 'webhook', this.webhook),
    };
    const actions = this.visits.watchTable(actor, scheduler.port(actor, 'actions', this.actions));
    return {
      ...{ clock, random, log, actions, findActionType, leaseMs: times.leaseMs },
      registry: scheduler.port(actor, 'registry', { get: async () => options.connector() }),
      policies: scheduler.port(actor, 'policies', { get: async () => options.policy() }),
      audit: scheduler.port(actor, 'audit', this.audit),
      queue: this.queueOf(actor),
      tellOutcomes: (action, policy) => tellOutcomes(action, policy, telling),
      openConsole: async () => this.session(actor, clock, this.visits.actionOf(actor)),
    };
  }

  /** @param by the action that calls are made for */
  private session(actor: Actor, clock: Clock, by: string): ConsoleSession {
    const { scheduler, console } = this;
    const consoleClock = new ConsoleClock(clock);
    this.visits.begin(actor, by);
    const observe = () => {
      this.endpoints.settle();
      consoleClock.observe(new Date(this.endpoints.now()).toUTCString(), clock.now());
    };
    const api: SentinelOneApi = {
      list: async (path, params, signal) => {
        this.visits.countList(actor, path);
        const about = params['ids'] ?? params['agentIds'] ?? params['threatIds'] ?? '';
        const page = await scheduler.call(actor, `GET ${path} ${about}`, () => console.list(path, params), {
          isRemote: false,
          ...(signal === undefined ? {} : { signal }),
        });
        observe();
        return page;
      },
      request: async (request, signal) => {
        const options = { isRemote: false, ...(signal === undefined ? {} : { signal }) };
        const what = `${request.method} ${request.path}`;
        const end = await scheduler.call(
          actor,
          `${what} ${JSON.stringify(request.body)}`,
          async (): Promise<ApiAnswer | ConnectorError> =>
            await console.request(request, by).catch((error: unknown) => {
              if (error instanceof ConnectorError) return error;
              throw error;
            }),
          options,
        );
        // The answer has a way of its own, on which its caller may die.
        await scheduler.call(actor, `answer of ${what}`, async () => undefined, options);
        observe();
        if (end instanceof ConnectorError) throw end;
        return end;
      },
    };
    return {
      ...{ hostUrl: 'https://acme.sentinelone.net', api },
      now: () => consoleClock.now(),
      answeredAt: () => consoleClock.answeredAt(),
    };
  }
}

function messageOf({ tenant, connector, id }: ActionPlace): ActionMessage {
  return { version: 1, action: { tenant, connector, id } };
}

/** What a caller of the control API is told, and asks again. */
function isExpected(error: unknown, signal: AbortSignal): boolean {
  return error instanceof InjectedFailure || error instanceof ConnectorError || signal.aborted;
}
