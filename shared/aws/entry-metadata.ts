import type { LogEntryHeader } from '../engine/log-entry.ts';
import type { Position } from '../engine/stream.ts';

/** S3's limit on all user metadata of an object, in bytes. */
const mostMetadataBytes = 2_048;

/**
 * The header as S3 user metadata: names and values are ASCII. Times are written as ISO-8601, so that a person who looks
 * at an object in the S3 console can read its place in the log.
 */
export function metadataFromHeader(header: LogEntryHeader): Record<string, string> {
  const metadata = {
    'window-from': new Date(header.window.from).toISOString(),
    'window-to': new Date(header.window.to).toISOString(),
    batch: String(header.batch),
    end: String(header.end),
    read: String(header.read),
    written: String(header.written),
    filtered: String(header.filtered),
    pages: String(header.pages),
    fence: String(header.fence),
    position: asciiJson(header.position),
  };
  const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > mostMetadataBytes) {
    throw new Error(
      `A log entry's metadata has ${bytes} bytes, more than the ${mostMetadataBytes} that S3 keeps.`,
    );
  }
  return metadata;
}

/** Throws when the object was not written by us: adopting a position that is none would lose records. */
export function headerFromMetadata(metadata: Readonly<Record<string, string>>, key: string): LogEntryHeader {
  const text = (name: string): string => {
    const value = metadata[name];
    if (value === undefined) throw new Error(`${key} is no log entry: its metadata has no ${name}.`);
    return value;
  };
  const number = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value)) throw new Error(`${key} is no log entry: ${name} is ${text(name)}.`);
    return value;
  };
  const time = (name: string): number => {
    const value = Date.parse(text(name));
    if (Number.isNaN(value)) throw new Error(`${key} is no log entry: ${name} is ${text(name)}.`);
    return value;
  };
  return {
    window: { from: time('window-from'), to: time('window-to') },
    batch: number('batch'),
    end: text('end') === 'true',
    read: number('read'),
    written: number('written'),
    filtered: number('filtered'),
    pages: number('pages'),
    fence: number('fence'),
    position: JSON.parse(text('position')) as Position,
  };
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
