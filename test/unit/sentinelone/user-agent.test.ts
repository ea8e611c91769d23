import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { userAgent } from '../../../shared/sentinelone/user-agent.ts';

it('userAgent names the version of package.json', async () => {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  const { name, version }: { name: string; version: string } = JSON.parse(text);
  expect(userAgent).toBe(`${name}/${version}`);
});
