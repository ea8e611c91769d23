// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code.

/** A change of one place in a source file. `from` must be there exactly once. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A fault that is put into the source on purpose. Something must notice it. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Who has to notice: the simulation of collecting data or of response actions, or, for what neither runs on, these test files. */
  readonly killers: 'laws' | 'action laws' | readonly string[];
}

const readWindow = 'shared/engine/read-window.ts';
const appendEntry = 'shared/engine/append-entry.ts';
const slice = 'shared/engine/slice.ts';
const progress = 'shared/engine/progress.ts';
const heldStream = 'shared/engine/held-stream.ts';
const repeats = 'shared/engine/repeats.ts';
const walk = 'shared/engine/walk.ts';
const listWalk = 'shared/engine/readings/list-walk.ts';
const windowed = 'shared/engine/readings/windowed.ts';
const entryKey = 'shared/engine/entry-key.ts';
const sendDue = 'shared/engine/send-due.ts';
const stateInMemory = 'test/support/memory/memory-streams.ts';
const lakeInMemory = 'test/support/memory/memory-lake.ts';
const dynamo = 'shared/aws/dynamo-stream-store.ts';

const stateTests = ['test/contract/ports/aws.test.ts', 'test/unit/aws/dynamo-stream-store.test.ts'];
const lakeTests = ['test/contract/ports/aws.test.ts', 'test/unit/aws/s3-lake-log.test.ts'];
const queueTests = ['test/unit/aws/sqs-work-queue.test.ts'];
const dueTests = ['test/contract/ports/aws.test.ts', 'test/unit/aws/dynamo-due-index.test.ts'];
const configTests = ['test/infra/config.test.ts'];
const sliceTests = ['test/unit/engine/slice-trouble.test.ts'];
const outageTests = ['test/laws/outages.test.ts'];
const clockTests = ['test/unit/sentinelone/console-clock.test.ts', ...sliceTests];
const pacingTests = ['test/laws/shared-pacing.test.ts', 'test/unit/sentinelone/shared-pacer.test.ts'];

/** One edit, killed by the simulation. */
export function law(name: string, file: string, from: string, to: string): Mutant {
  return { name, edits: [{ file, from, to }], killers: 'laws' };
}

/** The same, by the simulation of response actions. */
export function actionLaw(name: string, file: string, from: string, to: string): Mutant {
  return { name, edits: [{ file, from, to }], killers: 'action laws' };
}

export function tested(
  killers: readonly string[],
  name: string,
  file: string,
  from: string,
  to: string,
): Mutant {
  return { name, edits: [{ file, from, to }], killers };
}

/*
 * Left out because nothing can notice them, and why:
 * - "a batch in memory is thrown away when the console fails": the position has not moved, so it is read again.
 * - "position and counters are not cleared when a window closes": opening the next one clears them too, and the other
 *   way round. Each is the other's net.
 * - "the message for a later try is not sent": the due time in the table brings the stream back, only later.
 */
export const mutants: readonly Mutant[] = [
  law(
    'commit before put',
    readWindow,
    `    const appended = await appendEntry(this.slice, entry);
    this.batch = new Batch(this.slice.lake);
    if (!appended.adopted) this.noteCountedDrops(batch.droppedUids);
    // Of an entry that another worker wrote only the numbers in its header are known.
    const bytes = appended.adopted ? 0 : entry.body.length;
    if (!(await this.commit(appended.header, filteredBy(appended, batch), bytes))) return 'lost';`,
    `    if (!(await this.commit(header, batch.filteredBy, 0))) return 'lost';
    const appended = await appendEntry(this.slice, entry);
    this.batch = new Batch(this.slice.lake);`,
  ),
  law('no fence condition', stateInMemory, '|| row.stream.fence !== held.fence) return', ') return'),
  law('no step condition', stateInMemory, 'if (row.stream.step !== held.step) return', 'if (false) return'),
  law('fence not raised', stateInMemory, 'const fence = seen.fence + 1;', 'const fence = seen.fence;'),
  law(
    'a live lease is taken over by whoever has seen the stream',
    stateInMemory,
    'if (row.stream.fence !== seen.fence || row.stream.step !== seen.step) return',
    'if (false) return',
  ),
  law('an entry is overwritten', lakeInMemory, "if (this.entries.has(key)) return { kind: 'exists' };", ''),
  law(
    '412 is an error',
    appendEntry,
    '  const header = await lake.header(entry.id);',
    "  if (outcome.kind === 'exists') throw new Error('The place is taken.');\n  const header = await lake.header(entry.id);",
  ),
  law(
    '412 without adoption',
    appendEntry,
    "  if (outcome.kind === 'appended') {",
    "  if (outcome.kind === 'appended' || outcome.kind === 'exists') {",
  ),
  law(
    'position of the page that was read again instead of the adopted one',
    appendEntry,
    'return { header, adopted: true };',
    'return { header: { ...header, position: entry.header.position }, adopted: true };',
  ),
  law(
    'counts of the page that was read again instead of the adopted one',
    appendEntry,
    'return { header, adopted: true };',
    'return { header: { ...header, read: entry.header.read, written: entry.header.written }, adopted: true };',
  ),
  law(
    'the walk goes on after an adoption where it was',
    readWindow,
    "return appended.adopted ? 'adopted' : 'appended';",
    "return 'appended';",
  ),
  {
    name: "a window's end belongs to it",
    edits: [
      {
        file: windowed,
        from: '[`${field}__lt`]: formatConsoleTime(to)',
        to: '[`${field}__lt`]: formatConsoleTime(to + 1)',
      },
      { file: listWalk, from: 'key < gte || key >= to)', to: 'key < gte || key > to)' },
    ],
    killers: 'laws',
  },
  law(
    "a window's start does not belong to it",
    windowed,
    'formatConsoleTime(from),',
    'formatConsoleTime(from + 1),',
  ),
  law(
    'a window goes over the hour',
    progress,
    'to: Math.min(startOfHour(from) + hourMs, end)',
    'to: Math.min(from + hourMs, end)',
  ),
  law(
    'the watermark moves when the window opens',
    readWindow,
    '      ...held.unstoredProgress(),\n      window: this.window,',
    '      ...held.unstoredProgress(),\n      watermark: this.window.to,\n      window: this.window,',
  ),
  law(
    'the window is opened after its first entry',
    readWindow,
    "    if (held.stream.window === undefined && !(await this.open())) return 'lost';\n    if (batch.position === undefined) throw",
    '    if (batch.position === undefined) throw',
  ),
  law(
    'a window without a last entry',
    readWindow,
    '    if (this.batch.read === 0 && this.held.stream.window === undefined) {',
    `    if (this.batch.read === 0 && this.held.stream.window !== undefined) {
      this.held.pass(this.window);
      const closed = await this.held.commit({ window: null, batch: 0, position: null, counters: noCounters });
      return closed ? 'read' : 'lost';
    }
    if (this.batch.read === 0 && this.held.stream.window === undefined) {`,
  ),
  {
    name: 'ledger after the commit',
    edits: [
      {
        file: readWindow,
        from: '    await this.slice.streams.putLedgerEntry({',
        to: '    const entry = {',
      },
      {
        file: readWindow,
        from: '      fence: stream.fence,\n    });\n    held.pass(window);\n    held.carry = this.handedOn(header.position);\n    return await held.commit({',
        to: '      fence: stream.fence,\n    };\n    held.pass(window);\n    held.carry = this.handedOn(header.position);\n    const closed = await held.commit({',
      },
      {
        file: readWindow,
        from: '      totals: { ...totals, windows: totals.windows + 1 },\n    });',
        to: '      totals: { ...totals, windows: totals.windows + 1 },\n    });\n    if (closed) await this.slice.streams.putLedgerEntry(entry);\n    return closed;',
      },
    ],
    killers: 'laws',
  },
  tested(
    ['test/unit/engine/paused-and-ended.test.ts'],
    'a paused stream is worked on',
    slice,
    "  if (stream.pausedAt !== undefined) return { kind: 'dropped', reason: 'the stream is paused' };\n",
    '',
  ),
  tested(
    ['test/unit/engine/paused-and-ended.test.ts'],
    'the past is read into the present',
    slice,
    'Math.min(session.now() - contentType.settleMs, until);',
    'session.now() - contentType.settleMs;',
  ),
  tested(
    ['test/unit/engine/paused-and-ended.test.ts'],
    'a stream that has ended is due again',
    slice,
    'await held.release({ nextDueAt: null, status: statusOf(held, slice, now) });',
    'await held.release({ nextDueAt: now, status: statusOf(held, slice, now) });',
  ),
  tested(
    ['test/unit/jobs/backfill.test.ts', 'test/lake-truth/collected-backfill.test.ts'],
    'a job reads what another job reads',
    'shared/jobs/backfill.ts',
    'from = Math.max(from, span.to);',
    'void span.to;',
  ),
  tested(
    ['test/unit/engine/paused-and-ended.test.ts'],
    'a message brings a stream back that has ended',
    slice,
    'if (stream.settings.until !== undefined && stream.nextDueAt === undefined)',
    'if (stream.settings.until === undefined && stream.nextDueAt === undefined)',
  ),
  tested(
    ['test/unit/api/jobs.test.ts'],
    'jobs that overtake each other are not settled again',
    'shared/jobs/settle-backfill.ts',
    'if (latest.version === known.version) return;',
    'if (latest !== undefined) return;',
  ),
  tested(
    ['test/unit/connectors/save-connector.test.ts'],
    'a connector that is saved again begins anew',
    'shared/connectors/save-connector.ts',
    'connector: { ...connector, since, createdAt },',
    'connector: { ...connector, createdAt: Math.min(since, createdAt) },',
  ),
  tested(
    ['test/unit/engine/readings/revisited.test.ts'],
    'open records that the past has are remembered apart',
    'shared/engine/readings/revisited.ts',
    'const owner: StreamId = { tenant, connector, contentType };',
    'const owner: StreamId = { ...entry.stream, tenant, connector, contentType };',
  ),
  law(
    'the re-send error is swallowed',
    slice,
    '  await slice.queue.send([{ version: 1, stream: id }], delaySeconds);',
    '  await slice.queue.send([{ version: 1, stream: id }], delaySeconds).catch(() => undefined);',
  ),
  law(
    'the due time is not restored',
    slice,
    'await held.release({ nextDueAt, status: statusOf(held, slice, nextDueAt) });',
    'await held.release({ status: statusOf(held, slice, nextDueAt) });',
  ),
  {
    name: 'the settle time is ignored',
    edits: [
      {
        file: slice,
        from: 'Math.min(session.now() - contentType.settleMs, until);',
        to: 'Math.min(session.now(), until);',
      },
      {
        file: readWindow,
        from: 'this.window.to <= session.now() - contentType.settleMs;',
        to: 'this.window.to <= session.now() && contentType !== undefined;',
      },
    ],
    killers: 'laws',
  },
  law(
    "the console's clock is ignored",
    readWindow,
    'return this.held.stream.window !== undefined || this.window.to <= session.now() - contentType.settleMs;',
    'return session !== undefined && contentType !== undefined;',
  ),
  law(
    'attempts are never forgotten',
    heldStream,
    'this.current.attempts === 0 ? {} : { attempts: 0 };',
    '{};',
  ),
  law(
    'what is ahead of a backlog is forgotten',
    heldStream,
    ': { ahead: ahead ?? null }),',
    ': { ahead: null }),',
  ),
  law(
    'the backlog leaves a gap before what is ahead',
    progress,
    'to < ahead.from) return { watermark: to, ahead };',
    'to < ahead.from) return { watermark: ahead.to };',
  ),
  law(
    'after the backlog everything ahead is read again',
    progress,
    'if (to === ahead.from) return { watermark: ahead.to };',
    'if (to === ahead.from) return { watermark: to };',
  ),
  law(
    'a page without records is the end of a stretch of hours',
    listWalk,
    'return data.length === 0 && nextCursor === undefined && totalItems === 0;',
    'return data.length === 0;',
  ),
  law(
    'empty pages end a window',
    listWalk,
    'end: answer.nextCursor === undefined,',
    'end: answer.nextCursor === undefined || answer.data.length === 0,',
  ),
  law(
    "a refused cursor begins at the window's start without the seen ids",
    listWalk,
    `    gte: lastKey ?? gte,
    repeatFrom: lastKey ?? gte,
    ...(lastKey === undefined ? {} : { lastKey }),`,
    '    gte,',
  ),
  law(
    'a refused cursor begins after the last key',
    listWalk,
    '    gte: lastKey ?? gte,',
    '    gte: lastKey === undefined ? gte : lastKey + 1,',
  ),
  law('repeats are not recognised', repeats, 'if (seen.has(uid)) return true;', ''),
  law(
    'repeats are looked for in the newest entry only',
    repeats,
    'for (let batch = newest.batch; batch >= 0; batch--) {',
    'for (let batch = newest.batch; batch >= newest.batch; batch--) {',
  ),
  law(
    'the page ahead is fetched from where the walk began',
    walk,
    'mayReadAhead() ? fetch(page.position)',
    'mayReadAhead() ? fetch(options.position)',
  ),
  {
    name: 'the derived entry is written after the commit',
    edits: [
      {
        file: appendEntry,
        from: '    await appendDerived(lake, contentType, entry.id, entry.header, entry.derived);\n    await',
        to: '    await',
      },
      {
        file: readWindow,
        from: "    if (!(await this.commit(appended.header, filteredBy(appended, batch), bytes))) return 'lost';",
        to: `    if (!(await this.commit(appended.header, filteredBy(appended, batch), bytes))) return 'lost';
    if (derived !== undefined) await this.slice.lake.append({ ...entry.id, index: 'alerts' }, header, derived.body);`,
      },
    ],
    killers: 'laws',
  },
  law(
    'an adopted entry is not derived again',
    appendEntry,
    'if ((contentType.derived !== undefined || remember !== undefined) && header.written > 0) {',
    'if (false) {',
  ),
  law(
    'a record is dropped without being counted',
    readWindow,
    '    const derived = deriveRecord(contentType, record, this.options);',
    '    if (this.batch.read === 2) return;\n    const derived = deriveRecord(contentType, record, this.options);',
  ),
  law(
    'written records are not counted',
    readWindow,
    'written: before.written + header.written,',
    'written: before.written,',
  ),
  law('the key has no batch number', entryKey, 'String(id.batch).padStart', 'String(0).padStart'),
  law('the key has no connector', entryKey, 'return [connector, contentType,', 'return [contentType,'),
  law(
    'a fan-out that could not send says nothing',
    sendDue,
    '  if (failed > 0)\n',
    '  if (failed > 1_000)\n',
  ),
  tested(
    sliceTests,
    'long empty hours are passed up to a time that is not settled',
    'shared/engine/empty-hours.ts',
    'const to = Math.min(span.to, session.now() - contentType.settleMs);',
    'const to = span.to;',
  ),
  tested(
    sliceTests,
    'a backlog is read beyond the present',
    progress,
    'const end = Math.min(ahead?.from ?? horizon, horizon);',
    'const end = ahead?.from ?? horizon;',
  ),
  tested(
    outageTests,
    'what was passed at one end is forgotten when a worker dies at the other',
    slice,
    'if (previous !== undefined && previous !== next.track && !(await held.changeTrack()))',
    'if (previous === undefined && previous === next.track && !(await held.changeTrack()))',
  ),
  tested(
    outageTests,
    'a batch forgets the deaths before it',
    heldStream,
    'const written = await this.write({ ...this.unstoredProgress(), ...change });',
    'const written = await this.write({ attempts: 0, ...this.unstoredProgress(), ...change });',
  ),
  tested(
    clockTests,
    "a console's clock that was wrong once is believed for ever",
    'shared/sentinelone/console-clock.ts',
    'Math.abs(now - this.observedAt) > believedMs ? now',
    'Math.abs(now - this.observedAt) < 0 ? now',
  ),
  tested(
    ['test/contract/ports/aws.test.ts'],
    'DynamoDB: a shorter pause replaces a longer one',
    'shared/aws/dynamo-pacing-store.ts',
    "'attribute_not_exists(pausedUntil) OR pausedUntil < :until',",
    "'attribute_not_exists(pausedUntil) OR pausedUntil <> :until',",
  ),
  tested(
    pacingTests,
    'the rate is not shared',
    'shared/sentinelone/share-plan.ts',
    'const usedPart = 0.8;',
    'const usedPart = 1.3;',
  ),
  tested(
    stateTests,
    'DynamoDB: no fence condition',
    dynamo,
    '`fence = :heldFence AND step',
    '`(fence = :heldFence OR fence <> :heldFence) AND step',
  ),
  tested(
    stateTests,
    'DynamoDB: no step condition',
    dynamo,
    'AND step = :heldStep${',
    'AND (step = :heldStep OR step <> :heldStep)${',
  ),
  tested(
    stateTests,
    'DynamoDB: no lease condition',
    dynamo,
    'AND leaseUntil <= :now AND',
    'AND (leaseUntil <= :now OR leaseUntil > :now) AND',
  ),
  tested(
    stateTests,
    'DynamoDB: fence not raised',
    dynamo,
    'const fence = seen.fence + 1;',
    'const fence = seen.fence;',
  ),
  tested(
    stateTests,
    'DynamoDB: read that may be stale',
    dynamo,
    'ConsistentRead: true',
    'ConsistentRead: false',
  ),
  tested(
    stateTests,
    'DynamoDB: an older ledger entry wins',
    dynamo,
    'OR fence <= :fence',
    'OR fence <> :fence OR fence = :fence',
  ),
  tested(
    lakeTests,
    'S3: an entry is overwritten',
    'shared/aws/s3-lake-log.ts',
    "              IfNoneMatch: '*',\n",
    '',
  ),
  tested(
    queueTests,
    'SQS: refused messages are taken for sent',
    'shared/aws/send-messages.ts',
    'if (Failed.length === 0) return;',
    'return;',
  ),
  tested(
    dueTests,
    'due index: two ticks claim one stream',
    'shared/aws/dynamo-due-items.ts',
    "ConditionExpression: 'nextDueAt = :seen'",
    "ConditionExpression: 'nextDueAt = :seen OR nextDueAt <> :seen'",
  ),
  tested(
    configTests,
    'lease longer than visibility',
    'infra/config.ts',
    'leaseSeconds: 150,',
    'leaseSeconds: 800,',
  ),
];
