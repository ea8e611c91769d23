import { findActionType } from '../../../../shared/actions/registry.ts';
import type { TargetKind } from '../../../../shared/actions/subject.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { textAt } from '../../../../shared/records/json-fields.ts';
import { type ActionView, actionOf, type Exchange, idOf, isOver } from '../api-client.ts';
import { bringForward } from '../bring-forward.ts';
import { eventually } from '../eventually.ts';
import type { ActionCase, Beginning, Impossible } from './action-case.ts';
import { deedsTo, type MatrixConnectors, type MatrixWorld } from './matrix-world.ts';
import type { Subject, SubjectWish } from './subjects.ts';

/** What was seen of an action in a situation. */
export interface Seen {
  readonly id: string;
  /** `POST /v1/actions: 202, Location, Retry-After 5, waiting_approval`, each call of its story. */
  readonly exchanges: readonly string[];
  readonly state: string;
  readonly target: {
    readonly performs: string;
    readonly state: string;
    /** `-` where there is none. */
    readonly reason: string;
    readonly evidence: readonly string[];
  };
  /** What the simulator has taken of it, by its own log. */
  readonly deeds: readonly string[];
  /** The statuses of the calls that the simulator was sent for it. */
  readonly calls: readonly number[];
  /** What the simulator shows at the end. */
  readonly shows: string;
}

/** A situation that every action can get into, if nothing speaks against it. */
export interface Situation {
  readonly name: string;
  /** How it begins; why it cannot. */
  begins(one: ActionCase): Beginning | Impossible;
  /** Of the subjects, besides what the case and its beginning want; never asked where there is no subject. */
  readonly os?: (one: ActionCase) => string | undefined;
  readonly connector: keyof MatrixConnectors;
  /** What takes long begins first. */
  readonly leastSeconds: number;
  /** Goes through it, from the request to its end. */
  story(told: Story): Promise<ActionView>;
  expected(one: ActionCase): Expected;
}

/** What has to be seen of an action in a situation; nothing is sent and done unless that is said. */
export interface Expected {
  readonly exchanges: readonly string[];
  /** The state of the target. */
  readonly end: 'done' | 'skipped' | 'failed' | 'expired';
  readonly reason?: string;
  /** Where it is another action than the one that was asked for. */
  readonly performs?: string;
  /** Of the deed. */
  readonly verb?: string;
  /** The statuses of the calls that the console is sent. */
  readonly calls?: readonly number[];
  /** True where evidence and simulator show the wanted state. */
  readonly isWanted: boolean;
}

/** A situation with everything that its story needs. */
export interface Story {
  readonly one: ActionCase;
  readonly subject: Subject;
  readonly world: MatrixWorld;
  /** Asks for the action. */
  ask(more?: object): Promise<ActionView>;
  /** Makes another call about the action. */
  call(who: 'soar' | 'approver', path: string): Promise<void>;
  until(what: string, isWanted: (action: ActionView) => boolean): Promise<ActionView>;
}

const nobody: Subject = { kind: 'agent', id: '1', record: {}, agentId: '1', agent: {} };
const windows = ['windows', 'windows_legacy'];
const asked = 'POST /v1/actions: ';
const over = (state: string) => `${asked}200, Location, ${state}`;
const underWay = (state = 'in_progress') => `${asked}202, Location, Retry-After 5, ${state}`;
const read = (state: string) => `GET /v1/actions/{id}: 200, ${state}`;
const usual: Situation['begins'] = ({ begins }) => begins;
const answerEnds = ({ action }: ActionCase) => action === 'broadcast-message';
const toTheEnd: Situation['story'] = async ({ ask, until }) => {
  const action = await ask();
  return isOver(action) ? action : await until('the end', isOver);
};

const refused = (reason: string): Expected => ({
  exchanges: [over('skipped'), read('skipped')],
  end: 'skipped',
  reason,
  isWanted: false,
});
const done = (one: ActionCase): Expected => ({
  exchanges: [answerEnds(one) ? over('done') : underWay(), read('done')],
  end: 'done',
  verb: one.verb,
  calls: [200],
  isWanted: true,
});

const waiting = 'waiting_approval';
const decision = (verb: string, answer: string) => `POST /v1/actions/{id}/${verb}: ${answer}`;

/** The columns of the matrix. */
export const situations: readonly Situation[] = [
  { name: 'online', begins: usual, connector: 'free', leastSeconds: 5, story: toTheEnd, expected: done },
  {
    name: 'offline, then online',
    begins: usual,
    connector: 'free',
    leastSeconds: 8,
    async story({ one, subject, world, ask, until }) {
      world.served.console.setAgents([subject.agentId], { online: false });
      const first = await ask();
      if (isOver(first)) return first;
      if (one.offlineToo !== undefined) return await until('the end', isOver);
      const id = first.id ?? '';
      await until('pending_offline', ({ targets }) =>
        targets.some(
          ({ state, evidence }) =>
            state === 'pending_offline' &&
            evidence.some(({ field, value }) => field === 'isActive' && value === false),
        ),
      );
      world.served.console.setAgents([subject.agentId], { online: true });
      const wanted = valueFor(one.shown, subject);
      const look = () => one.shows(subject, world.console);
      await eventually(`${one.action} is ${wanted}`, look, (shown) => shown === wanted);
      await bringForward(id, world.served.stack);
      return await until('the end', isOver);
    },
    expected: done,
  },
  {
    name: 'already so',
    begins: ({ already }) => already,
    connector: 'looking',
    leastSeconds: 0,
    story: toTheEnd,
    expected({ already }) {
      const other = 'refused' in already ? already.refused : undefined;
      if (other !== undefined) return refused(other);
      return {
        exchanges: [over('done'), read('done')],
        end: 'skipped',
        reason: 'already_so',
        isWanted: true,
      };
    },
  },
  {
    name: 'not permitted',
    begins: usual,
    connector: 'viewer',
    leastSeconds: 0,
    story: toTheEnd,
    expected: (one) =>
      one.viewer === 'allowed'
        ? done(one)
        : {
            exchanges: [over('failed'), read('failed')],
            end: 'failed',
            reason: 'not_permitted',
            calls: [403],
            isWanted: false,
          },
  },
  {
    name: 'out of scope',
    begins: usual,
    connector: 'elsewhere',
    leastSeconds: 0,
    story: toTheEnd,
    expected: () => refused('out_of_scope'),
  },
  {
    name: 'unknown id',
    begins: () => ({}),
    connector: 'looking',
    leastSeconds: 0,
    story: toTheEnd,
    expected: () => refused('not_found'),
  },
  {
    name: 'unsupported OS',
    begins: (one) => ('impossible' in one.unsupported ? one.unsupported : one.begins),
    os: ({ unsupported }) => ('os' in unsupported ? unsupported.os : undefined),
    connector: 'free',
    leastSeconds: 0,
    story: toTheEnd,
    expected(one) {
      const instead = 'instead' in one.unsupported ? one.unsupported.instead : undefined;
      if (instead === undefined) return refused('os_not_supported');
      const { action, verb } = instead;
      return { ...done(one), performs: action, verb, isWanted: false };
    },
  },
  {
    name: 'safelisted',
    begins: usual,
    connector: 'guarded',
    leastSeconds: 0,
    story: toTheEnd,
    expected: (one) => (one.safelist === 'protects' ? refused('safelisted') : done(one)),
  },
  {
    name: 'approved',
    begins: usual,
    connector: 'asking',
    leastSeconds: 5,
    async story({ ask, call, until }) {
      await ask();
      await call('soar', '/approve');
      await call('approver', '/approve');
      return await until('the end', isOver);
    },
    expected: (one) => ({
      ...done(one),
      exchanges: [
        underWay(waiting),
        decision('approve', '403, approval_by_requester'),
        decision('approve', `200, ${answerEnds(one) ? 'done' : 'in_progress'}`),
        read('done'),
      ],
    }),
  },
  {
    name: 'cancelled',
    begins: usual,
    connector: 'asking',
    leastSeconds: 0,
    async story({ ask, call, until }) {
      await ask();
      await call('approver', '/cancel');
      return await until('the end', isOver);
    },
    expected: () => ({
      exchanges: [underWay(waiting), decision('cancel', '200, skipped'), read('skipped')],
      end: 'skipped',
      reason: 'cancelled',
      isWanted: false,
    }),
  },
  {
    name: 'never approved',
    begins: usual,
    connector: 'asking',
    leastSeconds: 60,
    async story({ ask, until }) {
      await ask({ expiresInMinutes: 1 });
      return await until('the end', isOver);
    },
    expected: () => ({
      exchanges: [underWay(waiting), read('expired')],
      end: 'expired',
      reason: 'approval_expired',
      isWanted: false,
    }),
  },
];

/** A cell of the matrix, with its subject. */
export interface Cell {
  readonly one: ActionCase;
  readonly situation: Situation;
  readonly subject: Subject;
  /** What the simulator's log of deeds names. */
  readonly deedIds: readonly string[];
  /** What the simulator shows before. */
  readonly before: string;
}

/** Why there is no such cell; undefined where there is one. */
export function impossibility(one: ActionCase, situation: Situation): string | undefined {
  const beginning = situation.begins(one);
  return 'impossible' in beginning ? beginning.impossible : undefined;
}

function beginningOf({ one, situation }: Pick<Cell, 'one' | 'situation'>): Beginning {
  const beginning = situation.begins(one);
  return 'impossible' in beginning ? {} : beginning;
}

function kindOf({ action }: ActionCase): TargetKind {
  return findActionType(action)?.target ?? 'agent';
}

/** The cell with a subject of its own, which stays as it is from now on. */
export function cellOf(one: ActionCase, situation: Situation, world: MatrixWorld): Cell {
  if (situation.name === 'unknown id') {
    const subject = { ...nobody, kind: kindOf(one) };
    return { one, situation, subject, deedIds: [subject.id], before: '-' };
  }
  const own = situation.os?.(one);
  const suits: SubjectWish['suits'] = (record, agent) =>
    textAt(agent, 'siteId') !== world.otherSite &&
    (beginningOf({ one, situation }).suits?.(record, agent) ?? true);
  const subject = world.subjects.take(kindOf(one), { os: own === undefined ? windows : [own], suits });
  world.served.console.setAgents([subject.agentId], { online: true });
  return { one, situation, subject, deedIds: [subject.id], before: '-' };
}

/** The cells when all of them are in the state that their situations begin with. */
export async function prepared(cells: readonly Cell[], world: MatrixWorld): Promise<readonly Cell[]> {
  const groups = new Map<NonNullable<Beginning['prepare']>, string[]>();
  for (const cell of cells) {
    const { prepare: doing } = beginningOf(cell);
    if (doing === undefined || cell.subject.id === nobody.id) continue;
    groups.set(doing, [...(groups.get(doing) ?? []), cell.subject.id]);
  }
  for (const [doing, ids] of groups) await doing(ids, world.console);
  for (const cell of cells) {
    const { shows } = beginningOf(cell);
    if (shows === undefined) continue;
    const what = `${cell.one.action}, ${cell.situation.name}: ${shows}`;
    await eventually(
      what,
      () => cell.one.shows(cell.subject, world.console),
      (shown) => shown === shows,
    );
  }
  return await Promise.all(
    cells.map(async (cell) => {
      const { one, subject, deedIds } = cell;
      if (subject.id === nobody.id) return cell;
      const ids = await one.deedIds?.(subject, world.console);
      return { ...cell, deedIds: ids ?? deedIds, before: await one.shows(subject, world.console) };
    }),
  );
}

/** Goes through a cell's story. */
export async function play({ one, situation, subject, deedIds }: Cell, world: MatrixWorld): Promise<Seen> {
  const exchanges: Exchange[] = [];
  const { soar, takeTurn, reader, watch, connectors } = world;
  const kind = kindOf(one);
  const isNobody = subject.id === nobody.id;
  let id = '';
  const note = (exchange: Exchange): Exchange => {
    exchanges.push(exchange);
    return exchange;
  };
  const { already } = one;
  const parameters =
    situation.name === 'already so' && 'parameters' in already && already.parameters !== undefined
      ? already.parameters
      : one.parameters;
  const final = await situation.story({
    one,
    subject,
    world,
    async ask(more = {}) {
      const body = {
        connector: connectors[situation.connector],
        action: one.action,
        targets: [{ [`${kind}Id`]: subject.id }],
        parameters: isNobody ? parametersOfNobody(one) : (parameters?.(subject) ?? {}),
        reason: `${one.action}, ${situation.name}`,
        ...more,
      };
      const answer = note(await takeTurn(() => soar.act(body)));
      if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      id = idOf(answer);
      return actionOf(answer.body);
    },
    call: async (who, path) => void note(await world[who].call('POST', `/v1/actions/${id}${path}`)),
    until: (what, isWanted) => watch.until(id, `${one.action}, ${situation.name}: ${what}`, isWanted),
  });
  const last = note(await reader.call('GET', `/v1/actions/${final.id}`));
  const action = actionOf(last.body);
  const [target, another] = action.targets;
  if (target === undefined || another !== undefined) throw new Error('There must be one target.');
  const sent = world.served.console.actionRequests.filter(
    (request) => request.token !== 'extra' && idsIn(request).some((id) => deedIds.includes(id)),
  );
  return {
    id,
    exchanges: exchanges.map((exchange) => told(exchange, id)),
    state: action.state,
    target: {
      performs: target.performs,
      state: target.state,
      reason: target.reason?.code ?? '-',
      evidence: target.evidence.map(({ source, field, value }) => plain(`${source} ${field} ${value}`)),
    },
    deeds: deedsTo(deedIds, world),
    calls: sent.map(({ status }) => status),
    shows: isNobody ? '-' : await one.shows(subject, world.console),
  };
}

/** Of an action without a subject that its parameters could depend on. */
function parametersOfNobody({ action }: ActionCase): JsonObject {
  return findActionType(action)?.example ?? {};
}

function idsIn({ filter, data }: { readonly filter: unknown; readonly data: unknown }): readonly string[] {
  return [Object(filter).ids ?? [], Object(data).ids ?? []].flat().map(String);
}

function told({ call, status, location, retryAfter, body }: Exchange, id: string): string {
  const { code, state } = Object(body);
  return `${call}: ${[
    String(status),
    ...(location === null ? [] : [location === `/v1/actions/${id}` ? 'Location' : `Location ${location}`]),
    ...(retryAfter === null ? [] : [`Retry-After ${retryAfter}`]),
    String(code ?? state),
  ].join(', ')}`;
}

/** In lower snake case but for the spaces between the three words. */
export function plain(evidence: string): string {
  const [source = '', field = '', ...value] = evidence.split(' ');
  return `${source} ${field} ${value.join('_').toLowerCase()}`;
}

/** What a case says for a subject. */
export function valueFor(value: string | ((subject: Subject) => string), subject: Subject): string {
  return typeof value === 'string' ? value : value(subject);
}
