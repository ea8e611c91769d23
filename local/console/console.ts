import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../shared/ports.ts';
import { htmlAnswer, jsonAnswer } from './server/answer.ts';
import { type Api, answerApi, surfaceOf } from './server/api.ts';
import { type ConsoleControl, consoleControl } from './server/control.ts';
import { dataLakeQueries } from './server/data-lake-queries.ts';
import { type ActionRequestEntry, type DeedLogEntry, deedLog } from './server/deed-log.ts';
import { deepVisibilityQueries } from './server/deep-visibility-queries.ts';
import type { Queries } from './server/endpoint.ts';
import { type FaultProfile, type Faults, faults } from './server/faults/profiles.ts';
import { type MissingEndpoints, missingEndpoints } from './server/missing-endpoints.ts';
import { type RateLimitScale, rateLimiter } from './server/rate-limits.ts';
import { loggedParams, type RequestCounts, type RequestLogEntry, requestLog } from './server/request-log.ts';
import { type ScriptedAnswer, script } from './server/script.ts';
import { send } from './server/send.ts';
import { answerSimulator, simulatorPrefix } from './server/simulator-api.ts';
import { type IssuedTokens, type TokenLimits, tokenLabel, tokens } from './server/tokens.ts';
import type { TruthLine } from './world/truth.ts';
import { truth } from './world/truth-sources.ts';
import { build, type WorldOptions } from './world/world.ts';

export interface ConsoleOptions extends WorldOptions {
  /** 0, the default, for any free port. The server listens on 127.0.0.1 only. */
  readonly port?: number;
  /** The system's clock by default. */
  readonly clock?: Clock;
  readonly profiles?: readonly FaultProfile[];
  /** A factor on the published rate limits, 1 by default, or none at all. */
  readonly rateLimitScale?: RateLimitScale;
  /** One more token that may do what the admin's may. */
  readonly token?: string;
  /** What the `limited` token may not do; nothing is refused to it where absent. */
  readonly limits?: TokenLimits;
  /** Endpoints that this console does not have, by their paths as in the registry. */
  readonly missing?: MissingEndpoints;
  /** Writes a line per request to standard output. */
  readonly logRequests?: boolean;
}

export interface RunningConsole extends ConsoleControl {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  readonly tokens: IssuedTokens;
  /** The last requests to the vendor's API, oldest first; at least the last 5,000. */
  readonly requests: readonly RequestLogEntry[];
  /** Of all requests since the start; the numbers grow. */
  readonly counts: RequestCounts;
  /** The last commands that the console has taken, oldest first; at least the last 5,000. */
  readonly deeds: readonly DeedLogEntry[];
  /** The last requests for actions with the filters that they came with, whatever came of them; as many. */
  readonly actionRequests: readonly ActionRequestEntry[];
  /**
   * The profiles in force from now on. Mutation and late records change what happens from now on and never what
   * happened; another console plays the same only when it is switched at the same times.
   */
  setProfiles(profiles: readonly FaultProfile[]): void;
  /**
   * The next requests to this path below /web/api/v2.1, of whatever method, get these answers, one each. One that says
   * `afterwards` comes when what was asked for is done; else it is not.
   */
  script(pathPrefix: string, answers: readonly ScriptedAnswer[]): void;
  /** What the console has shown of a content type with a time in [fromMs, toMs) as of `atMs`, which is now by default. */
  truth(contentType: string, fromMs: number, toMs: number, atMs?: number): Iterable<TruthLine>;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

/** Starts a simulated console. Rejects where the port is taken. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const clock = options.clock ?? { now: Date.now };
  const world = build(options);
  const answers = script();
  const log = requestLog();
  const done = deedLog();
  const control = consoleControl(world, () => clock.now());
  const trouble = faults(world, options.profiles ?? []);
  const api: Api = {
    world,
    tokens: tokens(world, options.token, options.limits),
    rateLimiter: rateLimiter(options.rateLimitScale ?? 1),
    faults: trouble,
    script: answers,
    queries: queriesOf(options, trouble),
    deedLog: done,
    control,
    missing: missingEndpoints(options.missing ?? {}),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const nowMs = clock.now();
    if (url.pathname === simulatorPrefix || url.pathname.startsWith(`${simulatorPrefix}/`)) {
      await answerSimulator(api, log, request, response, url, nowMs);
      return;
    }
    if (surfaceOf(url.pathname) === undefined) {
      send(response, htmlAnswer(404, 'Not Found'), nowMs);
      return;
    }
    const status = await answerApi(api, request, response, url, nowMs);
    const entry = {
      time: nowMs,
      method: request.method ?? '',
      path: url.pathname,
      params: loggedParams(url.searchParams),
      status,
      token: tokenLabel(api.tokens, request.headers.authorization),
    };
    log.add(entry);
    if (options.logRequests) console.log(`${entry.method} ${entry.path} ${status} ${entry.token}`);
  }

  // A thousand ids fit into a URL.
  const server = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A client that goes away in the middle of an answer is no failure of the simulator.
      if (response.destroyed || response.headersSent) return response.destroy();
      console.error(error);
      send(
        response,
        jsonAnswer(
          { errors: [{ code: 5_000_010, detail: String(error), title: 'The simulator failed.' }] },
          500,
        ),
        clock.now(),
      );
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  return {
    ...control,
    url: `http://127.0.0.1:${portOf(server.address())}`,
    tokens: api.tokens.issued,
    requests: log.entries,
    counts: log.counts,
    deeds: done.deeds,
    actionRequests: done.requests,
    setProfiles: (profiles) => api.faults.set(profiles, clock.now()),
    script: answers.add,
    truth: (contentType, fromMs, toMs, atMs = clock.now()) => truth(world, contentType, fromMs, toMs, atMs),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function queriesOf(options: ConsoleOptions, trouble: Faults): Queries {
  const { seed, dvResultMinutes = 15 } = options;
  const isUnsteady = () => trouble.active.includes('server-errors');
  return {
    deepVisibility: deepVisibilityQueries({ seed, resultMs: dvResultMinutes * 60_000, isUnsteady }),
    dataLake: dataLakeQueries({ seed, isUnsteady }),
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('The simulator listens on no port.');
  return address.port;
}
