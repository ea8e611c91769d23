import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestCounts } from '../../local/console/server/request-log.ts';
import { objectsIn } from '../support/command.ts';
import { type Harm, type Pace, planRound } from './plan.ts';
import { type RunningScenario, type Scenario, startScenario } from './scenario.ts';
import { SoakCommand } from './soak-command.ts';
import { judge, longestSettleMs, settle } from './verdict.ts';

export interface SoakOptions {
  readonly seed: number;
  /** No further round is begun after so many, or after so long; one of the two may be infinite. */
  readonly rounds: number;
  readonly harmMs: number;
  readonly pace: Pace;
  readonly scenario: Scenario;
  /** An empty directory. */
  readonly stateDir: string;
  readonly assemblyDir: string;
  /** `harmEnd`: everything up to the end of the harm must arrive. `settled`: what had settled by then. */
  readonly target: 'harmEnd' | 'settled';
  /** How long the streams have, once the harm is over. */
  readonly patienceMs: number;
  /** Gets every round's report when the round is over. */
  readonly onRound: (report: RoundReport) => void;
  readonly interrupted: AbortSignal;
}

/** What was done. */
interface Done {
  workerKills: number;
  queueServerKills: number;
  commandKills: number;
  doubledMessages: number;
}

export interface RoundReport extends Readonly<Done> {
  /** Counted from 1. */
  readonly round: number;
  readonly seconds: number;
  readonly profiles: readonly string[];
  /** In the lake so far, as the streams count them. */
  readonly recordsSoFar: number;
}

export interface Summary extends Readonly<Done>, RequestCounts {
  readonly seed: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Of these, after the harm. */
  readonly settleSeconds: number;
  /** Streams that a console had told to wait for longer than the soak does. */
  readonly madeDue: number;
  readonly records: number;
  /** Revisions that had to be in the lake. */
  readonly required: number;
  readonly objects: number;
  readonly deadLetters: number;
  readonly result: 'equal' | 'different';
  readonly problems: readonly string[];
}

/** Does harm to a running stack, round by round, and then says whether the lake is what the consoles showed. */
export async function runSoak(options: SoakOptions): Promise<Summary> {
  const scenario = await startScenario(options.scenario, options.seed);
  const soak = new Soak(options, scenario);
  try {
    return await soak.run();
  } finally {
    await soak.end();
    await scenario.close();
  }
}

class Soak {
  private readonly options: SoakOptions;
  private readonly scenario: RunningScenario;
  private readonly startedAt = Date.now();
  private readonly total: Done = noHarm();
  private command: SoakCommand | undefined;

  constructor(options: SoakOptions, scenario: RunningScenario) {
    this.options = options;
    this.scenario = scenario;
  }

  async run(): Promise<Summary> {
    const { rounds, harmMs, target, patienceMs, stateDir, interrupted, seed } = this.options;
    await this.startCommand();
    let round = 0;
    while (round < rounds && Date.now() - this.startedAt < harmMs) await this.harmFor(round++);
    for (const console of this.scenario.consoles) console.setProfiles([]);
    const harmEnd = Date.now();
    const wanted = target === 'harmEnd' ? harmEnd : harmEnd - longestSettleMs(this.scenario);
    const madeDue = await settle(this.running, { target: wanted, until: harmEnd + patienceMs, interrupted });
    const settledAt = Date.now();
    const deadLetters = await this.running.call('quiesce');
    const streams = await this.running.call('streams');
    const lakeDir = path.join(stateDir, 'lake');
    const verdict = await judge(streams, this.scenario, { lakeDir, target: wanted });
    const problems = [
      ...verdict.problems,
      ...(deadLetters > 0 ? [`${deadLetters} messages are in the dead-letter queue`] : []),
    ];
    await this.running.close();
    return {
      seed,
      rounds: round,
      seconds: secondsSince(this.startedAt),
      settleSeconds: Math.round((settledAt - harmEnd) / 1000),
      ...this.total,
      madeDue,
      ...(await this.scenario.counts()),
      records: verdict.records,
      required: verdict.required,
      objects: await objectsIn(lakeDir),
      deadLetters,
      result: problems.length === 0 ? 'equal' : 'different',
      problems,
    };
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    await this.command?.kill();
  }

  private get running(): SoakCommand {
    if (this.command === undefined) throw new Error('The command was not started.');
    return this.command;
  }

  private async startCommand(): Promise<void> {
    const { stateDir, assemblyDir } = this.options;
    const { connectors } = this.scenario;
    this.command = await SoakCommand.start({ stateDir, assemblyDir, connectors });
  }

  private async harmFor(round: number): Promise<void> {
    const { seed, pace, interrupted, onRound } = this.options;
    const { profiles, harms } = planRound(seed, round, pace);
    const startedAt = Date.now();
    const until = (atMs: number) =>
      delay(Math.max(0, startedAt + atMs - Date.now()), undefined, { signal: interrupted });
    for (const console of this.scenario.consoles) console.setProfiles(profiles);
    const done = noHarm();
    const before = await this.requests();
    for (const harm of harms) {
      await until(harm.atMs);
      if (harm.kind === 'killCommand') await this.untilAsked(before + pace.requestsBeforeCommandKill);
      await this.harm(harm, done);
    }
    await until(pace.roundMs);
    for (const kind of harmKinds) this.total[kind] += done[kind];
    const streams = await this.running.call('streams');
    const recordsSoFar = streams.reduce((sum, { totals }) => sum + totals.records, 0);
    onRound({ round: round + 1, seconds: secondsSince(startedAt), profiles, ...done, recordsSoFar });
  }

  private async harm(harm: Harm, done: Done): Promise<void> {
    // Where nothing works any more, the harm is left out.
    const waitMs = this.options.pace.roundMs / 4;
    switch (harm.kind) {
      case 'killWorker':
        done.workerKills += await this.running.call('killWorker', { pick: harm.pick, waitMs });
        return;
      case 'killWorkersAtAppend':
        done.workerKills += await this.running.call('killWorkersAtAppend', { waitMs });
        return;
      case 'killQueueServer':
        await this.running.call('killQueueServer', { downMs: harm.downMs });
        done.queueServerKills += 1;
        return;
      case 'killCommand':
        await this.running.kill();
        done.commandKills += 1;
        await this.startCommand();
        return;
      case 'sendCopy': {
        await this.running.call('sendCopy', { stream: this.pickStream(harm.pick), ...harm });
        done.doubledMessages += 1;
        return;
      }
    }
  }

  private async requests(): Promise<number> {
    return (await this.scenario.counts()).requests;
  }

  /** Waits until the consoles were asked so often, however slow the machine is, but for a round at the most. */
  private async untilAsked(requests: number): Promise<void> {
    const { pace, interrupted } = this.options;
    for (const until = Date.now() + pace.roundMs; Date.now() < until; ) {
      if ((await this.requests()) >= requests) return;
      await delay(lookMs, undefined, { signal: interrupted });
    }
  }

  private pickStream(pick: number) {
    const ids = this.scenario.connectors.flatMap(({ connector }) =>
      connector.contentTypes.map((contentType) => ({
        tenant: connector.tenant,
        connector: connector.id,
        contentType,
      })),
    );
    const id = ids[Math.floor(pick * ids.length)];
    if (id === undefined) throw new Error('There are no streams.');
    return id;
  }
}

/** How often it is looked whether the consoles were asked. */
const lookMs = 100;

const harmKinds = ['workerKills', 'queueServerKills', 'commandKills', 'doubledMessages'] as const;

function noHarm(): Done {
  return { workerKills: 0, queueServerKills: 0, commandKills: 0, doubledMessages: 0 };
}

function secondsSince(startedAt: number): number {
  return Math.round((Date.now() - startedAt) / 1000);
}
