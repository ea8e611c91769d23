import type { Draws } from '../../../local/console/world/random.ts';
import type { ContentType } from '../../../shared/content-types/content-type.ts';
import { fanOut } from '../../../shared/engine/fan-out.ts';
import {
  type ConsoleSession,
  runSlice,
  type SliceDependencies,
  type SliceOutcome,
} from '../../../shared/engine/slice.ts';
import { type Stream, type StreamId, streamName } from '../../../shared/engine/stream.ts';
import type { LogFilter } from '../../../shared/filters/log-filter.ts';
import type {
  ApiAnswer,
  ApiRequest,
  Clock,
  DueIndex,
  DuePage,
  ListPage,
  ListParams,
  Log,
  SentinelOneApi,
  WorkQueue,
} from '../../../shared/ports.ts';
import { ConsoleClock } from '../../../shared/sentinelone/console-clock.ts';
import { itemContentType } from '../../support/item-content-type.ts';
import { MemoryLake } from '../../support/memory/memory-lake.ts';
import { MemoryMemory } from '../../support/memory/memory-memory.ts';
import type { Faults } from './faults.ts';
import { type Actor, InjectedFailure, newActor, Scheduler } from './scheduler.ts';
import { type QueuedMessage, SimQueue } from './sim-queue.ts';
import { Violation } from './violation.ts';
import { WatchedStreams } from './watched-streams.ts';

const minuteMs = 60_000;
const lifeMs = 1_000;
/** As the stack is configured; test/infra compares the real figures. */
const times = {
  leaseMs: 150_000,
  claimMs: 900_000,
  deadlineMs: 100_000,
  abortMs: 112_000,
  timeoutMs: 120_000,
};

/** A console as a world drives it. */
export interface ConsoleModel {
  /** @param die ends the worker that asks, as if the answer had been too much for its memory */
  list(path: string, params: ListParams, die: () => void): Promise<ListPage>;
  /** Other calls than lists; absent where there are none. */
  request?(request: ApiRequest): Promise<ApiAnswer>;
  /** Called at every step: what happens at the console while it is read. */
  liveOn(): void;
}

/** A stream and the console that it is read from. */
export interface Source<C extends ConsoleModel> {
  readonly id: StreamId;
  /** Items where absent. */
  readonly contentType?: ContentType;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly console: C;
  /** Log filters of the stream; none where absent. */
  readonly filters?: readonly LogFilter[];
}

export interface WorldOptions {
  /** Where it begins, epoch milliseconds. */
  readonly time: number;
  readonly random: Draws;
  readonly faults: Faults;
  readonly isTraced: boolean;
  /** Workers at the same time. */
  readonly workers: number;
  readonly pageSize: number;
  /** Pages of a batch. */
  readonly batchPages: number;
  /** How far the consoles' clock is from the true one, milliseconds. */
  readonly consoleSkewMs: number;
}

/** How a slice of work went, for those who watch. Times in epoch milliseconds. */
export interface SliceReport {
  readonly id: StreamId;
  readonly sentAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: SliceOutcome;
}

/** The whole system over ports in memory: consoles, schedule, fan-out, queue, workers, state table and lake. */
export class World<C extends ConsoleModel> {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly queue: SimQueue;
  readonly lake = new MemoryLake();
  readonly streams = new WatchedStreams(this.lake);
  readonly memory = new MemoryMemory();
  readonly sources: Source<C>[] = [];
  workersStarted = 0;
  /** Told after every slice that was not killed. */
  onSlice: (report: SliceReport) => void = () => undefined;
  private readonly options: WorldOptions;
  private readonly workers = new Set<Actor>();
  private readonly hasFailedSends = new Set<Actor>();
  private nextTickAt: number;
  private nextLifeAt = 0;
  private unexpected: unknown;

  constructor(options: WorldOptions) {
    const { time, faults } = options;
    this.options = options;
    this.faults = faults;
    this.scheduler = new Scheduler(options);
    this.queue = new SimQueue(() => this.scheduler.time, faults);
    this.nextTickAt = time;
  }

  get time(): number {
    return this.scheduler.time;
  }

  /** The stream as it is stored. */
  stored(id: StreamId): Stream {
    const row = this.streams.rows.get(streamName(id));
    if (row === undefined) throw new Error(`${streamName(id)} is gone.`);
    return row.stream;
  }

  /** The next thing that happens: a tick, a delivery, a call, or time. Throws `Violation`. */
  async step(): Promise<void> {
    const { scheduler, faults } = this;
    if (faults.strikes('pause')) scheduler.pass(scheduler.random.below(300_000));
    if (scheduler.time >= this.nextTickAt) this.tick();
    this.letConsolesLive();
    if (scheduler.random.chance(0.3) && this.deliver()) return;
    if (await scheduler.step()) return;
    if (this.deliver()) return;
    const next = Math.min(this.nextTickAt, scheduler.nextAlarm(), this.queue.nextVisibleAt());
    scheduler.pass(Math.max(1, next - scheduler.time));
  }

  /** Something may change at a console every few seconds, however much else happens meanwhile. */
  private letConsolesLive(): void {
    if (this.time < this.nextLifeAt) return;
    this.nextLifeAt = this.time + lifeMs;
    this.scheduler.random.pick(this.sources).console.liveOn();
  }

  /** Adds a stream that has never run. */
  async add(source: Source<C>): Promise<void> {
    const { id, since, filters = [] } = source;
    this.sources.push(source);
    await this.streams.ensureStream(id, {
      since,
      settings: {
        tenantName: 'T',
        connectorName: 'C',
        intervalMs: 300_000,
        siteIds: [],
        accountIds: [],
        ...(filters.length === 0 ? {} : { filters }),
      },
      nextDueAt: this.time,
      now: this.time,
    });
  }

  private tick(): void {
    this.nextTickAt = this.time + minuteMs;
    if (this.faults.strikes('dropTick')) return;
    this.startFanOut();
    if (this.faults.strikes('doubleTick')) this.startFanOut();
  }

  private startFanOut(): void {
    const isDue = [...this.streams.rows.values()].some(
      ({ stream }) => (stream.nextDueAt ?? Number.POSITIVE_INFINITY) <= this.time,
    );
    // It would find nothing, and most of a quiet night would be spent on it.
    if (!isDue) return;
    const actor = newActor('fan-out');
    const queue = this.queueOf(actor);
    const dueIndex = this.dueIndexOf(actor);
    const clock = this.clockOf(actor);
    void fanOut({ clock, dueIndex, queue, claimMs: times.claimMs, deadline: clock.now() + 50_000 }).then(
      () => {
        actor.isDone = true;
        if (this.hasFailedSends.has(actor))
          this.fail(new Violation('I5 messages', 'a tick that could not send everything said nothing'));
      },
      (error: unknown) => {
        actor.isDone = true;
        const failures: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
        const unexpected = failures.find((failure) => !(failure instanceof InjectedFailure));
        if (unexpected !== undefined) this.fail(unexpected);
      },
    );
  }

  private clockOf(actor: Actor): Clock {
    if (this.faults.strikes('clockShift'))
      actor.clockShiftMs = this.scheduler.random.pick([-5, -1, 2, 6]) * minuteMs;
    return { now: () => this.time + actor.clockShiftMs };
  }

  private dueIndexOf(actor: Actor): DueIndex {
    const { scheduler, streams } = this;
    const remote = { isRemote: true };
    return {
      async *due(now) {
        const read = async () => {
          const pages: DuePage[] = [];
          for await (const page of streams.due(now)) pages.push(page);
          return pages;
        };
        yield* await scheduler.call(actor, 'index.due', read, remote);
      },
      claim: (due, until) => scheduler.call(actor, 'index.claim', () => streams.claim(due, until), remote),
    };
  }

  /** Hands one message to a new worker, if there is one and a worker is free. */
  private deliver(): boolean {
    for (const worker of this.workers) {
      if (worker.isDone || worker.isDead || worker.pausedUntil > this.time) this.workers.delete(worker);
    }
    if (this.workers.size >= this.options.workers) return false;
    const visible = this.queue.visible();
    if (visible.length === 0) return false;
    const message = this.scheduler.random.pick(visible);
    this.queue.receive(message);
    this.startWorker(message);
    return true;
  }

  private startWorker(message: QueuedMessage): void {
    const { scheduler } = this;
    const actor = newActor(`worker ${++this.workersStarted}`);
    this.workers.add(actor);
    const clock = this.clockOf(actor);
    const startedAt = this.time;
    const stopping = new AbortController();
    scheduler.at(this.time + times.abortMs, () => stopping.abort());
    // One that is paused is a zombie, whom nobody stops.
    scheduler.at(this.time + times.timeoutMs, () => actor.pausedUntil <= this.time && scheduler.kill(actor));
    scheduler.note(
      () =>
        `${actor.name} starts on ${streamName(message.body.stream)}, receive ${message.receives}, clock ${actor.clockShiftMs}`,
    );
    const request = {
      message: message.body,
      receives: message.receives,
      owner: actor.name,
      deadline: clock.now() + times.deadlineMs,
      signal: stopping.signal,
    };
    void runSlice(request, this.dependenciesOf(actor, clock, message.body.stream)).then(
      (outcome) => {
        actor.isDone = true;
        scheduler.note(() => `${actor.name} ends: ${outcome.kind}`);
        this.onSlice({
          id: message.body.stream,
          sentAt: message.sentAt,
          startedAt,
          endedAt: this.time,
          outcome,
        });
        if (this.hasFailedSends.has(actor))
          this.fail(new Violation('I5 messages', 'a message that could not be sent was swallowed'));
        if (!actor.isDead) this.queue.delete(message);
      },
      (error: unknown) => {
        actor.isDone = true;
        scheduler.note(() => `${actor.name} ends with ${String(error)}`);
        if (!(error instanceof InjectedFailure)) this.fail(error);
      },
    );
  }

  private dependenciesOf(actor: Actor, clock: Clock, stream: StreamId): SliceDependencies {
    const { scheduler } = this;
    const write = (message: string) => scheduler.note(() => `${actor.name} logs: ${message}`);
    const log: Log = { info: write, warn: write, error: write };
    return {
      clock,
      random: () => scheduler.random.next(),
      letIoProceed: async () => undefined,
      sleep: (ms, signal) => scheduler.sleep(actor, ms, signal),
      log,
      streams: scheduler.port(actor, 'state', this.streams),
      memory: scheduler.port(actor, 'memory', this.memory),
      lake: scheduler.port(actor, 'lake', this.lake),
      queue: this.queueOf(actor),
      findContentType: () => this.sourceOf(stream).contentType ?? itemContentType(this.options.pageSize),
      openConsole: async ({ id }) => this.open(id, actor, clock),
      batchLimits: { bytes: 8_000_000, pages: this.options.batchPages },
      leaseMs: times.leaseMs,
      claimMs: times.claimMs,
    };
  }

  /** The queue as an actor sees it; remembers whose sends failed, because none of them may say afterwards that all is well. */
  private queueOf(actor: Actor): WorkQueue {
    const queue = this.scheduler.port(actor, 'queue', this.queue);
    return {
      send: (messages, delaySeconds) =>
        queue.send(messages, delaySeconds).catch((error: unknown) => {
          this.hasFailedSends.add(actor);
          throw error;
        }),
    };
  }

  private sourceOf(id: StreamId): Source<C> {
    const source = this.sources.find((candidate) => streamName(candidate.id) === streamName(id));
    if (source === undefined) throw new Error(`No console for ${streamName(id)}.`);
    return source;
  }

  private open(id: StreamId, actor: Actor, clock: Clock): ConsoleSession {
    const source = this.sourceOf(id);
    const consoleClock = new ConsoleClock(clock);
    const ask = async <T>(what: string, answer: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
      let answeredAt = 0;
      const run = () => {
        answeredAt = this.time + this.options.consoleSkewMs;
        return answer();
      };
      const answered = await this.scheduler.call(actor, `console ${what}`, run, {
        isRemote: false,
        ...(signal === undefined ? {} : { signal }),
      });
      consoleClock.observe(new Date(answeredAt).toUTCString(), clock.now());
      return answered;
    };
    const api: SentinelOneApi = {
      list: (path, params, signal) =>
        ask(
          `${path} ${describe(params)}`,
          () => source.console.list(path, params, () => this.scheduler.kill(actor)),
          signal,
        ),
      request: (request, signal) =>
        ask(
          `${request.method} ${request.path} ${describe(request.params ?? {})}`,
          async () => {
            if (source.console.request === undefined) throw new Error('Only lists are asked for here.');
            return await source.console.request(request);
          },
          signal,
        ),
    };
    return { hostUrl: 'https://acme.sentinelone.net', api, now: () => consoleClock.now() };
  }

  private fail(error: unknown): void {
    this.unexpected ??= error;
  }

  /** Throws what a worker ended with although nothing had been done to it. */
  expectNothingUnexpected(): void {
    if (this.unexpected instanceof Violation) throw this.unexpected;
    if (this.unexpected !== undefined)
      throw new Violation('unexpected error', String((this.unexpected as Error).stack ?? this.unexpected));
  }
}

function describe(params: Readonly<Record<string, string>>): string {
  const of = (name: string) => params[name]?.slice(11, 23);
  const span =
    params['updatedAt__gte'] === undefined ? '' : `${of('updatedAt__gte')}..${of('updatedAt__lt')}`;
  const others = ['ids', 'skip', 'accountIds'].flatMap((name) =>
    params[name] === undefined ? [] : [`${name} ${params[name]}`],
  );
  return [span, ...others, ...(params['cursor'] === undefined ? [] : ['next'])].join(' ');
}
