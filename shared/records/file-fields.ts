import type { JsonObject } from '../json.ts';
import { presentFields } from './json-fields.ts';

/** What is known of a file. */
export interface FileFacts {
  readonly path?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
  readonly md5?: string | undefined;
  readonly sha1?: string | undefined;
  readonly sha256?: string | undefined;
}

/** The fields of `file`: its name is the end of its path. */
export function fileFields({ path, size, ...hashes }: FileFacts): JsonObject {
  return presentFields({ name: baseName(path), path, size, hash: hashFields(hashes) });
}

/** The fields of `hash`. */
export function hashFields({ md5, sha1, sha256 }: Omit<FileFacts, 'path' | 'size'>): JsonObject {
  return presentFields({ md5, sha1, sha256 });
}

/** What stands behind the last separator. A POSIX path may hold a backslash in a name; a Windows path holds no slash. */
export function baseName(path: string | undefined): string | undefined {
  const separator = path?.startsWith('/') ? '/' : '\\';
  return path?.slice(path.lastIndexOf(separator) + 1);
}
