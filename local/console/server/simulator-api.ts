import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { micros, parseMicros } from '../world/micro-time.ts';
import type { RecordSet } from '../world/record-set.ts';
import { truth, truthTypes } from '../world/truth-sources.ts';
import { jsonAnswer } from './answer.ts';
import { type Api, surfaceRoots } from './api.ts';
import { controlPaths } from './control.ts';
import { faultProfiles, isFaultProfile } from './faults/profiles.ts';
import { endpoints } from './registry.ts';
import type { RequestLog } from './request-log.ts';
import { send } from './send.ts';

/** Everything below here belongs to the simulator; no real console has it. It needs no token: it is on loopback only. */
export const simulatorPrefix = '/simulator';

/** Answers one request to the simulator itself and returns the status. */
export async function answerSimulator(
  api: Api,
  log: RequestLog,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  nowMs: number,
): Promise<number> {
  const reply = (body: Parameters<typeof jsonAnswer>[0], status = 200) => {
    send(response, jsonAnswer(body, status), nowMs);
    return status;
  };
  try {
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /simulator':
        return reply(describe(api, nowMs));
      case 'GET /simulator/profiles':
        return reply(profiles(api));
      case 'POST /simulator/profiles':
        api.faults.set(await readProfiles(request), nowMs);
        return reply(profiles(api));
      case 'GET /simulator/requests':
        return reply({ requests: log.entries.map((entry) => ({ ...entry })) });
      case 'GET /simulator/counts':
        return reply({ ...log.counts });
      case 'GET /simulator/truth':
        await sendTruth(api, response, url, nowMs);
        return 200;
      case 'GET /simulator/deeds':
        return reply(deeds(api));
      case 'POST /simulator/agents':
      case 'POST /simulator/threats':
      case 'POST /simulator/deed-timing':
        await takeControl(api, request, url.pathname);
        return reply(deeds(api));
      default:
        return reply({ error: `The simulator has no ${request.method} ${url.pathname}.` }, 404);
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return reply({ error: error.message }, 400);
  }
}

/** A request to the simulator that it cannot answer; the message names the parameter. */
class RequestError extends Error {}

function describe(api: Api, nowMs: number) {
  const { world } = api;
  const { seed, epochMs, historyMs } = world.options;
  const total = (records: RecordSet) => {
    const shown = world.shown(records, nowMs);
    const { from, to } = shown.rows({ fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY });
    let count = 0;
    for (let row = from; row < to; row++) if (shown.isShown(row)) count++;
    return count;
  };
  return {
    simulator: 'A simulated SentinelOne console. Nothing below /simulator exists in a real one.',
    seed,
    epoch: new Date(epochMs).toISOString(),
    historyMs,
    now: new Date(nowMs).toISOString(),
    tokens: [...api.tokens.labels],
    profiles: [...api.faults.active],
    counts: Object.fromEntries(Object.entries(world.recordSets).map(([name, set]) => [name, total(set)])),
    endpoints: endpoints.map(
      ({ method, path, surface = 'management' }) => `${method} ${surfaceRoots[surface]}${path}`,
    ),
  };
}

function profiles(api: Api) {
  return { active: [...api.faults.active], available: { ...faultProfiles } };
}

/** What was done and asked for, and how long it takes. */
function deeds({ deedLog, world }: Api) {
  return {
    timing: { ...world.deeds.timing },
    deeds: deedLog.deeds.map((entry) => ({ ...entry })),
    requests: deedLog.requests.map((entry) => ({ ...entry })),
  };
}

async function takeControl({ control }: Api, request: IncomingMessage, path: string): Promise<void> {
  const take = controlPaths[path];
  if (take === undefined) throw new Error(`Nothing is controlled by ${path}.`);
  const text = await readText(request);
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) throw new Error('Send a JSON object.');
    take(control, { ...body });
  } catch (error) {
    // Whatever is wrong here is wrong with the request: the messages say what.
    throw new RequestError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function readProfiles(request: IncomingMessage) {
  const problem = `profiles: send {"profiles": [...]} with names out of ${Object.keys(faultProfiles).join(', ')}.`;
  let body: unknown;
  try {
    body = JSON.parse(await readText(request));
  } catch (error) {
    throw new RequestError(problem, { cause: error });
  }
  const names: unknown =
    typeof body === 'object' && body !== null && 'profiles' in body ? body.profiles : undefined;
  if (!Array.isArray(names)) throw new RequestError(problem);
  return names.map((name: unknown) => {
    if (typeof name !== 'string' || !isFaultProfile(name)) throw new RequestError(problem);
    return name;
  });
}

async function sendTruth(api: Api, response: ServerResponse, url: URL, nowMs: number): Promise<void> {
  const type = url.searchParams.get('type') ?? '';
  if (!truthTypes.includes(type)) throw new RequestError(`type: must be one of ${truthTypes.join(', ')}.`);
  const fromMs = timeOf(url, 'from');
  const toMs = timeOf(url, 'to');
  const atMs = url.searchParams.has('at') ? timeOf(url, 'at') : nowMs;
  const lines = function* () {
    for (const line of truth(api.world, type, fromMs, toMs, atMs)) yield `${JSON.stringify(line)}\n`;
  };
  response.writeHead(200, { 'content-type': 'application/x-ndjson', date: new Date(nowMs).toUTCString() });
  await pipeline(Readable.from(lines()), response);
}

function timeOf(url: URL, name: string): number {
  const us = parseMicros(url.searchParams.get(name) ?? '');
  if (us === undefined)
    throw new RequestError(`${name}: must be an ISO-8601 time with a zone, e.g. 2026-11-24T00:00:00Z.`);
  return us / micros.millisecond;
}
