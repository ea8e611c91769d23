// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code.
import { law, type Mutant, tested } from './mutants.ts';

const appendEntry = 'shared/engine/append-entry.ts';
const readWindow = 'shared/engine/read-window.ts';
const readings = 'shared/engine/readings';
const parents = `${readings}/parents.ts`;
const loggedChildren = `${readings}/logged-children.ts`;
const keptPage = `${readings}/kept-page.ts`;
const growing = `${readings}/growing-children.ts`;
const revised = `${readings}/revised-children.ts`;
const revisited = `${readings}/revisited.ts`;
const snapshot = `${readings}/snapshot.ts`;
const joined = `${readings}/joined.ts`;
const owners = `${readings}/owners.ts`;
const oneScope = `${readings}/one-scope.ts`;
const alternatives = `${readings}/alternatives.ts`;
const dynamoMemory = 'shared/aws/dynamo-memory-store.ts';
const memoryInMemory = 'test/support/memory/memory-memory.ts';

const memoryTests = ['test/unit/aws/dynamo-memory-store.test.ts'];
const testsOf = (name: string) => [`test/unit/engine/readings/${name}.test.ts`];

/** Faults in the kinds of reading, and in what they remember. */
export const readingMutants: readonly Mutant[] = [
  {
    name: 'what is remembered is brought up to an entry after its commit',
    edits: [
      { file: appendEntry, from: '    await remember?.apply(entry.id, entry.marks, memory);\n', to: '' },
      {
        file: readWindow,
        from: "    if (!(await this.commit(appended.header, filteredBy(appended, batch), bytes))) return 'lost';",
        to: `    if (!(await this.commit(appended.header, filteredBy(appended, batch), bytes))) return 'lost';
    if (!appended.adopted) await this.slice.contentType.reading.remember?.apply(entry.id, entry.marks, this.slice.memory);`,
      },
    ],
    killers: 'laws',
  },
  law(
    'an adopted entry is not remembered',
    appendEntry,
    '    await remember?.apply(entry.id, marks, memory);',
    '    void marks;',
  ),
  law(
    'what is remembered is written whatever its version',
    memoryInMemory,
    'if ((this.rows.get(name)?.version ?? 0) !== version) return false;',
    '',
  ),
  tested(
    testsOf('logged-children'),
    'a write to the memory that was refused is not made again',
    loggedChildren,
    'if (!isWritten) waiting.push(parent);',
    'if (!isWritten) continue;',
  ),
  law(
    'a full item is counted before it is written',
    loggedChildren,
    `  for (const [i, texts] of items.entries()) {
    await memory.put(owner, { key: fullKey(parent, full + i), value: { names: texts }, version: 0 });
  }
  const value = {
    full: full + items.length,
    names: last,
    ...(dropped.length === 0 ? {} : { dropped }),
  };
  return await memory.put(owner, { key: parent, value, version });`,
    `  const value = {
    full: full + items.length,
    names: last,
    ...(dropped.length === 0 ? {} : { dropped }),
  };
  if (!(await memory.put(owner, { key: parent, value, version }))) return false;
  for (const [i, texts] of items.entries()) {
    await memory.put(owner, { key: fullKey(parent, full + i), value: { names: texts }, version: 0 });
  }
  return true;`,
  ),
  law(
    'full items are not asked for',
    loggedChildren,
    'const names = new Set([...fullKeys(parent, fullIn(item)).flatMap(namesIn), ...open]);',
    'const names = new Set([...fullKeys(parent, 0).flatMap(namesIn), ...open]);',
  ),
  law(
    'children: the next page of parents is asked for while some of this one are not read',
    parents,
    '        left.length === 0\n          ? {',
    '        left.length >= 0\n          ? {',
  ),
  law(
    'children: a window ends although some parents are not read',
    parents,
    'end: page.end && left.length === 0,',
    'end: page.end,',
  ),
  law(
    'children: a parent that was read in part begins anew on each page',
    parents,
    'const at = answers.get(key)?.next ?? open.get(key);',
    'const at = open.get(key);',
  ),
  law(
    'children: a deleted parent is not done',
    parents,
    'if (found.length > 0) throw error;',
    'if (found.length >= 0) throw error;',
  ),
  tested(
    testsOf('growing-children'),
    'children: where the endpoint is missing, all parents are taken for deleted',
    parents,
    'if (found.length > 0) throw error;',
    '',
  ),
  tested(
    testsOf('growing-children'),
    'children: a parent whose children could not be read is done',
    parents,
    'const isDone = (key: string) => answers.has(key) && answers.get(key)?.next === undefined;',
    'const isDone = (key: string) => answers.get(key)?.next === undefined;',
  ),
  tested(
    testsOf('joined'),
    'a kept page is taken for another one',
    keptPage,
    "isObject(kept) && kept['at'] === at &&",
    'isObject(kept) &&',
  ),
  law(
    'growing children: what was passed is not looked at again',
    growing,
    'if (idOf(first) !== last) return false;',
    'if (idOf(first) === undefined) return false;',
  ),
  law(
    'growing children: what is in the log is not left out of a list that is read whole',
    growing,
    `      .filter((child) => !isLogged(child, logged))
      .map(`,
    '      .map(',
  ),
  law(
    'growing children: the last child that was passed is skipped as well',
    growing,
    'const skip = Math.max(0, passed - 1);',
    'const skip = passed;',
  ),
  tested(
    testsOf('growing-children'),
    'growing children: what is in the log may lie behind what was passed',
    growing,
    'return whole || rest.every((child) => !isLogged(child, logged));',
    'return whole || rest.length >= 0;',
  ),
  tested(
    testsOf('growing-children'),
    "growing children: the console's count is not heeded",
    growing,
    'const isEnd = nextCursor === undefined && (totalItems === undefined || totalItems <= passed);',
    'const isEnd = nextCursor === undefined;',
  ),
  law(
    'growing children: a page without records ends a list',
    growing,
    'const isEnd = nextCursor === undefined || (totalItems !== undefined && totalItems <= passed);',
    'const isEnd = true;',
  ),
  tested(
    testsOf('growing-children'),
    'growing children: a list that is read from its start again and again is a way forward',
    growing,
    'return asked.at === undefined ? whole : { ...whole, isStuck: true };',
    'return whole;',
  ),
  law(
    'revised children: what has gone is not noticed',
    revised,
    'const gone = trouble === undefined ? goneFrom(logged, children) : [];',
    'const gone: readonly string[] = trouble === undefined ? [] : goneFrom(logged, children);',
  ),
  law(
    'revised children: one revision stands for all',
    revised,
    'return `${id} ${revision}`;',
    "return `${id} ${revision === deletedRevision ? revision : ''}`;",
  ),
  law(
    'revised children: the list is read to the end of its first page',
    revised,
    '      if (nextCursor === undefined)\n',
    '      if (rows.length >= 0)\n',
  ),
  law(
    'revised children: the log is not asked for the revision',
    revised,
    'return name === undefined || !logged.has(name);',
    "return name === undefined || !logged.has('');",
  ),
  law(
    'revisited: an older entry writes over what is newer',
    revisited,
    'if ((integerAt(seenIn, stream.contentType) ?? Number.NEGATIVE_INFINITY) >= seenAt) return true;',
    '',
  ),
  law(
    'revisited: an unchanged record is read again',
    revisited,
    'return state !== undefined && state !== openStateOf(record);',
    'return state !== undefined;',
  ),
  tested(
    testsOf('revisited'),
    'revisited: a refused write is not made again',
    revisited,
    'waiting = [...refused, ...waiting.slice(idsPerPage)];',
    'waiting = refused.length > 0 ? [] : waiting.slice(idsPerPage);',
  ),
  law(
    'revisited: a closed record is asked for again',
    revisited,
    "else if (typeof state === 'string') open.set(key, state);",
    'else open.set(key, String(state));',
  ),
  tested(
    testsOf('revisited'),
    'revisited: a round ends with its first page',
    revisited,
    'end: known.length < limit,',
    'end: known.length >= 0,',
  ),
  law('snapshot: a slot is missed', snapshot, 'newest >= span.from && newest < span.to', 'newest > span.to'),
  law(
    'snapshot: it is broken off when the next slot comes',
    snapshot,
    'if (position === undefined && !hasSlot(window, everyMs, request))',
    'if (!hasSlot(window, everyMs, request))',
  ),
  tested(
    testsOf('snapshot'),
    'snapshot: a clock that is behind for a moment hides a slot',
    snapshot,
    'Math.max(now(), span.to) - everyMs',
    'now() - everyMs',
  ),
  tested(
    testsOf('joined'),
    "joined: the rest of a list's page is left out",
    joined,
    'const { pairs, next } = await readDetails(listed, place + 1, request);',
    'const { pairs, next } = await readDetails(listed, place < 0 ? 0 : listed.length, request);',
  ),
  tested(
    testsOf('joined'),
    'joined: details are asked for once per record',
    joined,
    'cache.set(key, answer);',
    '',
  ),
  tested(
    testsOf('with-owners'),
    'owners: a failure is taken for a refusal',
    owners,
    "if (!(error instanceof ConnectorError) || error.health !== 'permission') throw error;",
    'if (!(error instanceof ConnectorError)) throw error;',
  ),
  tested(
    testsOf('with-owners'),
    'owners: those behind the first request are not asked for',
    owners,
    'at < unknown.length && incomplete === undefined; at += idsPerRequest',
    'at < Math.min(1, unknown.length) && incomplete === undefined; at += idsPerRequest',
  ),
  law(
    'one scope: the first account stands for all',
    oneScope,
    'return all.find(({ id }) => id > scope.id);',
    'return all.find(({ id }) => id < scope.id);',
  ),
  law(
    'one scope: the window is taken for one in the order of time',
    oneScope,
    'sortKey: () => undefined,',
    'sortKey: inner.sortKey,',
  ),
  law(
    'one scope: a refused cursor begins the next scope',
    oneScope,
    ': writePosition(begun.scope, inner.resume(begun.position, window));',
    ": writePosition({ name: 'accountIds', id: 'z' }, inner.resume(begun.position, window));",
  ),
  tested(
    testsOf('alternatives'),
    'alternatives: the first refusal is believed',
    alternatives,
    '      await request.sleep(confirmMs, request.signal);\n      return await readBy(choice, request);',
    '      throw error;',
  ),
  tested(
    testsOf('alternatives'),
    'alternatives: what another way has read is not looked for',
    alternatives,
    'mayRepeat: page.mayRepeat || repeats === true,',
    'mayRepeat: page.mayRepeat,',
  ),
  tested(
    testsOf('alternatives'),
    'alternatives: a window keeps a way that the connector is told not to take',
    alternatives,
    "if (!wanted.includes(begun.way)) return await takeOver(begun, 'told', request);",
    '',
  ),
  tested(
    [...memoryTests, 'test/contract/ports/aws.test.ts'],
    'DynamoDB: what is remembered is written whatever its version',
    dynamoMemory,
    "version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',",
    "version === 0 ? 'attribute_not_exists(pk)' : 'version = :version OR version <> :version',",
  ),
  tested(
    memoryTests,
    'DynamoDB: a page of what is remembered ends at 1 MB',
    dynamoMemory,
    'start = LastEvaluatedKey;',
    'start = limit > 0 ? undefined : LastEvaluatedKey;',
  ),
  tested(
    memoryTests,
    'DynamoDB: what it did not get to is taken for unknown',
    dynamoMemory,
    'wanted = left;',
    'wanted = [];',
  ),
];
