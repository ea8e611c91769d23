import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One line of the lake and the key of the object that holds it. */
export interface LakeLine {
  readonly key: string;
  readonly text: string;
}

/** A lake of plain files: gives the lines of all objects below a prefix, in the order of the keys. */
export function lakeOnDisk(lakeDir: string): (prefix: string) => AsyncIterable<LakeLine> {
  return (prefix) => readBelow(lakeDir, prefix);
}

async function* readBelow(lakeDir: string, prefix: string): AsyncGenerator<LakeLine> {
  const root = path.join(lakeDir, ...prefix.split('/'));
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const key = path.relative(lakeDir, file).split(path.sep).join('/');
    const text = gunzipSync(await readFile(file)).toString('utf8');
    for (const line of text.split('\n')) if (line !== '') yield { key, text: line };
  }
}
