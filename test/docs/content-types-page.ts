import { commonOptions } from '../../shared/connectors/content-type-options.ts';
import type { ContentType, Derived } from '../../shared/content-types/content-type.ts';

/** docs/content-types.md, made from the declarations. */
export function contentTypesPage(contentTypes: readonly ContentType[]): string {
  const rows = contentTypes.map(({ id, label, msgClass, index, derived, permission, defaultIntervalMs }) => [
    `\`${id}\``,
    label,
    `\`${msgClass}\``,
    [index, ...(derived === undefined ? [] : [derivedIndex(derived)])].join(', '),
    permission,
    durationText(defaultIntervalMs),
  ]);
  const options = [
    ['each', commonOptions] as const,
    ...contentTypes.map(({ id, options: own = [] }) => [`\`${id}\``, own] as const),
  ].flatMap(([of, own]) =>
    own.map(({ name, choices, form, meaning }) => [
      of,
      `\`${name}\``,
      choices?.map((choice) => `\`${choice}\``).join(', ') ?? form ?? '',
      meaning,
    ]),
  );
  return [
    '# Content types',
    '',
    'What can be collected, generated from `shared/content-types/` (`UPDATE_DOCS=1 npx vitest run test/docs`). The fields of the records are in [records.md](records.md).',
    '',
    table(['id', 'what', '`msg_class`', 'index', 'permission of the token’s role', 'every'], rows),
    '',
    '## How late the console may show it, and what a run costs',
    '',
    'A window ends so long before the console’s present; what appears in it afterwards is not read again. Requests are those of one run with something to read; a run that finds nothing costs one request where nothing else is said.',
    '',
    table(
      ['id', 'settle time', 'why', 'requests'],
      contentTypes.map(({ id, settleMs, lateBecause, costs }) => [
        `\`${id}\``,
        durationText(settleMs),
        lateBecause,
        costs,
      ]),
    ),
    '',
    '## Options',
    '',
    'Set with `--option <id>.<name>=<value>` of `npm start` and `npm run connect`.',
    '',
    table(['content type', 'name', 'values', 'meaning'], options),
    '',
    '## Companions',
    '',
    ...contentTypes
      .filter(({ companions = [] }) => companions.length > 0)
      .map(
        ({ id, companions = [] }) =>
          `- Whoever collects \`${id}\` collects ${companions.map((other) => `\`${other}\``).join(', ')} as well.`,
      ),
    '',
  ].join('\n');
}

function derivedIndex({ index, switchedOnBy }: Derived): string {
  return switchedOnBy === undefined ? index : `${index} where \`${switchedOnBy}\` is set`;
}

/** A markdown table; cells may hold any text without line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function durationText(ms: number): string {
  if (ms === 0) return 'none';
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}
