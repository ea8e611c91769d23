import { afterEach, expect, it } from 'vitest';
import type { StoredConnector } from '../../shared/connectors/connector-registry.ts';
import { runSlice } from '../../shared/engine/slice.ts';
import { cancelJob } from '../../shared/jobs/cancel-job.ts';
import { jobStatus } from '../../shared/jobs/job-progress.ts';
import { startBackfill } from '../../shared/jobs/start-backfill.ts';
import { consoleWorld, hourMs } from '../support/console-world.ts';
import { MemoryBackfills } from '../support/memory/memory-backfills.ts';
import { MemoryRegistry } from '../support/memory/memory-registry.ts';
import { MemorySecrets } from '../support/memory/memory-secrets.ts';
import { compareStream } from './compare.ts';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

const types = ['threats', 'activities', 'unified-alerts', 'alerts', 'device-control-events'];

/** A connector that began two hours before the epoch, of a console with twelve hours of history. */
async function world() {
  const made = await consoleWorld({
    console: { threats: 900, historyMs: 12 * hourMs, profiles: ['refused-cursors'] },
  });
  close = made.close;
  const { clock, streams, dependencies } = made;
  const begun = clock.now();
  const since = begun - 2 * hourMs;
  await made.connect(types, since);
  const stored: StoredConnector = {
    connector: {
      tenant: 'demo',
      id: 'edr',
      name: 'EDR',
      tenantName: 'Demo',
      hostUrl: made.simulator.url,
      contentTypes: [...types, 'groups'],
      since,
      siteIds: [],
      accountIds: [],
      createdAt: begun,
    },
    functions: ['collect'],
    state: 'active',
    version: 1,
    updatedAt: begun,
  };
  const backfills = new MemoryBackfills();
  const services = {
    clock,
    log: dependencies.log,
    registry: new MemoryRegistry(),
    connectors: streams,
    control: streams,
    backfills,
    secrets: new MemorySecrets(),
    queue: made.queue,
    hostPolicy: { suffixes: [], loopback: true },
    findContentType: dependencies.findContentType,
    claimMs: 900_000,
  };
  let slices = 0;
  /** Requests take their time, so that a slice is a few of them. */
  const openConsole: typeof dependencies.openConsole = async (stream) => {
    const session = await dependencies.openConsole(stream);
    const taking = <T>(answer: Promise<T>) => {
      clock.advance(300);
      return answer;
    };
    return {
      hostUrl: session.hostUrl,
      now: () => session.now(),
      api: {
        list: (path, params, signal) => taking(session.api.list(path, params, signal)),
        request: (call, signal) => taking(session.api.request(call, signal)),
      },
    };
  };
  /** Works on the past until it is read, or for so many slices. */
  async function work(most = 500): Promise<void> {
    for (let n = 0; n < most; n++) {
      const open = (await streams.parts('demo', 'edr')).filter(
        ({ nextDueAt, pausedAt }) => nextDueAt !== undefined && pausedAt === undefined,
      );
      const next = open.sort((a, b) => (a.nextDueAt ?? 0) - (b.nextDueAt ?? 0))[0];
      if (next === undefined) return;
      clock.time = Math.max(clock.now(), Math.min(next.nextDueAt ?? 0, clock.now() + 60_000));
      await runSlice(
        {
          message: { version: 1, stream: next.id },
          receives: 1,
          owner: `past${++slices}`,
          deadline: clock.now() + 1_000,
          signal: new AbortController().signal,
        },
        { ...dependencies, openConsole },
      );
      clock.advance(100);
    }
    if (most >= 500) throw new Error('The past has no end.');
  }
  async function status(jobId: string) {
    const known = await backfills.get(stored.connector);
    const job = known.jobs.find(({ id }) => id === jobId);
    if (job === undefined) throw new Error(`There is no job ${jobId}.`);
    return jobStatus(job, known, await streams.parts('demo', 'edr'));
  }
  /** Everything from a time on, by the live stream and by those of the past together. */
  async function compare(type: string, from: number) {
    const { watermark } = made.stream(type);
    const lines = function* (prefix: string) {
      for (const [key, entry] of made.lake.entries)
        if (key.startsWith(`${prefix}/`)) for (const text of entry.lines) yield { key, text };
    };
    const stream = {
      tenant: 'demo',
      connector: 'edr',
      contentType: type,
      since: from,
      watermark,
      truth: type,
    };
    return await compareStream(lines, stream, made.simulator.truth(type, from, clock.now()));
  }
  return { ...made, begun, since, stored, services, backfills, work, status, compare };
}

const request = (from: number, to: number, contentTypes: readonly string[] = types) => ({
  contentTypes,
  from,
  to,
  createdBy: 'key:test',
});

it('reads the time before the beginning once, beside what is new, and then is not due again', async () => {
  const { begun, since, stored, services, work, collect, compare, status, streams, clock } = await world();
  await collect(types, begun);

  const outcome = await startBackfill(stored, request(begun - 10 * hourMs, since), services);

  expect(outcome.kind).toBe('started');
  expect((await status('j1')).state).toBe('running');
  await work();
  await collect(types, clock.now());
  for (const type of types) {
    const { problems, required } = await compare(type, begun - 10 * hourMs);
    expect({ type, problems }).toStrictEqual({ type, problems: [] });
    expect(required).toBeGreaterThan(50);
  }
  const done = await status('j1');
  expect(done.state).toBe('done');
  expect(done.contentTypes.map(({ done }) => done)).toStrictEqual(types.map(() => 1));
  expect((await streams.parts('demo', 'edr')).map(({ nextDueAt }) => nextDueAt)).toStrictEqual(
    types.map(() => undefined),
  );
});

it('reads nothing twice where jobs overlap, are cancelled half way, and are asked for again', async () => {
  const { begun, since, stored, services, backfills, work, collect, compare, status } = await world();
  await collect(types, begun);
  await startBackfill(stored, request(begun - 6 * hourMs, begun - 3 * hourMs, ['threats']), services);
  await work(3);
  await startBackfill(stored, request(begun - 8 * hourMs, begun, ['threats', 'activities']), services);
  await work(4);
  for (const id of ['j1', 'j2']) {
    const known = await backfills.get(stored.connector);
    const job = known.jobs.find((one) => one.id === id);
    if (job === undefined) throw new Error('The job is gone.');
    expect(await cancelJob(stored, known, job, services)).toMatchObject({ id });
  }
  await work(10);
  expect((await status('j2')).state).toBe('cancelled');

  await startBackfill(stored, request(begun - 9 * hourMs, since), services);
  await work();

  for (const type of types) {
    const { problems } = await compare(type, begun - 9 * hourMs);
    expect({ type, problems }).toStrictEqual({ type, problems: [] });
  }
  expect((await status('j3')).state).toBe('done');
  // Three of threats: the middle, and what lies around it and before it.
  const { spans } = await backfills.get(stored.connector);
  expect(spans['threats']?.length).toBe(4);
});

const old = Date.UTC(2020);

it.each([
  ['a snapshot', request(old, old + 1_000, ['groups']), 'contentTypes[0]'],
  ['what the connector does not collect', request(old, old + 1_000, ['agents']), 'contentTypes[0]'],
  ['a time without length', request(old, old), 'from'],
  ['the future', request(old, Number.MAX_SAFE_INTEGER), 'to'],
  [
    'what is collected anyway',
    request(Date.parse('2026-11-24T11:00:00Z'), Date.parse('2026-11-24T11:30:00Z')),
    'from',
  ],
])('refuses %s', async (_, asked, field) => {
  const { stored, services } = await world();
  const outcome = await startBackfill(stored, asked, services);
  expect(outcome).toMatchObject({ kind: 'invalid', problems: [{ field }] });
});
