import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../../../shared/json.ts';

/** Every line of a tenant's objects in the lake whose path holds the words, in the order of the paths. */
export async function lakeRecords(
  lakeDir: string,
  tenant: string,
  words: readonly string[],
): Promise<readonly JsonObject[]> {
  const names = await readdir(lakeDir, { recursive: true }).catch(() => []);
  const wanted = names.filter(
    (name) => name.endsWith('.gz') && [`tenant=${tenant}/`, ...words].every((word) => name.includes(word)),
  );
  const texts = await Promise.all(
    wanted.toSorted().map(async (name) => gunzipSync(await readFile(path.join(lakeDir, name))).toString()),
  );
  return texts.flatMap((text) => text.trim().split('\n')).map((line): JsonObject => JSON.parse(line));
}
