import fs from 'node:fs';

/**
 * Replaces a file so that a reader, and a start after a kill, sees the old text or the new one, never a part.
 * @param mode permission bits of the new file.
 */
export function replaceFile(path: string, text: string, mode = 0o644): void {
  const temporary = `${path}.tmp`;
  // Removed first: an existing file would keep its own permission bits.
  fs.rmSync(temporary, { force: true });
  fs.writeFileSync(temporary, text, { mode, flush: true });
  fs.renameSync(temporary, path);
}
