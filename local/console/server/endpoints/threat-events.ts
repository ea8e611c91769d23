import type { JsonObject } from '../../../../shared/json.ts';
import type { Story } from '../../world/threat-events.ts';
import { answerPage, type PageSource } from '../answer-page.ts';
import type { Position } from '../cursor.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { readPage } from '../list-endpoint.ts';
import { parseList, refuseUnknown } from '../query.ts';
import { eventSubTypes, eventTypes, subTypeOf } from '../threat-event-types.ts';
import { threatOf } from '../threat-of.ts';
import { invalidParameter } from '../vendor-error.ts';

const mostSkipped = 1_000_000;
const controls = ['limit', 'skip', 'cursor', 'countOnly', 'skipCount', 'sortBy', 'sortOrder'];
const filterNames = ['eventTypes', 'eventSubTypes', 'eventId', 'processName__like'];
const known = new Set([...controls, ...filterNames]);

/** Undefined for the order of the ids, in which the events are already. */
type SortKey = ((record: JsonObject) => string | number) | undefined;
type Test = (record: JsonObject) => boolean;

const text = (name: string) => (record: JsonObject) => String(record[name] ?? '');
const number = (name: string) => (record: JsonObject) => Number(record[name] ?? 0);
const sortKeys: Readonly<Record<string, { readonly key: SortKey }>> = {
  id: { key: undefined },
  createdAt: { key: text('createdAt') },
  eventType: { key: text('eventType') },
  fileSize: { key: number('fileSize') },
  pid: { key: number('pid') },
  processName: { key: text('processName') },
  registryClassification: { key: text('registryClassification') },
  registryId: { key: text('registryId') },
  registryPath: { key: text('registryPath') },
};

/** The events of one threat's story, which grows; there is no filter by time. */
export const threatEvents: Endpoint = {
  method: 'GET',
  path: '/threats/{threatId}/explore/events',
  authentication: 'token',
  permission: 'Threats.view',
  answer(call) {
    refuseUnknown(call.query, known);
    const { world, nowMs, quirks } = call;
    const page = readPage(call.query, sortKeys, mostSkipped);
    const tests = readFilters(call);
    const threat = threatOf(call, world.threatEvents.goneUs);
    const story = world.threatEvents.story(world.shown(world.threats, nowMs).rowOf(threat));
    const found = { story, tests, key: page.sort.key, descending: page.descending };
    const source: PageSource = {
      binding: {
        seed: world.options.seed,
        path: `/threats/${world.threats.id(threat)}/explore/events`,
        sortBy: page.sortBy,
        sortOrder: page.descending ? 'desc' : 'asc',
        filters: [...call.query].filter(([name]) => filterNames.includes(name)),
      },
      total: () => (tests.length === 0 ? story.count : [...matching(found)].length),
      behind: (position) => inOrder(found, position, world.threatEvents.find),
      positionOf: (event) => ({
        key: found.key?.(story.record(event)) ?? 0,
        id: world.threatEvents.id(event),
      }),
      isKnown: (id) => world.threatEvents.find(id) >= 0,
      body: story.record,
    };
    return answerPage(source, page, quirks);
  },
};

interface Found {
  readonly story: Story;
  readonly tests: readonly Test[];
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The events that are asked for, by their ids. */
function* matching({ story, tests }: Found): Generator<number> {
  for (let place = 0; place < story.count; place++) {
    const event = story.event(place);
    if (tests.length === 0) yield event;
    else {
      const record = story.record(event);
      if (tests.every((test) => test(record))) yield event;
    }
  }
}

/** Equal ones are in the order of their ids, in both directions. */
function* inOrder(found: Found, behind: Position | null, find: (id: string) => number): Generator<number> {
  const { story, key: keyOf, descending } = found;
  const direction = descending ? -1 : 1;
  const events = [...matching(found)].map((event) => ({
    key: keyOf?.(story.record(event)) ?? 0,
    event,
  }));
  if (keyOf !== undefined || descending) events.sort((a, b) => direction * compare(a, b));
  const border = behind === null ? undefined : { key: behind.key, event: find(behind.id) };
  for (const place of events) {
    if (border === undefined || direction * compare(place, border) > 0) yield place.event;
  }
}

interface Place {
  readonly key: string | number;
  readonly event: number;
}

function compare(a: Place, b: Place): number {
  if (a.key === b.key) return a.event - b.event;
  return a.key < b.key ? -1 : 1;
}

/** Throws 400. */
function readFilters({ query }: Call): readonly Test[] {
  const tests: Test[] = [];
  const types = oneOf(query.get('eventTypes'), 'eventTypes', eventTypes);
  if (types !== undefined && !types.includes('events'))
    tests.push(({ objectType }) => types.some((type) => type === objectType));
  const subTypes = oneOf(query.get('eventSubTypes'), 'eventSubTypes', eventSubTypes);
  if (subTypes !== undefined)
    tests.push(({ eventType }) => subTypes.some((type) => type === subTypeOf(String(eventType))));
  const processKey = query.get('eventId');
  if (processKey !== undefined)
    tests.push(
      (record) =>
        record['processUniqueKey'] === processKey || record['parentProcessUniqueKey'] === processKey,
    );
  const name = query.get('processName__like')?.toLowerCase();
  if (name !== undefined)
    tests.push(({ processName }) =>
      String(processName ?? '')
        .toLowerCase()
        .includes(name),
    );
  return tests;
}

function oneOf<T extends string>(
  given: string | undefined,
  name: string,
  allowed: readonly T[],
): readonly T[] | undefined {
  if (given === undefined) return undefined;
  return parseList(name, given, allowed.length).map((value) => {
    const found = allowed.find((type) => type === value);
    if (found === undefined) throw invalidParameter(name, `Must be one of: ${allowed.join(', ')}.`);
    return found;
  });
}
