import { expect, it } from 'vitest';
import { ids } from './action-console.ts';
import { actionWorld, outcomes } from './action-support.ts';

async function waiting() {
  const world = await actionWorld();
  await world.policy({ approvals: [{ name: 'Four eyes' }] });
  const { json } = await world.act();
  const others = [await world.key(['respond'], ['northwind']), await world.key(['respond'], 'all')] as const;
  return { ...world, others, path: `/v1/actions/${json['id']}` };
}

it('two who approve at once send one command', async () => {
  const { as, path, others, console } = await waiting();
  const answers = await Promise.all(others.map((key) => as('POST', `${path}/approve`, { key })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  await as('GET', `${path}?wait=20`);
  expect(console.deeds).toHaveLength(1);
});

it.each(['approve', 'cancel'])(
  'of an approval and a cancellation at once one counts, for the console too; %s is first',
  async (first) => {
    const { as, path, others, console } = await waiting();
    const approve = () => as('POST', `${path}/approve`, { key: others[0] });
    const cancel = () => as('POST', `${path}/cancel`, { key: others[1] });
    await Promise.all(first === 'approve' ? [approve(), cancel()] : [cancel(), approve()]);
    const end = await as('GET', `${path}?wait=20`);
    expect([outcomes(end), console.deeds.length]).toEqual(
      console.deeds.length === 1 ? [['done'], 1] : [['skipped cancelled'], 0],
    );
  },
);

it('several who wait for one action make one command, and all hear its end', async () => {
  const { act, as, console } = await actionWorld();
  const made = await act();
  const path = `/v1/actions/${made.json['id']}?wait=20`;
  const answers = await Promise.all([as('GET', path), as('GET', path), as('GET', path)]);
  expect(answers.map(({ json }) => json['state'])).toEqual(['done', 'done', 'done']);
  expect(console.deeds).toHaveLength(1);
});

it('an endpoint that is named in every way there is gets one command', async () => {
  const { act, console } = await actionWorld();
  const { json } = await act({
    targets: [
      { agentId: ids.online },
      { uuid: 'uuid-1001' },
      { hostName: 'laptop-1' },
      { threatId: '2001' },
      { record: { agentRealtimeInfo: { agentId: ids.online } } },
      { agentId: ids.online },
    ],
  });
  expect(json['targets']).toHaveLength(1);
  expect(console.deeds.map((deed) => deed.ids)).toEqual([[ids.online]]);
});

it.each([
  ['long host names', (i: number) => ({ hostName: `${i}${'ß'.repeat(250)}` })],
  ['host names of commas', (i: number) => ({ hostName: `${','.repeat(250)}${i}` })],
  ['agents that are none', (i: number) => ({ agentId: `${10n ** 23n + BigInt(i)}` })],
  ['records', (i: number) => ({ record: { id: `${i}`, text: 'x'.repeat(2_000) } })],
  ['records without anything', () => ({ record: {} })],
])('a hundred %s are answered one by one, and nothing is sent', async (_, target) => {
  const { act, console, logged } = await actionWorld();
  const answer = await act({ targets: Array.from({ length: 100 }, (_, i) => target(i)) });
  expect([answer.status, answer.json['state']]).toEqual([200, 'skipped']);
  expect(answer.json['targets']).toHaveLength(100);
  expect([console.deeds, logged]).toEqual([[], []]);
  expect(JSON.stringify(answer.body).length).toBeLessThan(1024 * 1024);
});
