import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ContentType } from '../../shared/content-types/content-type.ts';
import { contentTypeIds, contentTypes } from '../../shared/content-types/registry.ts';
import { deriveRecord } from '../../shared/records/derive-record.ts';
import { makeRecord } from '../../shared/records/make-record.ts';
import { parseLossless } from '../../shared/sentinelone/lossless-json.ts';
import { expectedFile, goldenCases, vendorFile } from './golden-pairs.ts';
import { goldenSource } from './golden-source.ts';

/** `UPDATE_GOLDEN=1 npx vitest run test/golden` writes what the code makes today. Read the difference before you keep it. */
const update = process.env['UPDATE_GOLDEN'] === '1';

describe('golden pairs', () => {
  it('are there for every content type, and for nothing else', () => {
    const folders = readdirSync(fileURLToPath(new URL('.', import.meta.url)), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.toSorted()).toEqual(contentTypeIds.toSorted());
  });

  describe.each(contentTypes)('of $id', (contentType) => {
    const cases = goldenCases(contentType.id);

    it('are there, and each is a pair', () => {
      expect(cases.vendor).not.toEqual([]);
      if (!update) expect(cases.expected).toEqual(cases.vendor);
    });

    it.each(cases.vendor)('%s', (name) => {
      const made = `${JSON.stringify(recordsOf(contentType, name), null, 2)}\n`;
      if (update) writeFileSync(expectedFile(contentType.id, name), made);
      expect(made).toBe(readFileSync(expectedFile(contentType.id, name), 'utf8'));
    });
  });
});

/** As text, so that a big number counts with all its digits and the order of the fields counts as well. */
function recordsOf(contentType: ContentType, name: string) {
  const vendor = parseLossless(readFileSync(vendorFile(contentType.id, name), 'utf8'));
  const record = makeRecord(contentType, vendor, goldenSource(contentType.id));
  const alert = deriveRecord(contentType, record);
  return alert ? { record, alert } : record;
}
