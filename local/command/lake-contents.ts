import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** What lies below one `msg_class` folder of the lake. */
export interface LakeFolder {
  /** Relative to the lake's root: `landing/tenant=…/index=…/msg_class=…`. */
  readonly folder: string;
  readonly objects: number;
  readonly bytes: number;
  /** One object, to look at. */
  readonly newest: string;
}

/** Counts the objects of a tenant in the lake, by index and message class. */
export async function lakeContents(lakeDir: string, tenant: string): Promise<readonly LakeFolder[]> {
  const root = path.join(lakeDir, 'landing', `tenant=${tenant}`);
  const folders = new Map<string, { objects: number; bytes: number; newest: string }>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(missingIsEmpty)) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(lakeDir, file).split(path.sep);
    const key = relative.slice(0, 4).join('/');
    const folder = folders.get(key) ?? { objects: 0, bytes: 0, newest: '' };
    folder.objects += 1;
    folder.bytes += (await stat(file)).size;
    if (relative.join('/') > folder.newest) folder.newest = relative.join('/');
    folders.set(key, folder);
  }
  return [...folders]
    .map(([folder, counts]) => ({ folder, ...counts }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function missingIsEmpty(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
