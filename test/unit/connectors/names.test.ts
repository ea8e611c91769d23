import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changeConnector } from '../../../shared/connectors/change-connector.ts';
import type { StoredConnector } from '../../../shared/connectors/connector-registry.ts';
import { createConnector } from '../../../shared/connectors/create-connector.ts';
import { apiWorld, goodConnector } from '../../support/api-world.ts';

const { apiToken, ...settings } = goodConnector;
const input = { ...settings, functions: ['respond'] as const };

/** What somebody does about a name: a new connector of it, or another one takes it. */
const act = fc.record({
  name: fc.constantFrom('one', 'two', 'ONE'),
  // The number of a connector that is there already, or undefined for a new one.
  renamed: fc.option(fc.nat(2), { nil: undefined }),
});

it('no two connectors of a tenant ever have one name, however those meet who want it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(act, { minLength: 2, maxLength: 4 }),
      async (scheduler, acts) => {
        const { services } = apiWorld();
        const known: StoredConnector[] = [];
        for (const name of ['a', 'b', 'c']) {
          const outcome = await createConnector({ ...input, name }, apiToken, services);
          if (outcome.kind !== 'created') throw new Error(outcome.kind);
          known.push(outcome.stored);
        }
        const { registry } = services;
        const slow = {
          ...services,
          registry: {
            get: scheduler.scheduleFunction(registry.get.bind(registry)),
            create: scheduler.scheduleFunction(registry.create.bind(registry)),
            replace: scheduler.scheduleFunction(registry.replace.bind(registry)),
            page: scheduler.scheduleFunction(registry.page.bind(registry)),
            ownerOfName: scheduler.scheduleFunction(registry.ownerOfName.bind(registry)),
          },
        };
        const done = acts.map(({ name, renamed }) => {
          const seen = renamed === undefined ? undefined : known[renamed];
          return seen === undefined
            ? createConnector({ ...input, name }, apiToken, slow)
            : changeConnector(seen, { ...input, name }, undefined, slow);
        });
        await scheduler.waitFor(Promise.all(done));

        const outcomes = await Promise.all(done);
        const { connectors } = await registry.page({ tenant: input.tenant, limit: 100 });
        const names = connectors.map(({ connector }) => connector.name.toLowerCase());
        expect(names.toSorted()).toStrictEqual([...new Set(names)].sort());
        for (const outcome of outcomes) {
          if (outcome.kind !== 'created' && outcome.kind !== 'changed') continue;
          const { id, name } = outcome.stored.connector;
          // Another act may have given it another name since.
          const now = connectors.find(({ connector }) => connector.id === id)?.connector.name;
          expect(acts.map((one) => one.name)).toContain(now);
          if (now === name) expect(await registry.ownerOfName(input.tenant, name)).toBe(id);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
