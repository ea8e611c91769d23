import { describe, expect, it } from 'vitest';
import { ConnectorError, type ConnectorErrorDetails } from '../../../shared/errors.ts';
import { engineWorld, items } from '../../support/engine-world.ts';

const hourMs = 3_600_000;

function refusal(health: ConnectorErrorDetails['health'], httpStatus: number): ConnectorError {
  const words = { message: 'Refused.', recommendation: 'Grant it.' };
  return new ConnectorError({ code: 'refused', health, httpStatus, retryable: false, ...words });
}

describe.each([
  ['permission', 403],
  ['licence', 403],
  ['retired', 404],
] as const)('a data set that is refused for its %s', (health, httpStatus) => {
  it('is tried again hourly, and heals by itself when it is granted', async () => {
    const world = await engineWorld({ since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' });
    world.console.records = items(5, '2026-11-24T10:00:00Z', 1_000);
    let granted = false;
    world.console.before = () => {
      if (!granted) throw refusal(health, httpStatus);
      return undefined;
    };
    const tries: number[] = [];
    const begun = world.clock.now();
    while (world.clock.now() < begun + 5 * hourMs) {
      const outcome = await world.slice();
      if (outcome.kind !== 'failed') throw new Error(outcome.kind);
      tries.push(outcome.nextTryAt - world.clock.now());
      world.clock.time = outcome.nextTryAt;
    }
    // Confirmed twice within seconds, then left to the hours.
    expect(tries.slice(0, 2)).toStrictEqual([5_000, 10_000]);
    expect(tries.slice(3)).toStrictEqual(tries.slice(3).map(() => hourMs));
    expect(tries.length).toBeLessThanOrEqual(8);
    expect(world.stream().status).toMatchObject({
      health,
      httpStatus,
      message: 'Refused.',
      recommendation: 'Grant it.',
      since: begun,
    });

    granted = true;
    expect((await world.slice()).kind).toBe('done');
    expect(world.stream().status).toMatchObject({ health: 'ok', failures: 0 });
    expect(world.idsInLake()).toHaveLength(5);
  });
});

describe('a missing permission', () => {
  it('is named, because the console does not say which one it is', async () => {
    const world = await engineWorld({ since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' });
    world.console.before = () => {
      throw new ConnectorError({
        code: 'permission_missing',
        message: 'Refused.',
        health: 'permission',
        retryable: false,
        recommendation: 'Grant it.',
        httpStatus: 403,
        vendorCode: 4_030_010,
      });
    };
    expect(await world.slice()).toMatchObject({
      kind: 'failed',
      error: { code: 'permission_missing', httpStatus: 403, vendorCode: 4_030_010 },
    });
    expect(world.stream().status).toMatchObject({
      health: 'permission',
      recommendation: 'Grant it. For Items that is Items.view.',
    });
  });
});
