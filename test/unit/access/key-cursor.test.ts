import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorBehind, idOfCursor } from '../../../shared/access/key-cursor.ts';
import { anyKeyParts } from './key-support.ts';

describe('the cursor of a list of keys', () => {
  it('leads back to its key', () => {
    fc.assert(
      fc.property(anyKeyParts, ({ id }) => {
        expect(idOfCursor(cursorBehind(id))).toBe(id);
      }),
    );
  });

  it('is nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        const id = idOfCursor(text);
        if (id !== undefined) expect(cursorBehind(id)).toBe(text);
      }),
    );
    const cursor = cursorBehind('0123456789abcdef');
    for (const other of [
      '',
      `${cursor}=`,
      `${cursor}A`,
      ` ${cursor}`,
      cursor.slice(0, -2),
      '0123456789abcdef',
    ])
      expect(idOfCursor(other)).toBeUndefined();
  });
});
