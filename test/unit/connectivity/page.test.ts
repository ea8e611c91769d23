import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { states } from './states.ts';
import { checkOf } from './support.ts';

/** `UPDATE_DOCS=1 npx vitest run test/unit/connectivity` writes the table as the test speaks today. */
const update = process.env['UPDATE_DOCS'] === '1';
const file = fileURLToPath(new URL('../../../docs/connectivity-test.md', import.meta.url));
const mark = '<!-- states -->\n';

it('docs/connectivity-test.md is current', async () => {
  const rows: string[] = [];
  for (const { state, check, report } of states) {
    const { name, contentType, ok, status, code, detail, recommendation } = checkOf(await report(), check);
    const subject = contentType === undefined ? name : `${name} ${contentType}`;
    const result = [ok ? 'ok' : 'failed', code, status].filter((part) => part !== undefined);
    rows.push(rowOf([state, `\`${subject}\``, result.join(', '), detail, recommendation ?? '']));
  }
  const head = rowOf(['state', 'check', 'result', 'sentence', 'what to do']);
  const table = [head, rowOf(Array(5).fill('---')), ...rows, ''].join('\n');
  const text = readFileSync(file, 'utf8');
  const written = text.slice(0, text.indexOf(mark) + mark.length);
  expect(written.endsWith(mark)).toBe(true);
  const made = `${written}\n${table}`;
  if (update) writeFileSync(file, made);
  expect(readFileSync(file, 'utf8')).toBe(made);
});

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => withoutPort(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Servers of tests have a port of their own in every run. */
function withoutPort(text: string): string {
  return text.replace(/https?:\/\/(127\.0\.0\.1|localhost):\d+/g, 'https://acme.sentinelone.net');
}
