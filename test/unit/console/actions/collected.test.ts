import { afterEach, describe, expect, it } from 'vitest';
import type { FaultProfile } from '../../../../local/console/server/faults/profiles.ts';
import { consoleWorld, hourMs } from '../../../support/console-world.ts';
import { walk } from '../support.ts';
import { act, hosts } from './support.ts';

const types = [
  'agents',
  'agents-snapshot',
  'threats',
  'threat-notes',
  'threat-events',
  'activities',
  'alerts',
  'alert-changes',
];

let world: Awaited<ReturnType<typeof consoleWorld>> | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

type World = NonNullable<typeof world>;

/** Something of every kind, to what the console lists now. */
async function doThings({ simulator }: World, turn: number): Promise<void> {
  const ids = (await hosts(simulator)).map(({ id }) => id).filter((_, index) => index % 5 === turn % 5);
  const away = ids.filter((_, index) => index % 4 === 0);
  simulator.setAgents(away, { online: turn % 2 === 1 });
  for (const verb of ['disconnect', 'initiate-scan', 'restart-machine', 'connect'])
    await act(simulator, `/agents/actions/${verb}`, { ids });
  const threats = (await walk(simulator, '/threats', { limit: '1000' }))
    .map(({ id }) => id)
    .filter((_, index) => index % 7 === turn % 7);
  simulator.setNextMitigation(threats.slice(0, 9), 'failed');
  await act(simulator, '/threats/mitigate/quarantine', { ids: threats });
  await act(simulator, '/threats/incident', { ids: threats }, { incidentStatus: 'in_progress' });
  await act(simulator, '/threats/notes', { ids: threats.slice(0, 12) }, { text: `Turn ${turn}.` });
  const alerts = (await walk(simulator, '/cloud-detection/alerts', { limit: '1000' }))
    .map((alert) => String(Reflect.get(Object(alert['alertInfo']), 'alertId')))
    .filter((_, index) => index % 3 === turn % 3);
  await act(
    simulator,
    '/cloud-detection/alerts/analyst-verdict',
    { ids: alerts },
    {
      analystVerdict: 'suspicious',
    },
  );
}

describe('what the engine collects while things are done is what the simulator calls the truth', () => {
  it.each<[string, readonly FaultProfile[]]>([
    ['at ease', []],
    ['while changes show late', ['late-records']],
  ])('%s', async (_, profiles) => {
    world = await consoleWorld({
      console: { threats: 300, agents: 120, profiles, deedTiming: { activityDelayMs: 45_000 } },
    });
    const { clock, simulator } = world;
    const start = clock.now();
    await world.connect(types, start - hourMs);
    for (let turn = 0; turn < 4; turn++) {
      await doThings(world, turn);
      await world.collect(types, start + (turn + 1) * (hourMs / 3));
    }
    for (const type of types) {
      const { lines, required, problems } = await world.compare(type);
      expect({ type, problems: problems.slice(0, 3) }).toStrictEqual({ type, problems: [] });
      expect([type, lines > 0 && required > 0]).toStrictEqual([type, true]);
    }
    expect(simulator.deeds.length).toBeGreaterThan(30);
    const told = JSON.stringify(world.recordsOf('activities'));
    for (const type of [61, 62, 71, 74, 90, 92, 1001, 1002, 2014, 2028, 4020])
      expect(told).toContain(`"activityType":${type},`);
  });
});
