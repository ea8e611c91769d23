import { law, type Mutant, tested } from './mutants.ts';

const batch = 'shared/engine/batch.ts';
const readWindow = 'shared/engine/read-window.ts';
const appendEntry = 'shared/engine/append-entry.ts';
const revised = 'shared/engine/readings/revised-children.ts';
const revisited = 'shared/engine/readings/revisited.ts';
const filters = 'shared/filters';
const testsOf = (name: string) => [`test/unit/filters/${name}.test.ts`];
const engineTests = ['test/unit/engine/filters.test.ts'];

/** Faults in what becomes of records that log filters drop. Every name holds the word filter. */
export const filterMutants: readonly Mutant[] = [
  law(
    'filtered records are not counted',
    batch,
    'drop(uid: string, filter: string): void {\n    this.read += 1;\n',
    'drop(uid: string, filter: string): void {\n',
  ),
  law(
    'a record that a filter drops is derived all the same',
    readWindow,
    '      this.dropRecord(record, filter);\n',
    `      const alert = deriveRecord(contentType, record, this.options);
      if (alert !== undefined) this.batch.derivedBody.add(recordLine(alert));
      this.dropRecord(record, filter);\n`,
  ),
  law(
    'an include filter that does not apply to the content type drops everything',
    `${filters}/filters-for.ts`,
    '.filter(({ contentTypes }) => contentTypes === undefined',
    ".filter(({ action, contentTypes }) => action === 'include' || contentTypes === undefined",
  ),
  law(
    'an exclude filter of another content type drops records',
    `${filters}/filters-for.ts`,
    '.filter(({ contentTypes }) => contentTypes === undefined',
    ".filter(({ action, contentTypes }) => action === 'exclude' || contentTypes === undefined",
  ),
  law(
    'include filters win over exclude filters',
    `${filters}/record-filter.ts`,
    'if (exclude !== undefined) return exclude.name;',
    'if (exclude !== undefined && !includes.some((filter) => matches(filter, record))) return exclude.name;',
  ),
  law(
    "an adopted entry's filtered records are counted by our own filters",
    readWindow,
    'if (!adopted) return batch.filteredBy;',
    'if (filtered >= 0) return batch.filteredBy;',
  ),
  law(
    'open records that a filter drops are not remembered',
    appendEntry,
    '  if (entry.droppedMarks.length > 0) await remember?.applyDropped?.(entry.id, entry.droppedMarks, memory);\n',
    '',
  ),
  {
    name: 'open records that a filter drops are remembered after their entry',
    edits: [
      {
        file: appendEntry,
        from: '  if (entry.droppedMarks.length > 0) await remember?.applyDropped?.(entry.id, entry.droppedMarks, memory);\n',
        to: '',
      },
      {
        file: appendEntry,
        from: '    await remember?.apply(entry.id, entry.marks, memory);\n',
        to: `    await remember?.apply(entry.id, entry.marks, memory);
    await remember?.applyDropped?.(entry.id, entry.droppedMarks, memory);\n`,
      },
    ],
    killers: 'laws',
  },
  law(
    'children that a filter drops are taken for children of the lake',
    revised,
    '    // Dropped ones are not known',
    '    knowsDropped: true,\n    // Dropped ones are not known',
  ),
  tested(
    ['test/unit/engine/readings/logged-children.test.ts'],
    'children that a filter drops are mixed with those of the log',
    'shared/engine/readings/logged-children.ts',
    "  return value['isDropped'] === true;",
    "  return value['isDropped'] === false;",
  ),
  tested(
    engineTests,
    'a record that a filter dropped is counted again after a refused cursor',
    readWindow,
    'if (this.countedDrops.has(uid)) return;',
    // Not at all would go on for ever.
    'if (this.countedDrops.has(uid) && this.held.stream.batch > 1) return;',
  ),
  tested(
    engineTests,
    'a window whose records filters dropped is passed like an empty one',
    readWindow,
    'if (this.batch.read === 0 && this.held.stream.window === undefined) {',
    'if (this.batch.body.count === 0 && this.held.stream.window === undefined) {',
  ),
  {
    name: 'a changed filter counts in the middle of a slice',
    edits: [
      {
        file: readWindow,
        from: 'const filter = this.slice.filter?.droppedBy(record);',
        to: 'const filter = storedFilter(settings.filters)?.droppedBy(record);',
      },
      {
        file: readWindow,
        from: "import { Batch } from './batch.ts';",
        to: "import { Batch } from './batch.ts';\nimport { storedFilter } from '../filters/stored-filter.ts';",
      },
    ],
    killers: engineTests,
  },
  tested(
    ['test/unit/engine/readings/revisited.test.ts'],
    'what a worker dropped by a filter before it died is not judged again',
    revisited,
    'if (fieldAt(seenIn, stream.contentType) === droppedIn(window)) open.set(key, null);',
    'if (fieldAt(seenIn, stream.contentType) === null) open.set(key, null);',
  ),
  tested(
    ['test/unit/engine/readings/revisited.test.ts'],
    'what a filter drops counts more than the log',
    revisited,
    '  return from - 1;',
    '  return from;',
  ),
  tested(
    testsOf('read-filters'),
    'two filters may have one name',
    `${filters}/read-filters.ts`,
    'if (seen.has(filter.name)) {',
    'if (filters.length < 0) {',
  ),
  tested(
    testsOf('record-filter'),
    'a negative condition of a filter does not hold where the field is missing',
    `${filters}/condition-test.ts`,
    '(record) => !someValueAt(record, path, test)',
    '(record) => someValueAt(record, path, (value) => !test(value))',
  ),
  tested(
    testsOf('pattern'),
    "the end of what a filter's pattern looks at is taken for the end of the text",
    `${filters}/pattern/pattern.ts`,
    'const after = text.codePointAt(at);',
    'const after = at >= limit ? undefined : text.codePointAt(at);',
  ),
];
