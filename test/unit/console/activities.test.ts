import { describe, expect, it } from 'vitest';
import { get, openConsole } from './support.ts';

describe('GET /activities', () => {
  it('writes the ids inside data as numbers, digit by digit', async () => {
    const console = await openConsole({ threats: 400 });
    const { text } = await get(console, '/activities', { limit: '1000' });
    const numbers = [...text.matchAll(/"(scopeId|ruleId|rulescopeid|alertid|userId|commandId)":(\d+)[,}]/g)];
    expect(new Set(numbers.map(([, name]) => name))).toEqual(
      new Set(['scopeId', 'ruleId', 'rulescopeid', 'alertid', 'userId', 'commandId']),
    );
    for (const [, , digits = ''] of numbers) expect(digits).toMatch(/^\d{18,19}$/);
    // The digits are the ones of the strings beside them, not what a double makes of them.
    const [, scopeId = '', groupId = ''] =
      /"scopeId":(\d+),"scopeLevel":"Group".*?"groupId":"(\d+)"/.exec(text) ?? [];
    expect(scopeId).toBe(groupId);
    expect(numbers.some(([, , digits = '']) => String(Number(digits)) !== digits)).toBe(true);
  });

  it('says the same in the truth, byte for byte', async () => {
    const console = await openConsole();
    const { text } = await get(console, '/activities', { limit: '1000', sortBy: 'createdAt' });
    for (const { record } of console.truth('activities', 0, Number.MAX_SAFE_INTEGER / 1_000))
      expect(text).toContain(JSON.stringify(record));
  });
});
