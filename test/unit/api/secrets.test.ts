import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { dispatch } from '../../../shared/api/dispatch.ts';
import { routes } from '../../../shared/api/registry.ts';
import { apiWorld } from '../../support/api-world.ts';
import { actionConsole } from './action-console.ts';
import { responding } from './action-support.ts';
import { arbitraryCall } from './arbitrary-calls.ts';

/** Of an API key `sl_<id>_<secret>`; the secret may hold further dashes below. */
const secretOf = (key: string) => key.split('_').slice(2).join('_');

it('no token and no key is in any answer, log line, row, audit record or message, whatever is called', async () => {
  const call = arbitraryCall(routes, 1);
  let secretsMade = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 40, maxLength: 120 }),
      fc.infiniteStream(fc.nat(9)),
      async (calls, luck) => {
        const world = apiWorld({}, actionConsole());
        const key = await world.key();
        const secrets = [key, secretOf(key)];
        const told: string[] = [];
        const token = () => {
          const made = `eyJ-nobody-may-see-${secrets.length}-${'x'.repeat(20)}`;
          secrets.push(made);
          return made;
        };
        // Now and then something is away, so that failures are told and logged too.
        const unlucky =
          <Args extends readonly unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
          async (...args: Args): Promise<Result> => {
            if (luck.next().value === 0) throw new Error('It is away.');
            return await method(...args);
          };
        const { secrets: store, queue, registry } = world;
        vi.spyOn(store, 'put').mockImplementation(unlucky(store.put.bind(store)));
        vi.spyOn(queue, 'send').mockImplementation(unlucky(queue.send.bind(queue)));
        vi.spyOn(registry, 'replace').mockImplementation(unlucky(registry.replace.bind(registry)));
        const first = { ...responding, apiToken: token() };
        const created = await world.call('POST', '/v1/connectors', { key, body: first });
        told.push(JSON.stringify(created));

        for (const { request } of calls) {
          world.clock.advance(1_000);
          const body = request.body?.replace(/"apiToken":"[^"]*"/, () => `"apiToken":"${token()}"`);
          const answer = await dispatch(
            {
              ...request,
              body,
              headers: { ...request.headers, 'x-api-key': [key] },
              requestId: `r-${told.length}`,
              sourceIp: '',
            },
            world.dependencies,
          );
          if (request.path === '/v1/keys' && answer.status === 201) {
            const { key: made, apiKey } = JSON.parse(answer.body ?? '');
            secrets.push(made, secretOf(made));
            told.push(JSON.stringify(apiKey));
          } else if (request.path.endsWith('/webhook-secret') && answer.status === 201) {
            secrets.push(JSON.parse(answer.body ?? '').secret);
          } else told.push(JSON.stringify(answer));
        }

        const everything = [
          ...told,
          ...world.logged,
          JSON.stringify([...world.registry.stored, ...world.registry.names]),
          JSON.stringify([...world.streams.rows]),
          JSON.stringify([...world.keys.rows]),
          JSON.stringify([...world.policies.stored]),
          JSON.stringify(world.audit.records),
          JSON.stringify(world.queue.sent),
          JSON.stringify([...world.actions.stored, world.actionQueue.sent]),
          JSON.stringify(await world.tests.last({ tenant: 'northwind', id: 'emea-servers' })),
        ].join('\n');
        for (const secret of secrets) expect(everything.includes(secret), secret).toBe(false);
        secretsMade += secrets.length;
      },
    ),
    { numRuns: 45 },
  );
  // The walk has been one: many tokens have come in.
  expect(secretsMade).toBeGreaterThan(200);
});
