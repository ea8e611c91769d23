import { law, type Mutant, tested } from './mutants.ts';

const readings = 'shared/engine/readings';
const startedQuery = `${readings}/started-query.ts`;
const queryRows = `${readings}/query-rows.ts`;
const halving = `${readings}/halving.ts`;
const dataLakeQuery = `${readings}/data-lake-query.ts`;
const graphql = `${readings}/graphql-connection.ts`;
const alternatives = `${readings}/alternatives.ts`;
const slice = 'shared/engine/slice.ts';
const walk = 'shared/engine/walk.ts';
const readWindow = 'shared/engine/read-window.ts';

const tests = (name: string) => [`test/unit/engine/readings/${name}.test.ts`];
const startedTests = tests('started-query');
const spanTests = tests('started-query-spans');
const engineTests = tests('started-query-engine');
const lakeTests = tests('data-lake-query');
const graphqlTests = tests('graphql-connection');
const switchTests = tests('source-switch');
const waitingTests = ['test/unit/engine/waiting.test.ts'];
const pacingTests = ['test/laws/shared-pacing.test.ts'];

/** Faults in the kinds of reading that ask by queries. */
export const queryMutants: readonly Mutant[] = [
  tested(
    startedTests,
    'started query: its id is not in the place that is stored',
    startedQuery,
    'const query = { ...rest, queryId, startedAt: request.now() };',
    'const query = { ...rest, startedAt: request.now() };',
  ),
  tested(
    waitingTests,
    'what was read is not kept before a query is started',
    readWindow,
    'page.keepFirst === true || (',
    'page.keepFirst === undefined && (',
  ),
  tested(
    engineTests,
    'a query is started by a page that is read ahead',
    walk,
    ' && page.keepFirst !== true;',
    ';',
  ),
  tested(
    spanTests,
    'started query: the row cap is ignored',
    startedQuery,
    'const isCapped = Math.max(total, rows) >= rowCap;',
    'const isCapped = Math.max(total, rows) > 2 * rowCap;',
  ),
  tested(
    spanTests,
    'started query: the row cap is believed of the total alone',
    startedQuery,
    'const isCapped = Math.max(total, rows) >= rowCap;',
    'const isCapped = total >= rowCap;',
  ),
  tested(
    spanTests,
    'started query: a full second is asked for for ever, or silently',
    startedQuery,
    '      ...(isCapped ? { incomplete: tooManyRows(resultsPath, span, rowCap) } : {}),\n',
    '',
  ),
  tested(
    spanTests,
    'a span is halved down to nothing',
    halving,
    '  if (to - from <= shortestMs) return undefined;\n',
    '  if (to - from <= 1) return undefined;\n',
  ),
  tested(
    spanTests,
    'started query: the bounds are off by a millisecond',
    startedQuery,
    "return formatConsoleTime(time - 1).replace('Z', '999Z');",
    'return formatConsoleTime(time - 1);',
  ),
  tested(
    spanTests,
    'started query: the bounds are not half-open',
    startedQuery,
    "return formatConsoleTime(time - 1).replace('Z', '999Z');",
    'return formatConsoleTime(time);',
  ),
  law(
    'started query: a query that is asked for again is read as if nothing were in the log',
    startedQuery,
    '      repeats: true,\n      losses: losses + 1,',
    '      losses: losses + 1,',
  ),
  tested(
    spanTests,
    'started query: what may come again is forgotten with the next span',
    startedQuery,
    '    ...(repeats === true ? { repeats } : {}),\n',
    '',
  ),
  tested(
    startedTests,
    'started query: results are read before the console is done',
    startedQuery,
    'if (state === finishedState) return',
    "if (state === finishedState || state === 'events_running') return",
  ),
  tested(
    startedTests,
    'started query: one that failed is waited for',
    startedQuery,
    'if (failedStates.has(state)) return lost(position, state, request);',
    '',
  ),
  tested(
    startedTests,
    'started query: queries that come to nothing are never a failure',
    startedQuery,
    'if (losses >= mostLosses && restMs > 0)',
    'if (losses < 0 && restMs > 0)',
  ),
  tested(
    startedTests,
    'started query: a start that is refused for its pace is a failure',
    startedQuery,
    "if (error.health === 'throttled')\n",
    "if (error.health === 'unavailable')\n",
  ),
  tested(
    spanTests,
    'started query: fewer rows than promised are taken for all',
    startedQuery,
    'const missing = isCapped ? 0 : total - rows;',
    'const missing = 0;',
  ),
  tested(
    spanTests,
    'started query: rows in disorder are taken for ordered',
    startedQuery,
    'const isSorted = sorted.areOrdered && position.unsorted !== true;',
    'const isSorted = sorted.lastKey !== null;',
  ),
  tested(
    spanTests,
    'started query: a page that two windows share is written twice',
    queryRows,
    'else if (!isShared || isLate) records.push(row);',
    'else records.push(row);',
  ),
  tested(
    spanTests,
    'started query: what is shared is known by the page and not by the times',
    startedQuery,
    '      ...(sorted.isShared ? { isShared: true } : {}),\n',
    '',
  ),
  law(
    'started query: the rows of later windows are written at once',
    queryRows,
    'if (time !== undefined && time >= window.to && span.to > window.to) hasLater = true;',
    'if (time !== undefined && time >= window.to + 60_000 && span.to > window.to) hasLater = true;',
  ),
  law(
    'started query: what was handed on is good for any window',
    startedQuery,
    'return readTo >= from && readTo < to;',
    'return readTo >= from || readTo < to;',
  ),
  tested(
    spanTests,
    'started query: it reaches beyond what is settled by the clock of the console',
    startedQuery,
    'const isEarly = settled < span.to;',
    'const isEarly = settled < 0;',
  ),
  tested(
    spanTests,
    'started query: it reaches beyond its window for moments',
    startedQuery,
    'return reach - to < leastReachMs ? to : reach;',
    'return Math.max(to, reach);',
  ),
  tested(
    spanTests,
    'started query: a window of which the console keeps a part is passed as a whole',
    startedQuery,
    'const to = days === undefined ? window.to : Math.max(keptFrom, readTo) + retentionMarginMs;',
    'const to = days === undefined ? window.to : Math.max(window.to, keptFrom);',
  ),
  tested(
    engineTests,
    'started query: every moment that passes meanwhile is a query of its own',
    slice,
    'if (contentType.reading.isPaced !== true || stream.window !== undefined) return false;',
    'if (contentType.reading.isPaced !== true || stream.window === undefined) return false;',
  ),
  tested(
    waitingTests,
    'a stream that waits says that its trouble is over',
    slice,
    'status.failures > 0 && !held.progressed && held.incomplete === undefined',
    'status.failures < 0 && !held.progressed && held.incomplete === undefined',
  ),
  tested(
    waitingTests,
    'what the console did not give is not said by a stream that waits',
    slice,
    '  return held.incomplete === undefined\n',
    '  return held.incomplete !== null\n',
  ),
  tested(
    waitingTests,
    'messages that are there twice breed while the console is waited for',
    slice,
    'resumeAt - Math.min(clockToleranceMs, waitMs / 2),',
    '0,',
  ),
  tested(
    waitingTests,
    'a wait that is too long for a message is lost',
    slice,
    'const byMessage = waitMs <= longestDelayMs;',
    'const byMessage = waitMs <= 10 * longestDelayMs;',
  ),
  tested(
    lakeTests,
    'data lake: a query is not deleted',
    dataLakeQuery,
    '      if (id !== undefined)\n        await api\n',
    "      if (id === '')\n        await api\n",
  ),
  tested(
    lakeTests,
    'data lake: a query is not deleted where its page was given up',
    dataLakeQuery,
    'AbortSignal.timeout(deleteMs)',
    'signal',
  ),
  tested(
    lakeTests,
    'data lake: the forward tag is not sent',
    dataLakeQuery,
    '...(answer.forwardTag === undefined ? {} : { forwardTag: answer.forwardTag }),',
    '',
  ),
  tested(
    lakeTests,
    'data lake: rows that are cut off at the limit are taken for all',
    dataLakeQuery,
    'const half = rows === undefined || rows.length >= rowCap ?',
    'const half = rows === undefined ?',
  ),
  tested(
    lakeTests,
    'data lake: an answer without rows is taken for an empty one',
    dataLakeQuery,
    "if (!Array.isArray(matches)) throw malformedAnswer('it is done and holds no list of events');",
    'if (!Array.isArray(matches)) return [];',
  ),
  tested(
    lakeTests,
    'data lake: a query goes half a minute without a question',
    dataLakeQuery,
    'const pollMs = 1_000;',
    'const pollMs = 31_000;',
  ),
  tested(
    lakeTests,
    'data lake: it is asked for what is not settled by the clock of the console',
    dataLakeQuery,
    'if (earlyMs > 0) return earlyMs;',
    '',
  ),
  tested(
    graphqlTests,
    'connection: a record is read by each of its times',
    graphql,
    'return earlierAxes.every(',
    'return earlierAxes.slice(0, 0).every(',
  ),
  tested(
    graphqlTests,
    'connection: the second time is not asked for',
    graphql,
    'end: cursor === undefined && number === passes.length - 1,',
    'end: cursor === undefined,',
  ),
  tested(
    graphqlTests,
    'connection: what the list hides is asked for by the first time only',
    graphql,
    '[...shown, ...shown.map((pass) => ({ ...pass, hidden }))]',
    '[...shown, ...shown.slice(0, 1).map((pass) => ({ ...pass, hidden }))]',
  ),
  tested(
    graphqlTests,
    'connection: what is hidden nowhere is written twice',
    graphql,
    '|| (pass.hidden !== undefined && records.length > 0)',
    '|| false',
  ),
  tested(
    graphqlTests,
    'connection: another page that is promised without a way is forgotten',
    graphql,
    "if (cursor === undefined) throw malformedConnection(path, 'promises another page and no way to it');",
    '',
  ),
  tested(
    graphqlTests,
    'connection: after a refused cursor nothing comes again',
    graphql,
    '    repeats: true,\n',
    '',
  ),
  tested(
    switchTests,
    'alternatives: the way that takes over begins with the window',
    alternatives,
    'wayOf(way).beginAt?.(reached, window);',
    'wayOf(way).beginAt?.(window.from, window);',
  ),
  tested(
    switchTests,
    'alternatives: a refusal that cannot be confirmed at once is never confirmed',
    alternatives,
    'if (wayOf(choice.way).isPaced === true) return waitToConfirm(choice);',
    '',
  ),
  tested(
    switchTests,
    'alternatives: every window tries the way that is closed',
    alternatives,
    'now() - chosenAt < secondBestMs;',
    'now() - chosenAt < 0;',
  ),
  tested(
    pacingTests,
    'turns run out while a slow table answers',
    'shared/sentinelone/shared-budget.ts',
    'this.answerMs > durationMs / 2 ?',
    'this.answerMs < 0 ?',
  ),
  tested(
    pacingTests,
    'the first requests of all workers go free however low the limit is',
    'shared/sentinelone/share-plan.ts',
    '      hasRoom: false,\n',
    '      hasRoom: requestsPerSecond >= 2,\n',
  ),
];
