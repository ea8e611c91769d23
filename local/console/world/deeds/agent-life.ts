import { micros } from '../micro-time.ts';
import type { Agenda } from './agenda.ts';
import type { DeedTiming } from './timing.ts';

/** Something that an agent is to do. All times in microseconds. */
export interface Command {
  /** Of one channel an agent does one thing at a time, in the order in which they were asked for. */
  readonly channel: string;
  /** How long it takes once it has begun, milliseconds. */
  durationMs(timing: DeedTiming): number;
  /** The agent has got the command; again where it went offline before it was done. */
  begin?(us: number): void;
  finish(us: number): void;
  /** A machine that is down for this does nothing else in the meantime. */
  readonly isRestart?: boolean;
}

/**
 * What an agent does about commands. An agent that is offline keeps them until it comes back; one that goes offline in the
 * middle begins anew when it is back.
 */
export interface AgentLife {
  readonly isOnline: boolean;
  /** True where a command of the channel waits or is carried out. */
  has(channel: string): boolean;
  give(us: number, command: Command): void;
  /** Takes back what waits or is carried out of a channel. */
  cancel(channel: string): void;
  setOnline(us: number, isOnline: boolean): void;
}

export interface AgentLifeOptions {
  readonly agenda: Agenda;
  readonly timing: () => DeedTiming;
  readonly isOnline: boolean;
  /** It can be reached, or no longer. */
  readonly onReachable: (us: number, isReachable: boolean) => void;
}

export function agentLife({ agenda, timing, isOnline: atFirst, onReachable }: AgentLifeOptions): AgentLife {
  let isOnline = atFirst;
  let restarting: Command | undefined;
  /** In the order in which they came; the ones that are carried out are among them. */
  let commands: Command[] = [];
  /** Anew with every start, so that the end of a start that was interrupted is none. */
  const running = new Map<Command, symbol>();

  const isReachable = () => isOnline && restarting === undefined;

  function startWhatCan(us: number): void {
    const busy = new Set([...running.keys()].map(({ channel }) => channel));
    for (const command of commands) {
      if (!isReachable() || busy.has(command.channel)) continue;
      busy.add(command.channel);
      start(us, command);
    }
  }

  function start(us: number, command: Command): void {
    const run = Symbol(command.channel);
    running.set(command, run);
    const later = (fromUs: number, ms: number, happen: (us: number) => void) =>
      agenda.add(fromUs + ms * micros.millisecond, (atUs) => {
        if (running.get(command) === run) happen(atUs);
      });
    later(us, timing().reactionMs, (begunUs) => {
      if (command.isRestart) goDown(begunUs, command);
      command.begin?.(begunUs);
      later(begunUs, command.durationMs(timing()), (doneUs) => finish(doneUs, command));
    });
  }

  function finish(us: number, command: Command): void {
    running.delete(command);
    commands = commands.filter((other) => other !== command);
    if (restarting === command) {
      restarting = undefined;
      command.finish(us);
      if (isOnline) onReachable(us, true);
    } else command.finish(us);
    startWhatCan(us);
  }

  function goDown(us: number, command: Command): void {
    restarting = command;
    for (const other of running.keys()) if (other !== command) running.delete(other);
    onReachable(us, false);
  }

  return {
    get isOnline() {
      return isReachable();
    },
    has: (channel) => commands.some((command) => command.channel === channel),
    give(us, command) {
      commands.push(command);
      startWhatCan(us);
    },
    cancel(channel) {
      for (const command of commands) if (command.channel === channel) running.delete(command);
      commands = commands.filter((command) => command.channel !== channel);
    },
    setOnline(us, next) {
      if (next === isOnline) return;
      const before = isReachable();
      isOnline = next;
      // A machine that is down comes up by itself, whether anybody can reach it then or not.
      if (!isOnline)
        for (const command of running.keys()) if (command !== restarting) running.delete(command);
      if (isReachable() !== before) onReachable(us, isReachable());
      startWhatCan(us);
    },
  };
}
