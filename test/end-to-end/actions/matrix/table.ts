import type { Cell, Seen } from './situations.ts';

interface Planned extends Pick<Cell, 'one' | 'situation'> {
  readonly impossible: string | undefined;
}

/** The matrix as a table of Markdown: what each action came to in each situation, and why it cannot get into the others. */
export function matrixTable(all: readonly Planned[], seen: ReadonlyMap<string, Seen>): string {
  const names = [...new Set(all.map(({ situation }) => situation.name))];
  const reasons = [...new Set(all.flatMap(({ impossible }) => impossible ?? []))];
  const rows = Map.groupBy(all, ({ one }) => one.action);
  const lines = [...rows].map(([action, cells]) =>
    rowOf([
      action,
      ...cells.map(({ one, situation, impossible }) => {
        if (impossible !== undefined) return `(${reasons.indexOf(impossible) + 1})`;
        const found = seen.get(`${one.action}, ${situation.name}`);
        if (found === undefined) return 'NOT SEEN';
        const { performs, state, reason } = found.target;
        return [
          ...(performs === action ? [] : [`${performs}:`]),
          state,
          ...(reason === '-' ? [] : [`\`${reason}\``]),
        ].join(' ');
      }),
    ]),
  );
  return [
    rowOf(['action', ...names]),
    rowOf(['---', ...names.map(() => '---')]),
    ...lines,
    '',
    ...reasons.map((reason, index) => `(${index + 1}) ${reason}`),
  ].join('\n');
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
