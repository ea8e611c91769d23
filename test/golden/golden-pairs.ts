import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../shared/json.ts';
import { parseLossless } from '../../shared/sentinelone/lossless-json.ts';

const vendorSuffix = '.vendor.json';
const expectedSuffix = '.expected.json';

/** The folder of a content type's golden pairs. */
export function goldenFolder(contentType: string): string {
  return fileURLToPath(new URL(`./${contentType}/`, import.meta.url));
}

/** The names of the cases that have a vendor object, and of those that have an expected record. */
export function goldenCases(contentType: string): {
  readonly vendor: readonly string[];
  readonly expected: readonly string[];
} {
  const files = readdirSync(goldenFolder(contentType)).sort();
  const withSuffix = (suffix: string) =>
    files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
  return { vendor: withSuffix(vendorSuffix), expected: withSuffix(expectedSuffix) };
}

/** The console's objects of a content type's golden pairs. */
export function goldenVendors(contentType: string): readonly Json[] {
  return goldenCases(contentType).vendor.map((name) =>
    parseLossless(readFileSync(vendorFile(contentType, name), 'utf8')),
  );
}

export function vendorFile(contentType: string, name: string): string {
  return `${goldenFolder(contentType)}${name}${vendorSuffix}`;
}

export function expectedFile(contentType: string, name: string): string {
  return `${goldenFolder(contentType)}${name}${expectedSuffix}`;
}
