import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { actionTypes } from '../../shared/actions/registry.ts';
import { actionStates } from '../../shared/actions/run/action-state.ts';
import { targetStates, transitions } from '../../shared/actions/run/transitions.ts';
import { actionReasonCodes } from './action-reason-codes.ts';

const root = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const page = readFileSync(root('docs/response-actions.md'), 'utf8');

/** The text from a headline to the next one of its level or above. */
function section(headline: string): string {
  const level = /^#+/.exec(headline)?.[0].length ?? 0;
  const [, rest = ''] = page.split(`\n${headline}\n`);
  return rest.split(new RegExp(`\n#{1,${level}} `))[0] ?? '';
}

/** What stands in backticks in a column of the tables of a text. */
function cells(text: string, column: number): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...(line.split('|')[column + 1] ?? '').matchAll(/`([^`]+)`/g)])
    .map(([, code = '']) => code);
}

/** The codes that the sources of a folder name. */
function codesIn(folder: string): readonly string[] {
  return readdirSync(root(folder))
    .map((name) => readFileSync(root(`${folder}/${name}`), 'utf8'))
    .flatMap((text) => [...text.matchAll(/\bcode:\s([^\n]*)/g), ...text.matchAll(/\b(alreadySo = '.*)/g)])
    .flatMap(([, rest = '']) => [...rest.matchAll(/'([a-z_]+)'/g)])
    .map(([, code = '']) => code);
}

const sorted = (codes: Iterable<string>) => [...new Set(codes)].sort();

describe('docs/response-actions.md', () => {
  it('tells of every code that engine, targets and policy give to a target, and of no other', () => {
    // Of an action's trouble, and of a refusal by the console; both are told of in the text.
    const elsewhere = ['respond_disabled', 'not_shown', 'timeout', 'not_permitted'];
    for (const code of elsewhere) expect(section('## Reasons')).toContain(`\`${code}\``);
    const [own = ''] = section('### Reasons of a target').split('<!-- reasons of the catalogue -->');
    const made = ['run', 'targets', 'policy'].flatMap((folder) => codesIn(`shared/actions/${folder}`));
    expect(sorted(cells(own, 0))).toEqual(sorted(made).filter((code) => !elsewhere.includes(code)));
  });

  it('says of every code of the catalogue what to do', () => {
    const [, own = ''] = section('### Reasons of a target').split('<!-- end of reasons of the catalogue -->');
    expect(sorted(cells(own, 0))).toEqual(sorted(Object.keys(actionReasonCodes)));
  });

  it('tells of every code with which the calls about actions are refused', () => {
    const made = [
      'routes/actions.ts',
      'routes/action-decisions.ts',
      'answer-outcome.ts',
      'idempotency-key.ts',
      'respond-connector.ts',
    ]
      .map((name) => readFileSync(root(`shared/api/${name}`), 'utf8'))
      .flatMap((text) => [...text.matchAll(/\bcode: '([a-z_]+)'/g)].map(([, code = '']) => code));
    expect(made.length).toBeGreaterThan(0);
    expect(cells(section('### Refusals of a call'), 1)).toEqual(expect.arrayContaining(made));
  });

  it('tells what every state means, and what may follow it', () => {
    expect(cells(section('### The state of a target'), 0)).toEqual(targetStates);
    expect(sorted(cells(section('### The state of an action'), 0))).toEqual(sorted(actionStates));
    const rows = section('### Which follows which')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const told = rows.map((row) => [cells(row, 0)[0], cells(row, 1)]);
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(Object.entries(transitions).filter(([, next]) => next.length > 0)),
    );
  });

  it('has every permission that an action needs in the table to copy, beside the action', () => {
    const rows = section('## Before the first action')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^\| `[A-Z]/.test(line));
    const told = rows.flatMap((row) => cells(row, 1).map((action) => `${cells(row, 0)[0]} ${action}`));
    const needed = actionTypes.flatMap(({ id, permission, permissionToSee = permission }) =>
      [permission, permissionToSee].map((one) => `${one} ${id}`),
    );
    expect(told).toEqual(expect.arrayContaining(needed));
  });
});
