import { parseArgs } from 'node:util';
import { parseDuration } from '../../shared/connectors/duration.ts';
import type { ConsoleOptions } from './console.ts';
import { type FaultProfile, faultProfiles, isFaultProfile } from './server/faults/profiles.ts';
import type { RateLimitScale } from './server/rate-limits.ts';
import { parseMicros } from './world/micro-time.ts';

/** What the command line asks for. `problem` is one line that names the option. */
export type CommandLine =
  | { readonly kind: 'run'; readonly options: ConsoleOptions }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly problem: string };

const options = {
  port: { type: 'string', default: '9000' },
  seed: { type: 'string', default: '1' },
  epoch: { type: 'string' },
  threats: { type: 'string', default: '2000' },
  agents: { type: 'string', default: '500' },
  history: { type: 'string', default: '24h' },
  'threat-bytes': { type: 'string', default: '0' },
  burst: { type: 'string', default: '5' },
  'events-per-hour': { type: 'string' },
  'event-burst': { type: 'string' },
  'threat-events': { type: 'string' },
  applications: { type: 'string' },
  installs: { type: 'string' },
  'unified-alerts': { type: 'string' },
  profile: { type: 'string', default: '' },
  token: { type: 'string' },
  'rate-limit-scale': { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
} as const;

const help = `Usage: npm run console -- [options]

Plays a SentinelOne console on 127.0.0.1 for development and tests.

  --port N               port to listen on (9000); 0 for any free one
  --seed N               which world to play (1): the same seed and epoch give the same world
  --epoch ISO            where its history ends and its present begins (now, by the minute)
  --threats N            threats at the epoch (2000)
  --agents N             agents at the epoch (500)
  --history DURATION     how far the changes reach back before the epoch (24h); 45s, 90m, 6h, 2d
  --threat-bytes N       pads every threat to at least N bytes (0)
  --burst N              size of the largest group of records with one updatedAt (5)
  --events-per-hour N    what the agents see in an hour, for Deep Visibility (600; none without agents)
  --event-burst N        so many of such events within one second, once an hour (1: none)
  --threat-events N      events of a threat in the mean (10); a few threats have a hundred times as many
  --applications N       different applications on the hosts (25)
  --installs N           how many of them there are on all hosts together at the epoch (500)
  --unified-alerts N     unified alerts at the epoch (300)
  --profile A,B          faults to play, see below (none)
  --token T              accepts this token too
  --rate-limit-scale X   a factor on the published rate limits, or off (1)
  --help                 shows this

Profiles:
${Object.entries(faultProfiles)
  .map(([name, effect]) => `  ${name.padEnd(22)} ${effect}`)
  .join('\n')}
`;

class UsageError extends Error {}

/** @param nowMs the default epoch, epoch milliseconds */
export function parseCommandLine(args: readonly string[], nowMs: number): CommandLine {
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    if (values.help) return { kind: 'help', text: help };
    return {
      kind: 'run',
      options: {
        port: whole('port', values.port, 0, 65_535),
        seed: whole('seed', values.seed, 0, 0xffff_ffff),
        epochMs: values.epoch === undefined ? nowMs - (nowMs % 60_000) : epoch(values.epoch),
        threats: whole('threats', values.threats, 0, 2_000_000),
        agents: whole('agents', values.agents, 0, 2_000_000),
        historyMs: duration('history', values.history),
        threatBytes: whole('threat-bytes', values['threat-bytes'], 0, 1_000_000),
        burst: whole('burst', values.burst, 1, 100_000),
        profiles: profiles(values.profile),
        rateLimitScale: scale(values['rate-limit-scale']),
        ...optional('endpointEvents', 'events-per-hour', values['events-per-hour'], 0),
        ...optional('endpointEventBurst', 'event-burst', values['event-burst'], 1),
        ...optional('threatEventsPerThreat', 'threat-events', values['threat-events'], 0),
        ...optional('applications', 'applications', values.applications, 1),
        ...optional('installs', 'installs', values.installs, 0),
        ...optional('unifiedAlerts', 'unified-alerts', values['unified-alerts'], 0),
        ...(values.token === undefined ? {} : { token: token(values.token) }),
      },
    };
  } catch (error) {
    if (error instanceof UsageError || isParseError(error))
      return { kind: 'wrong', problem: firstLine(error.message) };
    throw error;
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`--${option} takes a whole number from ${least} to ${most}, not "${text}".`);
  return value;
}

/** The setting of this name, up to a million, where the option is given. */
function optional<K extends string>(
  name: K,
  option: string,
  text: string | undefined,
  least: number,
): { readonly [N in K]?: number } {
  const setting: { [N in K]?: number } = {};
  if (text !== undefined) setting[name] = whole(option, text, least, 1_000_000);
  return setting;
}

function epoch(text: string): number {
  const us = parseMicros(text);
  if (us === undefined)
    throw new UsageError(
      `--epoch takes an ISO-8601 time with a zone such as 2026-11-24T00:00:00Z, not "${text}".`,
    );
  return Math.floor(us / 1_000);
}

function duration(option: string, text: string): number {
  const value = parseDuration(text);
  if (value === undefined || value === 0)
    throw new UsageError(`--${option} takes a duration such as 45s, 90m, 6h or 2d, not "${text}".`);
  return value;
}

function profiles(text: string): readonly FaultProfile[] {
  const names = text === '' ? [] : text.split(',');
  return names.map((name) => {
    if (!isFaultProfile(name))
      throw new UsageError(
        `--profile knows no "${name}"; it takes ${Object.keys(faultProfiles).join(', ')}.`,
      );
    return name;
  });
}

function scale(text: string): RateLimitScale {
  if (text === 'off') return 'off';
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new UsageError(`--rate-limit-scale takes a number above 0 or off, not "${text}".`);
  return value;
}

function token(text: string): string {
  if (!/^\S+$/.test(text)) throw new UsageError('--token takes a text without spaces.');
  return text;
}
