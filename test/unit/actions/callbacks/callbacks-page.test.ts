import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../../../../shared/actions/callbacks/webhook-signature.ts';
import { lastEvent, toldAction } from './told-action.ts';

const page = readFileSync(new URL('../../../../docs/callbacks.md', import.meta.url), 'utf8');
const secret = 'whsec_00112233445566778899aabbccddeeff';
const body = '{"id":"é"}';
const fiveMinutesMs = 300_000;

/** The first block of code in a language. */
function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/callbacks.md has no ${language}.`);
  return found;
}

/** Headers that a receiver may get, and whether they are ours; made when they are used, for receivers have a clock of their own. */
const headers: readonly (readonly [string, (now: number) => string, boolean])[] = [
  ['a fresh signature', (now) => sign(secret, body, now), true],
  [
    'one of several',
    (now) => sign(secret, body, now).replace(',', `,v1=${'0'.repeat(64)}, v1=é,v2=x, `),
    true,
  ],
  ['one that is old', (now) => sign(secret, body, now - fiveMinutesMs - 60_000), false],
  ['one of the future', (now) => sign(secret, body, now + fiveMinutesMs + 60_000), false],
  ['one of another body', (now) => sign(secret, `${body} `, now), false],
  ['one with another secret', (now) => sign(secret.replace('0', '1'), body, now), false],
  [
    'a new time',
    (now) => sign(secret, body, now - 60_000).replace(/t=\d+/, `t=${Math.floor(now / 1000)}`),
    false,
  ],
  ['nothing', () => '', false],
  ['no time', (now) => sign(secret, body, now).replace(/t=\d+,/, ''), false],
  ['no signature', (now) => sign(secret, body, now).replace(/,.*/, ''), false],
];

describe('docs/callbacks.md', () => {
  it('shows an event as it is', () => {
    expect(JSON.parse(block('json'))).toStrictEqual(
      lastEvent(toldAction({ reason: 'Ransomware', ticket: 'INC-7' })),
    );
  });

  describe('for Node', () => {
    let isFromSentinelLake: (secret: string, header: string, body: string) => boolean;
    beforeAll(async () => {
      const url = `data:text/javascript,${encodeURIComponent(block('js'))}`;
      ({ isFromSentinelLake } = await import(/* @vite-ignore */ url));
    });
    it.each(headers)('judges %s', (_, header, isOurs) => {
      expect(isFromSentinelLake(secret, header(Date.now()), body)).toBe(isOurs);
    });
  });

  // Not every machine has it; the code is the same on all that do.
  describe.skipIf(spawnSync('python3', ['--version']).status !== 0)('for Python', () => {
    it.each(headers)('judges %s', (_, header, isOurs) => {
      const code = `${block('python')}
import json, sys
print(is_from_sentinel_lake(*json.loads(sys.argv[1]), sys.argv[2].encode()))`;
      const given = JSON.stringify([secret, header(Date.now())]);
      const { stdout, stderr } = spawnSync('python3', ['-c', code, given, body], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout.trim()).toBe(isOurs ? 'True' : 'False');
    });
  });
});
