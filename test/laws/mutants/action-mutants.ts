import { actionLaw, type Mutant, tested } from './mutants.ts';

const advance = 'shared/actions/run/advance.ts';
const afterTelling = 'shared/actions/run/after-telling.ts';
const answer = 'shared/actions/run/answer.ts';
const archiveTrail = 'shared/actions/run/archive-trail.ts';
const createAction = 'shared/actions/run/create-action.ts';
const decideAction = 'shared/actions/run/decide-action.ts';
const expireTargets = 'shared/actions/run/expire-targets.ts';
const fitness = 'shared/actions/run/fitness.ts';
const heldAction = 'shared/actions/run/held-action.ts';
const judge = 'shared/actions/run/judge.ts';
const look = 'shared/actions/run/look.ts';
const networkStatus = 'shared/actions/kinds/network-status.ts';
const nextDue = 'shared/actions/run/next-due.ts';
const nextLook = 'shared/actions/run/next-look.ts';
const planTargets = 'shared/actions/run/plan-targets.ts';
const readActivities = 'shared/actions/run/read-activities.ts';
const sendRequested = 'shared/actions/run/send-requested.ts';
const restart = 'shared/actions/catalogue/restart.ts';
const undoAction = 'shared/actions/run/undo-action.ts';

const judgeTests = ['test/unit/actions/run/judge.test.ts'];
const contraryTests = ['test/unit/actions/run/contrary-commands.test.ts'];
const stepTests = ['test/unit/actions/run/advance.test.ts'];

/*
 * Left out because nothing can notice them, and why:
 * - "the owner of a lease is not asked for": a lease is longer than anybody lives who has one, so nobody is there to hear it.
 */
/** Faults in the engine of response actions. */
export const actionMutants: readonly Mutant[] = [
  actionLaw(
    'a command is written down after it was sent',
    sendRequested,
    '  const call = await announce(type, parameters, fit, held, work);\n  return (call === undefined ? undefined : await send(type, call, held, work)) ?? absent;',
    '  const { request } = type.call([...fit.values()], parameters as never);\n  await session.api.request(request, signal).catch(() => undefined);\n  await announce(type, parameters, fit, held, work);\n  return undefined;',
  ),
  tested(
    stepTests,
    'an action is worked on before its time, and beside others',
    advance,
    "  if (seen.lease !== undefined && seen.lease.until > now) return { kind: 'busy' };\n  if (seen.nextDueAt > now) return { kind: 'rested' };\n",
    '',
  ),
  actionLaw(
    'who has lost an action writes over what others have changed',
    heldAction,
    '      this.#action = stored;',
    '      this.#action = { ...this.#action, version: stored.version };',
  ),
  actionLaw(
    'a command is taken for lost at once',
    judge,
    'export const traceMs = 5 * minuteMs;',
    'export const traceMs = 0 * minuteMs;',
  ),
  actionLaw(
    'a command is taken for lost after two minutes',
    judge,
    'export const traceMs = 5 * minuteMs;',
    'export const traceMs = 2 * minuteMs;',
  ),
  tested(
    stepTests,
    'a console that does not tell its time is believed to have ours',
    sendRequested,
    'const clockMarginMs = 10_000;',
    'const clockMarginMs = 0;',
  ),
  actionLaw(
    'the time of a command is by our clock',
    sendRequested,
    'return answeredAt === undefined ? session.now() - clockMarginMs : answeredAt - consoleMarginMs;',
    'return answeredAt === undefined ? session.now() - clockMarginMs : session.now();',
  ),
  tested(
    stepTests,
    'what became of an earlier command is taken for what became of this one',
    sendRequested,
    'return answeredAt === undefined ? session.now() - clockMarginMs : answeredAt - consoleMarginMs;',
    'return answeredAt === undefined ? session.now() - clockMarginMs : answeredAt - clockMarginMs;',
  ),
  actionLaw(
    'a log that cannot be read has no trace',
    readActivities,
    'return { activities: [], isComplete: false };',
    'return { activities: [], isComplete: true };',
  ),
  actionLaw(
    'what must not be repeated is sent again',
    judge,
    '  if (!type.isRepeatable)\n',
    '  if (type === undefined)\n',
  ),
  actionLaw(
    'a call without an answer was not made',
    answer,
    "  return 'unanswered';\n}",
    "  return 'not_sent';\n}",
  ),
  actionLaw(
    'a timeout is a call that was not made',
    answer,
    "if (httpStatus === undefined || httpStatus === 408) return 'unanswered';",
    "if (httpStatus === undefined || httpStatus === 408) return 'not_sent';",
  ),
  actionLaw(
    'a server error is a refusal',
    answer,
    'httpStatus >= 300 && (httpStatus < 500 || httpStatus === 501)',
    'httpStatus >= 300 && httpStatus < 600',
  ),
  actionLaw(
    'tries that did not reach the console are counted',
    sendRequested,
    'return Math.max(0, (target?.attempts ?? 1) - 1);',
    'return target?.attempts ?? 1;',
  ),
  actionLaw(
    'a part of the count is taken for all',
    answer,
    '  if (affected >= subjects.length) {',
    '  if (affected > 0) {',
  ),
  actionLaw(
    'what was left out of a count is judged at once',
    judge,
    '  if (now - target.changedAt < traceMs) return {};',
    '  if (code !== countIncomplete.code && now - target.changedAt < traceMs) return {};',
  ),
  actionLaw(
    'what was told is noted and not told',
    afterTelling,
    'told: told === action.trail.length ? noted.trail.length : told,',
    'told: noted.trail.length,',
  ),
  actionLaw(
    'telling is never noted',
    afterTelling,
    'told: told === action.trail.length ? noted.trail.length : told,',
    'told: action.told,',
  ),
  actionLaw(
    'a step is not brought into the lake',
    archiveTrail,
    'action.trail.slice(action.archived)',
    'action.trail.slice(Math.max(1, action.archived))',
  ),
  actionLaw(
    'nothing expires',
    expireTargets,
    '  if (now < action.expiresAt) return action;',
    '  if (now > 0) return action;',
  ),
  actionLaw(
    'what expires while it is read is sent',
    sendRequested,
    'const action = expireTargets(latest, clock.now());',
    'const action = expireTargets(latest, 0);',
  ),
  actionLaw(
    'who has asked may approve',
    decideAction,
    "if (action.requestedBy.actor === by.actor) return 'own';",
    '',
  ),
  actionLaw(
    'what was sent can be cancelled',
    decideAction,
    "['requested', 'waiting_approval'], {",
    "['requested', 'waiting_approval', 'sent'], {",
  ),
  actionLaw(
    'what was cancelled meanwhile is sent',
    sendRequested,
    "const left = [...fit].filter(([index]) => action.targets[index]?.state === 'requested');",
    'const left = [...fit];',
  ),
  actionLaw(
    'nobody asks again before sending whether it may be done',
    sendRequested,
    '    if (change !== undefined) unfit.set(index, change);\n    else if (subject',
    '    if (change !== undefined && subject === undefined) unfit.set(index, change);\n    else if (subject',
  ),
  actionLaw(
    'the safelist is for nobody',
    fitness,
    '    safelistRefusal({ danger: type.danger, isRestoring }, subject.agent, rules.policy) ??\n',
    '    safelistRefusal({ danger: type.danger, isRestoring: isRestoring || true }, subject.agent, rules.policy) ??\n',
  ),
  actionLaw(
    'scope does not matter',
    fitness,
    'if (!isInScope(subject, rules.connector))',
    "if (subject.id === '' && !isInScope(subject, rules.connector))",
  ),
  actionLaw(
    'what was not done is undone',
    undoAction,
    "if (state !== 'done' || id === undefined) return [];",
    "if (state === 'failed' || id === undefined) return [];",
  ),
  actionLaw(
    'what was asked for is undone, and not what was performed',
    undoAction,
    'findActionType(performs)?.revert(',
    "findActionType(performs === '' ? '' : action.type)?.revert(",
  ),
  actionLaw(
    'isolations are not counted',
    createAction,
    '  if (isolated.length > 0) {',
    '  if (isolated.length > 1_000) {',
  ),
  actionLaw(
    'an approval that runs out is forgotten',
    nextDue,
    "    ...(has('waiting_approval') ? [Math.max(now, expiresAt)] : []),\n",
    '',
  ),
  actionLaw(
    'looks are forgotten',
    nextDue,
    'targets.some(({ state }) => isUnderWay(state)) ?',
    "targets.some(({ state }) => isUnderWay(state) && state !== 'pending_offline') ?",
  ),
  actionLaw(
    'what was not told is forgotten',
    nextDue,
    '    ...(told < trail.length ? [tellAt ?? now] : []),\n',
    '',
  ),
  actionLaw(
    'every step is a look',
    look,
    '  if ((held.action.lookAt ?? 0) > work.clock.now()) return;\n',
    '',
  ),
  actionLaw(
    'endpoints that have been offline for long are looked at every minute',
    nextLook,
    'const longOfflineWaitMs = 15 * minuteMs;',
    'const longOfflineWaitMs = minuteMs;',
  ),
  actionLaw(
    'looks do not get fewer',
    nextLook,
    'waitsMs[looks] ?? longestWaitMs',
    'waitsMs[Math.min(looks, 4)] ?? longestWaitMs',
  ),
  actionLaw(
    'endpoints that are offline are followed for ever',
    judge,
    'if (now >= action.followUntil)\n',
    'if (now >= action.followUntil + 1e12)\n',
  ),
  actionLaw(
    'commands that do not end are followed for ever',
    judge,
    '  const timeoutMs = type.timeoutMinutes * minuteMs;\n',
    '  const timeoutMs = type.timeoutMinutes * minuteMs + 1e12;\n',
  ),
  actionLaw(
    'an endpoint that is back is told to be offline',
    judge,
    "{ evidence: [{ source: 'agent', field: 'isActive', value: true }] }",
    '{}',
  ),
  actionLaw(
    'being accepted is being done',
    sendRequested,
    "state: isEnd ? 'done' : 'accepted', evidence",
    "state: isEnd || evidence.length > 0 ? 'done' : 'accepted', evidence",
  ),
  tested(
    judgeTests,
    'what somebody else has changed since is sent again',
    judge,
    'return target.before !== undefined && hashOf(type.before(subject)) !== hashOf(target.before);',
    'return target.before === undefined && hashOf(type.before(subject)) !== hashOf(target.before ?? {});',
  ),
  tested(
    stepTests,
    'a console that wants short pauses fills the trail',
    advance,
    'Math.max(leastWaitMs(held.action), Math.min(waitMs, longestTroubleMs))',
    'Math.max(leastWaitMs(held.action) / 1e6, Math.min(waitMs, longestTroubleMs))',
  ),
  tested(
    contraryTests,
    'an endpoint that is about to be cut off passes for released',
    networkStatus,
    'return isThere && !isContraryUnderWay(history, way) ?',
    'return isThere && (!isContraryUnderWay(history, way) || history.length > 0) ?',
  ),
  tested(
    contraryTests,
    'an endpoint that is offline is as its record says',
    networkStatus,
    "const isThere = isTrueAt(record, 'isActive') && ",
    'const isThere = ',
  ),
  tested(
    contraryTests,
    'a record that was not believed before a command is believed after it',
    networkStatus,
    "isTrueAt(record, 'isActive') && enumAt(before, 'networkStatus') !== wanted;",
    "isTrueAt(record, 'isActive') && enumAt(before, 'networkStatus') !== '';",
  ),
  tested(
    contraryTests,
    'the log is not asked before an action is planned',
    planTargets,
    'await withHistory(type, parameters, related, context)',
    'related',
  ),
  tested(
    contraryTests,
    'the log is not asked before a command is sent',
    sendRequested,
    'await withHistory(type, parameters, related, { api: session.api, signal })',
    'related',
  ),
  tested(
    contraryTests,
    'an endpoint that is offline lacks a permission',
    judge,
    'type.needsEndpoint ? offlineEvidence(subject) : undefined;\n  if (offline !== undefined) return { state',
    'undefined;\n  if (offline !== undefined) return { state',
  ),
  tested(
    ['test/unit/actions/run/fitness.test.ts'],
    'a connector that is kept to sites acts on their account',
    fitness,
    "if (reach !== 'account' || siteIds.length === 0) return undefined;",
    "if (reach !== 'account' || siteIds.length >= 0) return undefined;",
  ),
  tested(
    ['test/unit/actions/catalogue/restart.test.ts'],
    'a start of before the command is ours without a trace of it',
    restart,
    "const isByLateClock = told.kind !== 'nothing' && ",
    'const isByLateClock = ',
  ),
];
