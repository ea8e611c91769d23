import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispatch } from '../../../shared/api/dispatch.ts';
import { routes } from '../../../shared/api/registry.ts';
import { apiWorld } from '../../support/api-world.ts';
import { actionConsole } from './action-console.ts';
import { responding } from './action-support.ts';
import { expectAllowed } from './allowed-answer.ts';
import { type ArbitraryCall, arbitraryCall } from './arbitrary-calls.ts';

/** A world with two connectors, a job, and two actions: one is done, and one waits for an approval. Keys from all rights to none. */
async function startWorld() {
  const world = apiWorld({}, actionConsole());
  const keys = [
    await world.key(),
    await world.key(['admin'], ['northwind', 'fabrikam']),
    await world.key(['test'], ['northwind']),
    undefined,
  ];
  for (const tenant of ['northwind', 'contoso'])
    await world.call('POST', '/v1/connectors', { key: keys[0], body: { ...responding, tenant } });
  const body = { contentTypes: ['threats'], from: '2026-11-01T00:00:00Z' };
  const job = await world.call('POST', '/v1/connectors/northwind.emea-servers/backfill', {
    key: keys[0],
    body,
  });
  expect(job.json['id']).toBe('northwind.emea-servers.j1');
  const done = await world.call('POST', '/v1/actions?wait=20', { key: keys[0], body: isolation });
  expect(done.json['state']).toBe('done');
  const [action] = world.actions.stored.values();
  const [target] = action?.targets ?? [];
  if (action === undefined || target === undefined) throw new Error('There is no action.');
  await world.actions.create({ ...action, id: '0123456789abcdef0123456789abcdef' });
  await world.actions.create({
    ...action,
    id: 'fedcba9876543210fedcba9876543210',
    requestedBy: { actor: 'key:another', actorName: 'another' },
    approval: { why: 'Four eyes' },
    targets: [{ ...target, state: 'waiting_approval' }],
    nextDueAt: action.expiresAt,
  });
  let calls = 0;
  const make = ({ request, key }: ArbitraryCall) => {
    const apiKey = keys[key];
    return dispatch(
      {
        ...request,
        headers: { ...request.headers, ...(apiKey === undefined ? {} : { 'x-api-key': [apiKey] }) },
        requestId: `fuzz-${++calls}`,
        sourceIp: '192.0.2.7',
      },
      world.dependencies,
    );
  };
  return { world, make };
}

const isolation = {
  ...{ connector: 'northwind.emea-servers', action: 'contain', ticket: 'INC-0' },
  targets: [{ agentId: '1001' }],
};

describe.each(routes.map((route) => [route.id, route] as const))('%s', (_, route) => {
  it('answers whatever it is sent as its documentation says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryCall([route], 4), { minLength: 1, maxLength: 4 }), async (calls) => {
        const { world, make } = await startWorld();
        for (const call of calls) expectAllowed(call.request, await make(call));
        expect(world.logged).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

it('answers whatever is done in whatever order as the documentation says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryCall(routes, 4), { minLength: 5, maxLength: 25 }), async (calls) => {
      const { world, make } = await startWorld();
      for (const call of calls) {
        world.clock.advance(1_000);
        const answer = await make(call);
        expect(answer.status).toBeLessThan(500);
        expectAllowed(call.request, answer);
      }
      expect(world.logged).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

it('reaches what it is about: successes of every operation', async () => {
  const reached = new Set<string>();
  const runs = fc.array(arbitraryCall(routes, 1), { minLength: 12, maxLength: 12 });
  for (const calls of fc.sample(runs, { numRuns: 350, seed: 7 })) {
    const { make } = await startWorld();
    for (const call of calls) {
      const answer = await make(call);
      const operation = expectAllowed(call.request, answer);
      if (answer.status < 300) reached.add(operation);
    }
  }
  // What needs the id of a key, which nobody can guess, is for the test of that route.
  const unreached = routes.map(({ id }) => id).filter((id) => !reached.has(id));
  expect(unreached).toEqual(['revokeKey']);
});
