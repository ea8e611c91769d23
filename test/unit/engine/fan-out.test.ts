import { describe, expect, it } from 'vitest';
import { fanOut } from '../../../shared/engine/fan-out.ts';
import type { DueIndex, WorkMessage, WorkQueue } from '../../../shared/ports.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryQueue } from '../../support/memory/memory-queue.ts';
import { MemoryStreams } from '../../support/memory/memory-streams.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const claimMs = 900_000;
const settings = { tenantName: 'T', connectorName: 'C', intervalMs: 1, siteIds: [], accountIds: [] };

async function world(dueCount: number, laterCount = 3) {
  const streams = new MemoryStreams();
  const add = (contentType: string, nextDueAt: number) =>
    streams.ensureStream(
      { tenant: 'acme', connector: 'edr', contentType },
      { since: 0, settings, nextDueAt, now },
    );
  for (let i = 0; i < dueCount; i++) await add(`due-${i}`, now - i);
  for (let i = 0; i < laterCount; i++) await add(`later-${i}`, now + 1 + i);
  const queue = new MemoryQueue();
  const clock = new ManualClock(now);
  return {
    streams,
    queue,
    clock,
    deps: { clock, dueIndex: streams as DueIndex, queue, claimMs, deadline: now + 50_000 },
  };
}
const names = (messages: readonly { message: WorkMessage }[]) =>
  messages.map(({ message }) => message.stream.contentType).sort();

describe('fanOut', () => {
  it('sends one message for every due stream and moves its due time by the claim', async () => {
    const { streams, queue, deps } = await world(230);
    expect(await fanOut(deps)).toStrictEqual({ due: 230, sent: 230, complete: true });
    expect(new Set(names(queue.sent)).size).toBe(230);
    const stored = await streams.streams('acme', 'edr');
    for (const { id, nextDueAt } of stored) {
      expect(nextDueAt).toBe(
        id.contentType.startsWith('due') ? now + claimMs : now + 1 + Number(id.contentType.slice(6)),
      );
    }
  });

  it('sends nothing twice when two ticks run at once', async () => {
    const { queue, deps } = await world(150);
    const results = await Promise.all([fanOut(deps), fanOut(deps)]);
    expect(results.reduce((sum, { sent }) => sum + sent, 0)).toBe(150);
    expect(new Set(names(queue.sent)).size).toBe(150);
    expect(queue.sent).toHaveLength(150);
  });

  it('sends a stream again when its message was lost, one claim time later', async () => {
    const { queue, clock, deps } = await world(1, 0);
    await fanOut(deps);
    clock.advance(claimMs - 1);
    await fanOut({ ...deps, deadline: clock.now() + 1 });
    expect(queue.sent).toHaveLength(1);
    clock.advance(1);
    await fanOut({ ...deps, deadline: clock.now() + 1 });
    expect(queue.sent).toHaveLength(2);
  });

  it('throws when SQS does not take the messages; their streams become due again', async () => {
    const { streams, queue, clock, deps } = await world(5, 0);
    const broken = { send: () => Promise.reject(new Error('SQS is down')) };
    await expect(fanOut({ ...deps, queue: broken })).rejects.toThrow('SQS is down');
    clock.advance(claimMs);
    expect(await fanOut({ ...deps, dueIndex: streams, deadline: clock.now() + 1 })).toMatchObject({
      sent: 5,
    });
    expect(queue.sent).toHaveLength(5);
  });

  it('stops at its deadline and says that something is left', async () => {
    const { queue, clock, deps } = await world(230);
    const slow: DueIndex = {
      due: deps.dueIndex.due.bind(deps.dueIndex),
      claim: async (due, until) => {
        clock.advance(1_000);
        return await deps.dueIndex.claim(due, until);
      },
    };
    expect(await fanOut({ ...deps, dueIndex: slow })).toStrictEqual({ due: 50, sent: 50, complete: false });
    expect(queue.sent).toHaveLength(50);
  });

  it('does not let one stream that cannot be claimed hold up the others', async () => {
    const { queue, deps } = await world(120);
    const dueIndex: DueIndex = {
      due: deps.dueIndex.due.bind(deps.dueIndex),
      claim: (due, until) =>
        due.id.contentType === 'due-60'
          ? Promise.reject(new Error('throttled'))
          : deps.dueIndex.claim(due, until),
    };
    await expect(fanOut({ ...deps, dueIndex })).rejects.toThrow('throttled');
    expect(queue.sent).toHaveLength(119);
  });

  it('waits for no group while others can be claimed', async () => {
    const { streams, queue, deps } = await world(30, 0);
    const held = Promise.withResolvers<void>();
    const dueIndex: DueIndex = {
      due: streams.due.bind(streams),
      claim: async (due, until) => {
        // The first group hangs until all the others were sent.
        if (Number(due.id.contentType.slice(4)) >= 20) await held.promise;
        return await streams.claim(due, until);
      },
    };
    const observed: WorkQueue = {
      send: async (messages, delaySeconds) => {
        await queue.send(messages, delaySeconds);
        if (queue.sent.length === 20) held.resolve();
      },
    };
    expect(await fanOut({ ...deps, dueIndex, queue: observed })).toStrictEqual({
      due: 30,
      sent: 30,
      complete: true,
    });
  });

  it('sends what is readable when the index holds something that is no stream, and names it', async () => {
    const { streams, queue, deps } = await world(25, 0);
    const dueIndex: DueIndex = {
      async *due(at) {
        yield { items: [], unreadable: ['CONNECTOR#acme/edr CONNECTOR'] };
        yield* streams.due(at);
      },
      claim: streams.claim.bind(streams),
    };
    await expect(fanOut({ ...deps, dueIndex })).rejects.toThrow(
      'The tick had 1 failures: the due index holds CONNECTOR#acme/edr CONNECTOR, which is no stream',
    );
    expect(queue.sent).toHaveLength(25);
  });

  it('sends what it has read when the index stops answering, and says so', async () => {
    const { streams, queue, deps } = await world(250, 0);
    const dueIndex: DueIndex = {
      async *due(at) {
        for await (const page of streams.due(at)) {
          yield page;
          throw new Error('the index does not answer');
        }
      },
      claim: streams.claim.bind(streams),
    };
    await expect(fanOut({ ...deps, dueIndex })).rejects.toThrow('the index does not answer');
    expect(queue.sent).toHaveLength(100);
  });

  it('holds a few failures and counts the rest when nothing can be claimed', async () => {
    const { streams, queue, deps } = await world(230, 0);
    const dueIndex: DueIndex = {
      due: streams.due.bind(streams),
      claim: () => Promise.reject(new Error('throttled')),
    };
    const error = await fanOut({ ...deps, dueIndex }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({ message: 'The tick had 230 failures: throttled' });
    expect((error as AggregateError).errors).toHaveLength(20);
    expect(queue.sent).toHaveLength(0);
  });

  it('does not hide failures behind its deadline', async () => {
    const { clock, deps } = await world(230, 0);
    const dueIndex: DueIndex = {
      due: deps.dueIndex.due.bind(deps.dueIndex),
      claim: () => {
        clock.advance(1_000);
        return Promise.reject(new Error('throttled'));
      },
    };
    await expect(fanOut({ ...deps, dueIndex })).rejects.toThrow('The tick had 50 failures: throttled');
  });
});
