import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../../shared/actions/callbacks/delivery.ts';
import type { OutcomeEvent } from '../../../../shared/actions/callbacks/outcome-event.ts';
import {
  type TellDependencies,
  type TellPolicy,
  type TellResult,
  tellOutcomes,
} from '../../../../shared/actions/callbacks/tell.ts';
import type { Action } from '../../../../shared/actions/run/action.ts';
import { afterTelling } from '../../../../shared/actions/run/after-telling.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { actionOfSteps, requestedAt, toldAction } from './told-action.ts';

const url = 'https://acme.soar.example.com/hooks/7';
const policy: TellPolicy = { webhook: { url } };
const ok: Delivery = { kind: 'delivered', status: 200 };
const passing: Delivery = { kind: 'failed', retryable: true, why: 'It is down.' };
const final: Delivery = { kind: 'failed', retryable: false, why: 'It refuses.' };
const hourMs = 3_600_000;

/** Receivers that answer as they are told to; what they were sent and have taken is kept in order. */
function world(
  answers: {
    readonly webhook?: (event: OutcomeEvent) => Delivery | Error;
    readonly bus?: (event: OutcomeEvent) => Error | undefined;
  } = {},
) {
  const clock = new ManualClock(requestedAt + 10 * 60_000);
  const taken = { webhook: [] as string[], bus: [] as string[] };
  const tried = { webhook: [] as string[], bus: [] as string[] };
  const urls = new Set<string>();
  const logged: { level: string; message: string; fields: unknown }[] = [];
  const log = (level: string) => (message: string, fields?: unknown) => {
    logged.push({ level, message, fields });
  };
  const deps: TellDependencies = {
    clock,
    random: () => 0,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    events: {
      async put(event) {
        tried.bus.push(event.id);
        const error = answers.bus?.(event);
        if (error !== undefined) throw error;
        taken.bus.push(event.id);
      },
    },
    webhooks: {
      async send(to, event) {
        urls.add(to);
        tried.webhook.push(event.id);
        const answer = answers.webhook?.(event) ?? ok;
        if (answer instanceof Error) throw answer;
        if (answer.kind === 'delivered') taken.webhook.push(event.id);
        return answer;
      },
    },
  };
  return {
    clock,
    deps,
    taken,
    tried,
    urls,
    logged,
    tell: (action: Action, by = policy) => tellOutcomes(action, by, deps),
  };
}

const ids = (...steps: readonly number[]) =>
  steps.map((step) => `acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.${step}`);
const all: TellResult = { told: 3, tellFailures: 0, notes: [] };

describe('telling of outcomes', () => {
  it('tells both ways of each step that brought a target to its end, in order', async () => {
    const { tell, taken, urls } = world();
    expect(await tell(actionOfSteps(3))).toStrictEqual({ ...all, told: 4 });
    expect(taken).toStrictEqual({ webhook: ids(2, 3, 4), bus: ids(2, 3, 4) });
    expect([...urls]).toStrictEqual([url]);
  });

  it('goes on behind what was told', async () => {
    const { tell, taken } = world();
    await tell(actionOfSteps(3, { told: 3 }));
    expect(taken).toStrictEqual({ webhook: ids(4), bus: ids(4) });
    expect(await tell(actionOfSteps(3, { told: 4 }))).toStrictEqual({ ...all, told: 4 });
    expect(taken.bus).toHaveLength(1);
  });

  it('tells only the ways that there are, and passes over everything where there is none', async () => {
    const { tell, taken, deps } = world();
    await tell(toldAction(), {});
    expect(taken).toStrictEqual({ webhook: [], bus: ids(3) });
    const { events: _bus, ...withoutBus } = deps;
    expect(await tellOutcomes(toldAction(), policy, withoutBus)).toStrictEqual(all);
    expect(taken).toStrictEqual({ webhook: ids(3), bus: ids(3) });
    expect(await tellOutcomes(toldAction(), {}, withoutBus)).toStrictEqual(all);
    expect(taken).toStrictEqual({ webhook: ids(3), bus: ids(3) });
  });

  it('stops at a step that cannot be told, and comes back later', async () => {
    const { tell, clock, taken, logged } = world({ webhook: ({ id }) => (id.endsWith('.3') ? passing : ok) });
    const result = await tell(actionOfSteps(3));
    expect(result).toStrictEqual({
      told: 2,
      tellFailures: 1,
      // The event bus has the rest already.
      toldAhead: { way: 'event_bus', told: 4 },
      retryAt: clock.now() + 10_000,
      notes: [],
    });
    expect(taken).toStrictEqual({ webhook: ids(2), bus: ids(2, 3, 4) });
    expect(logged).toStrictEqual([
      {
        level: 'warn',
        message: 'An outcome could not be told.',
        fields: { way: 'webhook', event: 'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3', why: 'It is down.' },
      },
    ]);
  });

  it('tells the way that was ahead nothing twice', async () => {
    const broken = world({ webhook: () => passing });
    const action = actionOfSteps(3);
    const later = afterTelling(action, await broken.tell(action), broken.clock.now());
    const { tell, clock, taken } = world();
    clock.advance(hourMs);
    expect(await tell(later)).toStrictEqual({ ...all, told: 4 });
    expect(taken).toStrictEqual({ webhook: ids(2, 3, 4), bus: [] });
  });

  it('holds no way up because of the other, whichever it is', async () => {
    const { tell, clock, taken } = world({ bus: () => new Error('throttled') });
    expect(await tell(actionOfSteps(2))).toStrictEqual({
      told: 1,
      tellFailures: 1,
      toldAhead: { way: 'webhook', told: 3 },
      retryAt: clock.now() + 10_000,
      notes: [],
    });
    expect(taken).toStrictEqual({ webhook: ids(2, 3), bus: [] });
  });

  it('leaves a way that fails alone until its time, while the other hears of what is new', async () => {
    const { tell, clock, tried } = world();
    const tellAt = clock.now() + 500_000;
    const action = actionOfSteps(3, {
      told: 2,
      tellFailures: 7,
      tellAt,
      toldAhead: { way: 'event_bus', told: 3 },
    });
    expect(await tell(action)).toStrictEqual({
      told: 2,
      tellFailures: 7,
      toldAhead: { way: 'event_bus', told: 4 },
      retryAt: tellAt,
      notes: [],
    });
    expect(tried).toStrictEqual({ webhook: [], bus: ids(4) });
    clock.time = tellAt;
    await tell(action);
    expect(tried.webhook).toStrictEqual(ids(3, 4));
  });

  it('waits longer with each failure in a row, and begins anew after a success', async () => {
    const { tell, clock } = world({ webhook: ({ id }) => (id.endsWith('.4') ? passing : ok) });
    const failing = actionOfSteps(3, { told: 3, tellFailures: 4 });
    expect(await tell(failing)).toMatchObject({ tellFailures: 5, retryAt: clock.now() + 160_000 });
    const recovering = actionOfSteps(3, { told: 2, tellFailures: 4 });
    expect(await tell(recovering)).toMatchObject({
      told: 3,
      tellFailures: 1,
      retryAt: clock.now() + 10_000,
    });
  });

  it('waits as long as the receiver asks', async () => {
    const { tell, clock } = world({ webhook: () => ({ ...passing, retryAfterMs: 1_800_000 }) });
    expect((await tell(toldAction())).retryAt).toBe(clock.now() + 1_800_000);
  });

  it('begins nothing new after 20 seconds, and goes on at once the next time', async () => {
    const slow = world({
      webhook: () => {
        slow.clock.advance(9_000);
        return ok;
      },
    });
    const result = await slow.tell(actionOfSteps(5));
    expect(slow.taken.webhook).toStrictEqual(ids(2, 3, 4));
    expect(result).toMatchObject({ told: 4, tellFailures: 0, retryAt: slow.clock.now(), notes: [] });
  });

  it('keeps the pace of the way that has failed longer where both fail', async () => {
    const { tell, clock } = world({ webhook: () => passing, bus: () => new Error('throttled') });
    const action = actionOfSteps(3, {
      told: 1,
      tellFailures: 9,
      toldAhead: { way: 'event_bus', told: 2 },
    });
    expect(await tell(action)).toStrictEqual({
      told: 1,
      tellFailures: 10,
      toldAhead: { way: 'event_bus', told: 2 },
      retryAt: clock.now() + hourMs,
      notes: [],
    });
  });

  it('counts no failure of the way that is ahead against the other', async () => {
    const slow = world({
      webhook: () => {
        slow.clock.advance(20_000);
        return ok;
      },
      bus: () => new Error('throttled'),
    });
    const action = actionOfSteps(5, { told: 1, toldAhead: { way: 'event_bus', told: 4 } });
    expect(await slow.tell(action)).toMatchObject({ told: 2, tellFailures: 0, toldAhead: { told: 4 } });
  });

  it('gives up at once what would fail again, notes it, and goes on', async () => {
    const { tell, taken } = world({ webhook: ({ id }) => (id.endsWith('.3') ? final : ok) });
    expect(await tell(actionOfSteps(3))).toStrictEqual({
      told: 4,
      tellFailures: 0,
      notes: [
        {
          kind: 'callback',
          note: 'The webhook was not told of step 3; given up after one try. It refuses.',
        },
      ],
    });
    expect(taken.webhook).toStrictEqual(ids(2, 4));
  });

  it('gives up after a day of failures, notes it, and goes on with the next step', async () => {
    const { tell, clock, taken } = world({
      bus: ({ id }) => (id.endsWith('.3') ? new Error('no bus') : undefined),
    });
    const action = actionOfSteps(3, { told: 2, tellFailures: 30, toldAhead: { way: 'webhook', told: 4 } });
    clock.time = requestedAt + 2 * 60_000 + 24 * hourMs - 1;
    expect(await tell(action)).toMatchObject({ told: 2, tellFailures: 31, notes: [] });
    clock.time += 1;
    expect(await tell(action)).toStrictEqual({
      told: 4,
      tellFailures: 0,
      notes: [
        {
          kind: 'callback',
          note: 'The event bus was not told of step 3; given up after 31 tries. Error: no bus',
        },
      ],
    });
    expect(taken).toStrictEqual({ webhook: [], bus: ids(4) });
  });

  it('throws nothing that the secret store or a bug throws, but logs it as an error, without secrets', async () => {
    const secret = 'whsec_00112233445566778899aabbccddeeff';
    const { tell, logged } = world({ webhook: () => new TypeError(`no such secret: ${secret}`) });
    expect(await tell(toldAction())).toMatchObject({ told: 2, tellFailures: 1, notes: [] });
    expect(logged).toMatchObject([
      { level: 'error', fields: { way: 'webhook', why: expect.stringContaining('TypeError') } },
    ]);
    expect(JSON.stringify(logged)).not.toContain('00112233');
  });
});

describe('the laws of telling', () => {
  type Mood = 'ok' | 'passing' | 'final' | 'throws';
  const moods = fc.array(fc.constantFrom<Mood>('ok', 'ok', 'passing', 'final', 'throws'), { maxLength: 40 });

  it('hold whatever the receivers answer, and whenever the engine comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        moods,
        moods,
        fc.infiniteStream(fc.nat({ max: 2 * hourMs })),
        async (steps, webhookMoods, busMoods, waits) => {
          const next = (left: Mood[]) => left.shift() ?? 'ok';
          const left = { webhook: [...webhookMoods], bus: [...busMoods] };
          const { tell, clock, tried, taken } = world({
            webhook: () => {
              const mood = next(left.webhook);
              if (mood === 'throws') return new Error('secret store');
              return { ok, passing, final }[mood];
            },
            bus: () => (next(left.bus) === 'ok' ? undefined : new Error('bus')),
          });
          let action = actionOfSteps(steps);
          const notes: string[] = [];
          // Every round a way is tried at its next step or left alone, so this ends.
          for (let rounds = 0; action.told < action.trail.length; rounds++) {
            expect(rounds).toBeLessThan(400);
            const before = action;
            const result = await tell(action);
            action = afterTelling(action, result, clock.now());
            notes.push(...result.notes.map(({ note = '' }) => note));
            expect(action.told).toBeGreaterThanOrEqual(before.told);
            expect(action.told < action.trail.length).toBe(action.tellAt !== undefined);
            clock.advance(waits.next().value);
          }
          const wanted = ids(...Array.from({ length: steps }, (_, index) => index + 2));
          for (const way of ['webhook', 'bus'] as const) {
            // In the order of the steps, none left out, and no step again after it was taken or given up.
            expect([...new Set(tried[way])]).toStrictEqual(wanted);
            expect(tried[way]).toStrictEqual(tried[way].toSorted());
            expect(new Set(taken[way]).size).toBe(taken[way].length);
          }
          const given = (way: string) => notes.filter((note) => note.startsWith(`The ${way} `)).length;
          expect(taken.webhook.length + given('webhook')).toBe(steps);
          expect(taken.bus.length + given('event bus')).toBe(steps);
          expect(action.trail.filter(({ kind }) => kind === 'callback')).toHaveLength(notes.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
