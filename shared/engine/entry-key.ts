import type { LogEntryId } from './log-entry.ts';
import type { StreamId } from './stream.ts';

/**
 * Where an entry lies in the lake:
 * `landing/tenant=…/index=…/msg_class=…/dt=YYYY-MM-DD/hr=HH/<connector>.<content type>-<window's start>-<batch>.ndjson.gz`.
 * Two content types may share a `msg_class`, and a stream never has two windows with one start, so the key is the entry's identity; the tenant comes first, so that
 * access and retention can be cut by prefix.
 */
export function entryKey(id: LogEntryId): string {
  const from = new Date(id.window.from).toISOString();
  return [
    'landing',
    `tenant=${id.stream.tenant}`,
    `index=${id.index}`,
    `msg_class=${id.msgClass}`,
    `dt=${from.slice(0, 10)}`,
    `hr=${from.slice(11, 13)}`,
    `${nameOf(id.stream)}-${from.replaceAll(/[-:.]/g, '')}-${String(id.batch).padStart(6, '0')}.ndjson.gz`,
  ].join('/');
}

/** Of two streams never the same: no part of an id holds a dot. */
function nameOf({ connector, contentType, part }: StreamId): string {
  return [connector, contentType, ...(part === undefined ? [] : [part])].join('.');
}
