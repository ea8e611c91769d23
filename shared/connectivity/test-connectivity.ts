import type { ConnectorFunction } from '../connectors/connector-registry.ts';
import type { ContentType } from '../content-types/content-type.ts';
import type { ConsoleSession } from '../engine/slice.ts';
import { ConnectorError } from '../errors.ts';
import type { Clock, Connector, ConsoleCredentials } from '../ports.ts';
import type { Consoles } from '../sentinelone/connect.ts';
import type { PacingStore } from '../sentinelone/pacing-store.ts';
import { authenticationFinding } from './authentication-check.ts';
import { consoleFacts, consoleFinding } from './console-check.ts';
import { contentTypeFinding } from './content-type-check.ts';
import { type Introduction, introduce } from './introduction.ts';
import { rateFinding } from './rate-check.ts';
import type { ConnectivityReport, ConsoleFacts, TokenFacts } from './report.ts';
import { respondFinding } from './respond-check.ts';
import { runCheck, type TestFrame } from './run-check.ts';
import { tokenFacts, tokenFinding } from './token-check.ts';
import { type WatchedApi, watchedApi } from './watched-api.ts';

/** A connector to be tested, as it is stored or as it might be. */
export interface ConnectivityInput {
  readonly connector: Pick<Connector, 'contentTypes' | 'siteIds' | 'accountIds' | 'options'>;
  readonly functions: readonly ConnectorFunction[];
  readonly credentials: ConsoleCredentials;
}

export interface ConnectivityDependencies {
  readonly clock: Clock;
  /** Resolves after the time, or rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly consoles: Consoles;
  readonly pauses: Pick<PacingStore, 'pause'>;
  readonly findContentType: (id: string) => ContentType | undefined;
  /** When the report is made, whatever is answered by then; milliseconds. Default 9 s. */
  readonly deadlineMs?: number;
}

const usualDeadlineMs = 9_000;

/**
 * Tells why a connector works or does not: host, token, and every content type, each with what to do. Changes nothing at the
 * console, keeps to its rate limits, and sends the token only where a console has answered without it.
 * Throws a plain Error for a content type that does not exist; the caller validates its input before.
 */
export async function testConnectivity(
  input: ConnectivityInput,
  dependencies: ConnectivityDependencies,
): Promise<ConnectivityReport> {
  const { clock, sleep, deadlineMs = usualDeadlineMs } = dependencies;
  const contentTypes = contentTypesOf(input, dependencies);
  const timeIsUp = new AbortController();
  const over = new AbortController();
  sleep(deadlineMs, over.signal).then(
    () => timeIsUp.abort(),
    () => undefined,
  );
  try {
    return await reportOn(input, contentTypes, dependencies, { clock, signal: timeIsUp.signal });
  } finally {
    over.abort();
    // Whatever is still under way is of no use to anybody.
    timeIsUp.abort();
  }
}

function contentTypesOf(
  { connector, functions }: ConnectivityInput,
  { findContentType }: ConnectivityDependencies,
): readonly ContentType[] {
  if (!functions.includes('collect')) return [];
  return connector.contentTypes.map((id) => {
    const contentType = findContentType(id);
    if (contentType === undefined) throw new Error(`The connector names the unknown content type ${id}.`);
    return contentType;
  });
}

async function reportOn(
  input: ConnectivityInput,
  contentTypes: readonly ContentType[],
  dependencies: ConnectivityDependencies,
  frame: TestFrame,
): Promise<ConnectivityReport> {
  const { credentials } = input;
  const { consoles } = dependencies;
  const host = await runCheck(frame, { name: 'host' }, async () => {
    await consoles.probeHost(credentials.hostUrl, frame.signal);
    return { ok: true, detail: 'A console answers at the host URL.' };
  });
  if (!host.ok) return { ok: false, checks: [host] };

  const opened = open(consoles, credentials);
  if (opened instanceof ConnectorError) {
    const refused = await runCheck(frame, { name: 'authentication' }, () => Promise.reject(opened));
    return { ok: false, checks: [host, refused] };
  }
  const watched = watchedApi(opened.api);
  const introduction = introduce(watched.api, credentials.apiToken, frame.signal);
  const authentication = await runCheck(frame, { name: 'authentication' }, () =>
    authenticationFinding(introduction),
  );
  // Nothing else would be told to such a token. After any other failure the rest may well work.
  if (authentication.status === 401) return { ok: false, checks: [host, authentication] };

  const session = { hostUrl: opened.hostUrl, api: watched.api, now: () => opened.now() };
  const known = { input, contentTypes, dependencies, frame, session, watched, introduction };
  const { checks, ...facts } = await furtherChecks(known);
  const all = [host, authentication, ...checks];
  return { ok: all.every(({ ok }) => ok), checks: all, ...facts };
}

/** The session, or why there can be none: the token cannot be one. */
function open(consoles: Consoles, credentials: ConsoleCredentials): ConsoleSession | ConnectorError {
  try {
    return consoles.connect(credentials);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
}

/** What is known once the token is accepted. */
interface OpenedTest {
  readonly input: ConnectivityInput;
  readonly contentTypes: readonly ContentType[];
  readonly dependencies: ConnectivityDependencies;
  readonly frame: TestFrame;
  /** Its requests are watched. */
  readonly session: ConsoleSession;
  readonly watched: WatchedApi;
  readonly introduction: Introduction;
}

/** Everything that needs a token, at once; the rate limits last, because the others show how the console takes them. */
async function furtherChecks(test: OpenedTest): Promise<Omit<ConnectivityReport, 'ok'>> {
  const { input, contentTypes, dependencies, frame, session, watched, introduction } = test;
  const { connector, functions, credentials } = input;
  const { apiToken } = credentials;
  const { api } = session;
  const now = () => session.now();
  const { signal } = frame;
  let token: TokenFacts = {};
  let about: ConsoleFacts = {};

  const collected = contentTypes.map((contentType) =>
    runCheck(frame, { name: 'content-type', contentType: contentType.id }, () =>
      contentTypeFinding({ contentType, connector, api, signal, now }),
    ),
  );
  const checks = await Promise.all([
    runCheck(frame, { name: 'token' }, async () => {
      const [lifetime, user] = await Promise.all([introduction.lifetime, introduction.user]);
      token = tokenFacts(lifetime, user, apiToken, now());
      return tokenFinding(lifetime, user, token);
    }),
    runCheck(frame, { name: 'console' }, async () => {
      const info = await introduction.info;
      about = consoleFacts(info, apiToken);
      return consoleFinding(info, about);
    }),
    ...collected,
    Promise.all(collected).then(() =>
      runCheck(frame, { name: 'rate' }, () =>
        rateFinding({ watched, apiToken, pauses: dependencies.pauses, now: () => frame.clock.now() }),
      ),
    ),
    ...(functions.includes('respond')
      ? [runCheck(frame, { name: 'respond' }, () => respondFinding({ api, user: introduction.user, signal }))]
      : []),
  ]);
  return {
    checks,
    ...(Object.keys(token).length === 0 ? {} : { token }),
    ...(Object.keys(about).length === 0 ? {} : { console: about }),
  };
}
