import type { Draws } from '../../../local/console/world/random.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { type Records, text } from './census.ts';
import type { Clones } from './clones.ts';
import { lakeRecord, mangled } from './lake-records.ts';
import type { AskedConnector } from './meaning.ts';

/** What targets are made of. */
export interface Things {
  readonly random: Draws;
  readonly records: Records;
  readonly clones: Clones;
  readonly connector: AskedConnector;
}

type Kind = 'agent' | 'threat' | 'alert';

/** Targets as somebody might name them who has read the documentation, with what they get wrong. */
export function seededTargets(things: Things, kind: Kind): readonly Json[] {
  const { random } = things;
  const isCareful = random.chance(0.92);
  const targets: Json[] = [];
  for (let left = howMany(random); left > 0; left--) {
    const repeated = targets.length > 0 && random.chance(0.1) ? random.pick(targets) : undefined;
    targets.push(repeated ?? target(things, kind));
    if (random.chance(0.08)) targets.push(...sameByAnotherName(things, kind));
  }
  if (!isCareful) targets.push(random.pick([() => oddTarget(things), () => refusedTarget(random)])());
  return random.chance(0.01) ? [] : targets;
}

function howMany(random: Draws): number {
  const share = random.next();
  if (share < 0.55) return 1;
  if (share < 0.9) return 2 + random.below(3);
  if (share < 0.98) return 5 + random.below(10);
  return 15 + random.below(88);
}

function target(things: Things, kind: Kind): Json {
  const { random } = things;
  const ways: Readonly<Record<Kind, readonly (() => Json)[]>> = {
    agent: [
      ...[() => agentId(things), () => agentId(things), () => uuid(things), () => hostName(things)],
      ...[() => hostName(things), () => threatId(things), () => alertId(things), () => record(things)],
    ],
    threat: [() => threatId(things), () => threatId(things), () => record(things, 'threats')],
    alert: [() => alertId(things), () => alertId(things), () => record(things, 'alerts')],
  };
  return random.pick(ways[kind])();
}

/** One and the same twice or more, each time in another way. */
function sameByAnotherName({ random, records, clones, connector }: Things, kind: Kind): readonly Json[] {
  const vendor = random.pick(records[`${kind}s`]);
  const record = lakeRecord(random, `${kind}s`, vendor, connector);
  const agent = clones.shown(vendor);
  const names: Readonly<Record<Kind, readonly JsonObject[]>> = {
    agent: [
      ...[{ agentId: text(agent, 'id') }, { hostName: text(agent, 'computerName') }],
      ...[{ uuid: text(agent, 'uuid') }, { record }],
    ],
    threat: [{ threatId: text(vendor, 'id') }, { record }],
    alert: [{ alertId: text(vendor, 'alertInfo', 'alertId') }, { record }],
  };
  return names[kind].filter(() => random.chance(0.7));
}

function agentId({ random, records }: Things): Json {
  return { agentId: varied(random, text(random.pick(records.agents), 'id')) };
}

function threatId({ random, records }: Things): Json {
  return { threatId: varied(random, text(random.pick(records.threats), 'id')) };
}

function alertId({ random, records }: Things): Json {
  return { alertId: varied(random, text(random.pick(records.alerts), 'alertInfo', 'alertId')) };
}

/** Mostly the id as it is; else another text of digits, which is nobody's or, read as a number, somebody else's. */
function varied(random: Draws, id: string): string {
  if (random.chance(0.85)) return id;
  return random.pick([
    `0${id}`,
    id.slice(0, -1),
    `${id}0`,
    id.slice(1),
    '0',
    '1',
    '9'.repeat(24),
    '9'.repeat(18),
  ]);
}

function uuid({ random, records, clones }: Things): Json {
  const whole = text(clones.shown(random.pick(records.agents)), 'uuid');
  const part = whole.slice(0, 1 + random.below(whole.length));
  return {
    uuid: random.pick([
      whole,
      whole,
      whole,
      whole,
      whole.toUpperCase(),
      part,
      whole.replaceAll('-', ''),
      '-',
      '0',
    ]),
  };
}

function hostName({ random, records, clones }: Things): Json {
  const name = text(clones.shown(random.pick(records.agents)), 'computerName');
  const other = text(random.pick(records.agents), 'computerName');
  const cut = 1 + random.below(name.length);
  if (random.chance(0.65)) return { hostName: name };
  return {
    hostName: random.pick([
      ...[name.toLowerCase(), name.toUpperCase(), name.slice(0, cut), name.slice(-cut), name.slice(0, -1)],
      ...[
        `${name.slice(0, -1)}*`,
        `${name.slice(0, -1)}%`,
        `${name.slice(0, -1)}_`,
        '*',
        '%',
        ',',
        '-',
        '.*',
      ],
      ...[`${name},${other}`, `${name},`, `,${name}`, `${name};${other}`, `${name} ${other}`, `${name}0`],
      ...[
        `${name}.corp.example`,
        `"${name}"`,
        name.replaceAll('S', 'ſ').replaceAll('K', 'K'),
        `${name}\u0301`,
      ],
      ...['null', 'undefined', '[]', 'true', 'localhost', '"', '{"ids":[]}', other.slice(0, 3)],
    ]),
  };
}

function record(things: Things, kind?: keyof Records): Json {
  const { random, records, connector } = things;
  const one = kind ?? random.pick(['agents', 'agents', 'threats', 'alerts']);
  const owner: AskedConnector = random.chance(0.93)
    ? connector
    : random.pick([
        { ...connector, tenant: 'contoso' },
        { ...connector, id: 'another' },
      ]);
  let made = lakeRecord(random, one, random.pick(records[one]), owner);
  if (random.chance(0.25)) made = cutDown(random, made);
  while (random.chance(0.3)) made = mangled(random, made, records);
  return { record: made };
}

/** What a playbook keeps of a record: a few of its fields. */
function cutDown(random: Draws, whole: JsonObject): JsonObject {
  const kept = ['id', 'msg_class', 'msg_origin', 'tenantid', 'connector', 'agentRealtimeInfo', 'threatInfo'];
  const names = [...kept, 'alertInfo', 'record_uid'].filter(
    (name) => whole[name] !== undefined && random.chance(0.9),
  );
  return Object.fromEntries(names.map((name) => [name, whole[name]]));
}

/** Well formed, and not of the kind that the action is for, or nobody's. */
function oddTarget(things: Things): Json {
  const { random, records } = things;
  return random.pick<() => Json>([
    () => target(things, random.pick(['agent', 'threat', 'alert'])),
    () => ({ agentId: text(random.pick(records.threats), 'id') }),
    () => ({ threatId: text(random.pick(records.agents), 'id') }),
    () => ({ alertId: text(random.pick(records.agents), 'id') }),
    () => ({ record: {} }),
    () => ({ record: { ids: [], filter: {} } }),
    () => ({ record: random.pick(records.agents) }),
  ])();
}

/** What no schema should let through. */
function refusedTarget(random: Draws): Json {
  return random.pick<Json>([
    ...[{}, [], null, '*', '', 1, true, { ids: [] }, { filter: {} }, { all: true }, { agentIds: ['1'] }],
    ...[{ agentId: '' }, { agentId: '*' }, { agentId: '1,2' }, { agentId: ' 1' }, { agentId: '٣' }],
    ...[{ agentId: null }, { agentId: [] }, { agentId: {} }, { agentId: 1 }, { agentId: true }],
    ...[{ agentId: '1', hostName: 'A' }, { hostName: '' }, { hostName: ' A' }, { hostName: 'A\nB' }],
    ...[{ hostName: null }, { hostName: ['A'] }, { uuid: '' }, { uuid: '*' }, { uuid: ',' }],
    ...[
      { threatId: '' },
      { threatId: 'all' },
      { alertId: {} },
      { record: [] },
      { record: null },
      { record: '' },
    ],
    ...[{ siteId: '1' }, { groupId: '1' }, { filterId: '1' }, { query: '' }],
  ]);
}
