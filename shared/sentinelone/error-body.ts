import { isUtf8 } from 'node:buffer';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { BodyForm } from './error-table.ts';
import { parseBody } from './json-body.ts';

/** What a failure's body told, whatever its shape. */
export interface ErrorBody {
  readonly form: BodyForm;
  /** Seven digits: the HTTP status and four more. */
  readonly vendorCode?: number;
  /** The vendor's own words out of a JSON body, on one line; never more of the body than these. */
  readonly vendorText: string;
  /** What rows of the error table are tried on: the vendor's words, or a text body as it is. */
  readonly searchText: string;
}

const mostErrors = 3;
const longestSearchText = 2000;

/** Reads a failure's body. Never throws: a cut or odd body is a text without the vendor's words. */
export function readErrorBody(body: Buffer): ErrorBody {
  const json = parseBody(body);
  if (json !== undefined) return readErrorJson(json);
  const text = isUtf8(body) ? body.toString('utf8').trim().slice(0, longestSearchText) : '';
  if (body.length === 0) return { form: 'empty', vendorText: '', searchText: '' };
  if (/^(<!doctype|<html|<head|<body|<\?xml)/i.test(text))
    return { form: 'html', vendorText: '', searchText: '' };
  return { form: 'text', vendorText: '', searchText: text };
}

/** The same for a body that is JSON: with or without the `errors` wrapper, `{"error": …}`, or a gateway's own form. */
export function readErrorJson(json: Json): ErrorBody {
  const errors = errorsOf(json);
  const texts = errors.slice(0, mostErrors).map(textOf);
  const vendorText = [...new Set(texts)].filter((text) => text !== '').join('; ');
  const vendorCode = errors.map(codeOf).find((code) => code !== undefined);
  return {
    form: 'json',
    vendorText,
    searchText: vendorText,
    ...(vendorCode === undefined ? {} : { vendorCode }),
  };
}

function errorsOf(json: Json): readonly Json[] {
  if (!isObject(json)) return typeof json === 'string' ? [json] : [];
  const errors = json['errors'];
  if (typeof errors === 'string') return [errors];
  if (Array.isArray(errors) && errors.length > 0) return errors;
  for (const error of [errors, json['error']]) {
    if (isObject(error)) return [error];
  }
  return [json];
}

function codeOf(error: Json): number | undefined {
  const code = isObject(error) ? Number(error['code']) : Number.NaN;
  // Some services write the bare HTTP status here.
  return Number.isInteger(code) && code >= 4_000_000 && code < 6_000_000 ? code : undefined;
}

function textOf(error: Json): string {
  if (typeof error === 'string') return oneLine(error);
  if (!isObject(error)) return '';
  const title = firstText(error, ['title', 'error']);
  const detail = firstText(error, ['detail', 'message', 'description']);
  return [...new Set([title, detail])].filter((text) => text !== '').join(': ');
}

function firstText(object: JsonObject, keys: readonly string[]): string {
  for (const key of keys) {
    const value = object[key];
    if (typeof value === 'string' && value.trim() !== '') return oneLine(value);
  }
  return '';
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
