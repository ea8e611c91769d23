import type { ContentType } from '../../shared/content-types/content-type.ts';
import { isObject, type JsonObject } from '../../shared/json.ts';
import { deriveRecord } from '../../shared/records/derive-record.ts';
import { isReserved } from '../../shared/records/envelope.ts';
import { makeRecord } from '../../shared/records/make-record.ts';
import { maskSecrets } from '../../shared/records/mask-secrets.ts';
import { goldenVendors } from '../golden/golden-pairs.ts';
import { goldenSource } from '../golden/golden-source.ts';
import { optionsWithAlerts } from '../support/options-with-alerts.ts';
import { table } from './content-types-page.ts';
import { type FieldSources, fieldSources } from './field-sources.ts';
import { objectShapes } from './object-shapes.ts';

/** The normalised fields of content types that make them in the same way, with a heading. */
export function fieldSection(contentTypes: readonly ContentType[]): readonly string[] {
  const [contentType] = contentTypes;
  if (contentType === undefined) return [];
  const vendors = contentTypes.flatMap(({ id }) => vendorsOf(id));
  const shapes = objectShapes(vendors);
  return [
    `### ${contentTypes.map(({ id }) => `\`${id}\``).join(', ')}`,
    '',
    ...shapes.flatMap(({ objects, mark }) => [
      ...(mark === undefined ? [] : [`Where the console's object has \`${mark}\`:`, '']),
      fieldTable(fieldSources(objects, (vendor) => normalizedFields(contentType, vendor))),
      '',
      ...leftOut(contentType, objects),
    ]),
    ...alertSection(contentType, vendors),
  ];
}

/** A content type with where the time of its records and their `record_uid` come from. */
export function identityRow(contentType: ContentType): readonly string[] {
  const vendors = vendorsOf(contentType.id);
  const sourcesOf = (fieldsOf: (vendor: JsonObject) => JsonObject) =>
    fieldSources(vendors, fieldsOf)
      .flatMap(({ sources }) => sources)
      .map(code);
  const ids = sourcesOf((vendor) => pick(identityOf(contentType, vendor, 0), 'id'));
  const revisions = sourcesOf((vendor) => pick(identityOf(contentType, vendor, 0), 'revision'));
  const hasWindow = vendors.some(
    (vendor) =>
      identityOf(contentType, vendor, 0)['revision'] !==
      identityOf(contentType, vendor, 3_600_000)['revision'],
  );
  return [
    code(contentType.id),
    sourcesOf((vendor) => timeOf(contentType, vendor)).join(', ') || 'when it was written',
    ids.join(', '),
    [
      // Without an id there is no revision either.
      ...revisions.filter((source) => !ids.includes(source)),
      ...(hasWindow ? ['the window in which it was read'] : []),
    ].join(', ') || 'none: it never changes',
  ];
}

function vendorsOf(id: string): readonly JsonObject[] {
  return goldenVendors(id).map(maskSecrets).filter(isObject);
}

function timeOf(contentType: ContentType, vendor: JsonObject): JsonObject {
  return { timestamp: contentType.eventTime(vendor) ?? contentType.reading.sortKey(vendor) };
}

/** Empty where the object has none. */
function identityOf(contentType: ContentType, vendor: JsonObject, from: number): JsonObject {
  try {
    return { ...contentType.identity(vendor, { from, to: from + 1 }) };
  } catch {
    return {};
  }
}

function pick(fields: JsonObject, name: string): JsonObject {
  return { [name]: fields[name] };
}

/** Those that are in the record: the vendor's field goes before one of ours. */
function normalizedFields(contentType: ContentType, vendor: JsonObject): JsonObject {
  const fields = Object.entries(contentType.normalize(vendor));
  return Object.fromEntries(fields.filter(([name]) => !isReserved(name) && !Object.hasOwn(vendor, name)));
}

/** What an alert says that the record does not. */
function alertFields(contentType: ContentType, vendor: JsonObject): JsonObject {
  const record = makeRecord(contentType, vendor, goldenSource(contentType.id));
  const alert = deriveRecord(contentType, record, optionsWithAlerts(contentType)) ?? {};
  const isNew = ([name, value]: readonly [string, unknown]) =>
    !isReserved(name) && value !== record[name] && JSON.stringify(value) !== JSON.stringify(record[name]);
  return Object.fromEntries(Object.entries(alert).filter(isNew));
}

function alertSection(contentType: ContentType, vendors: readonly JsonObject[]): readonly string[] {
  const { derived } = contentType;
  if (derived === undefined) return [];
  const when =
    derived.switchedOnBy === undefined
      ? ''
      : `, where the option \`${derived.switchedOnBy}\` of the content type says so`;
  return [
    `As a native alert, in the index \`${derived.index}\`${when}; besides, it has all fields of the record:`,
    '',
    fieldTable(fieldSources(vendors, (vendor) => alertFields(contentType, vendor))),
    '',
  ];
}

function leftOut(contentType: ContentType, vendors: readonly JsonObject[]): readonly string[] {
  const taken = vendors.flatMap((vendor) =>
    Object.keys(contentType.normalize(vendor)).filter((name) => Object.hasOwn(vendor, name)),
  );
  // Some examples have fields that no console has.
  const names = [...new Set(taken)].filter(
    (name) => taken.filter((other) => other === name).length * 2 > vendors.length,
  );
  if (names.length === 0) return [];
  return [`Left out where the console's object has a field of that name: ${names.map(code).join(', ')}.`, ''];
}

function fieldTable(fields: readonly FieldSources[]): string {
  return table(
    ['field', 'from', 'also depends on', 'absent'],
    fields.map((field) => [
      code(field.field),
      sourcesText(field),
      field.deciders.map(code).join(', '),
      absenceText(field),
    ]),
  );
}

function sourcesText(field: FieldSources | undefined): string {
  if (field === undefined) return '';
  if (field.constant !== undefined) return `always ${code(field.constant)}`;
  return field.sources.map(code).join(', ');
}

function absenceText({ sources, needed, isAlwaysThere, outlivesSources }: FieldSources): string {
  if (isAlwaysThere) return 'never';
  const [first = '', ...others] = sources;
  const missing = others.length === 0 ? code(first) : 'all of them';
  const reasons = [...(outlivesSources ? [] : [missing]), ...needed.map(code)];
  return reasons.length === 0
    ? `without ${missing} and what it depends on`
    : `without ${reasons.join(', or without ')}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
