import { describe, expect, it } from 'vitest';
import { contentTypes } from '../../shared/content-types/registry.ts';
import type { JsonObject } from '../../shared/json.ts';
import { deriveRecord } from '../../shared/records/derive-record.ts';
import { makeRecord } from '../../shared/records/make-record.ts';
import { goldenVendors } from '../golden/golden-pairs.ts';
import { goldenSource } from '../golden/golden-source.ts';
import { optionsWithAlerts } from '../support/options-with-alerts.ts';
import { finds, recordSearches } from './locating-records.ts';

interface Placed {
  readonly contentType: string;
  readonly index: string;
  readonly record: JsonObject;
}

/** A lake with all golden records. */
const lake: readonly Placed[] = contentTypes.flatMap((contentType) =>
  goldenVendors(contentType.id).flatMap((vendor) => {
    const { id, index, derived } = contentType;
    const record = makeRecord(contentType, vendor, goldenSource(id));
    const second = deriveRecord(contentType, record, optionsWithAlerts(contentType));
    return [
      { contentType: id, index, record },
      ...(derived && second ? [{ contentType: id, index: derived.index, record: second }] : []),
    ];
  }),
);

describe.each(recordSearches(contentTypes))('the search for $contentTypes in $index', (search) => {
  const found = lake.filter(({ index, record }) => index === search.index && finds(search, record));

  it('finds all records of its content types, raw ones as well', () => {
    const wanted = lake.filter(
      ({ contentType, index }) => index === search.index && search.contentTypes.includes(contentType),
    );
    expect(found).toEqual(wanted);
    for (const id of search.contentTypes) expect(found.map(({ contentType }) => contentType)).toContain(id);
  });

  it('finds no others', () => {
    expect(search.contentTypes).toEqual(
      expect.arrayContaining([...new Set(found.map(({ contentType }) => contentType))]),
    );
  });
});

it('leaves no record that no search finds', () => {
  const searches = recordSearches(contentTypes);
  const lost = lake.filter(
    ({ index, record }) => !searches.some((search) => search.index === index && finds(search, record)),
  );
  expect(lost).toEqual([]);
});

it('has one search for content types that are other ways to the same data, and one for each of the rest', () => {
  for (const {
    contentTypes: [first, ...others],
  } of recordSearches(contentTypes)) {
    const companions = contentTypes.find(({ id }) => id === first)?.companions ?? [];
    expect(companions).toEqual(expect.arrayContaining(others));
  }
});
