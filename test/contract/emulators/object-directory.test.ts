import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { S3Object } from '../../../local/emulators/sqs-s3/fauxqs-internals.ts';
import { ObjectDirectory } from '../../../local/emulators/sqs-s3/s3/object-directory.ts';
import { removeDirectory, temporaryDirectory } from './emulators-setup.ts';

let state: string;
beforeEach(() => {
  state = temporaryDirectory();
});
afterEach(() => {
  removeDirectory(state);
});

const key = 'landing/tenant=demo/object.ndjson.gz';

function object(text: string): S3Object {
  return {
    key,
    body: Buffer.from(text),
    contentType: 'text/plain',
    contentLength: Buffer.byteLength(text),
    etag: `"${createHash('md5').update(text).digest('hex')}"`,
    lastModified: new Date('2026-11-24T10:00:00Z'),
    metadata: { text },
  };
}

/** What a start finds: the texts of data and metadata by key, and all files that are there. */
function startAgain() {
  const found = new Map<string, S3Object>();
  const directory = new ObjectDirectory(path.join(state, 'lake'), (restored) =>
    found.set(restored.key, restored),
  );
  const stored = found.get(key);
  return {
    directory,
    stored:
      stored === undefined
        ? undefined
        : { data: directory.read(key).toString(), meta: stored.metadata['text'] },
    files: fs
      .readdirSync(state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(state, path.join(entry.parentPath, entry.name)))
      .sort(),
  };
}

const both = [`lake-meta/${key}.json`, `lake/${key}`];

/** The calls by which files change; a process can be killed before and after each. */
const changes = ['writeFileSync', 'renameSync', 'rmSync', 'mkdirSync', 'rmdirSync'] as const;

class Killed extends Error {}

/** Runs `work` and stops it for good before the change with the number `at`. True when there was one. */
function killedBefore(at: number, work: () => void): boolean {
  const originals = changes.map((name) => [name, fs[name]] as const);
  let done = 0;
  const counted = originals.map(([name, original]) => [
    name,
    (...values: unknown[]) => {
      if (done === at) throw new Killed();
      done += 1;
      return Reflect.apply(original, fs, values);
    },
  ]);
  Object.assign(fs, Object.fromEntries(counted));
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  } finally {
    Object.assign(fs, Object.fromEntries(originals));
  }
}

/** Every moment of `work` once, each over a fresh state that `prepare` made. Returns what each start found. */
function killAtEveryMoment(
  prepare: (directory: ObjectDirectory) => void,
  work: (directory: ObjectDirectory) => void,
) {
  const found: ReturnType<typeof startAgain>[] = [];
  for (let at = 0; ; at++) {
    removeDirectory(state);
    fs.mkdirSync(state);
    const { directory } = startAgain();
    prepare(directory);
    const killed = killedBefore(at, () => work(directory));
    found.push(startAgain());
    if (!killed) return found;
  }
}

describe('a kill', () => {
  it('during a create leaves the whole object or nothing', () => {
    const found = killAtEveryMoment(
      () => {},
      (directory) => directory.write(object('new')),
    );
    expect(found.length).toBeGreaterThan(4);
    for (const { stored, files } of found.slice(0, -1)) {
      expect([undefined, { data: 'new', meta: 'new' }]).toContainEqual(stored);
      expect(files).toEqual(stored === undefined ? [] : both);
    }
    expect(found.at(-1)?.stored).toEqual({ data: 'new', meta: 'new' });
  });

  it.each([
    ['of another size', 'old', 'newer'],
    ['of the same size', 'old', 'new'],
    ['of the same bytes', 'same', 'same'],
  ])('during a replacement %s leaves the old object or the new one', (_what, before, after) => {
    const found = killAtEveryMoment(
      (directory) => directory.write(object(before)),
      (directory) => directory.write(object(after)),
    );
    for (const { stored, files } of found) {
      expect([before, after]).toContain(stored?.data);
      expect(stored?.meta).toBe(stored?.data);
      expect(files).toEqual(both);
    }
    expect(found.at(-1)?.stored).toEqual({ data: after, meta: after });
  });

  it('during a delete leaves the whole object or nothing', () => {
    const found = killAtEveryMoment(
      (directory) => directory.write(object('old')),
      (directory) => directory.remove(key),
    );
    for (const { stored, files } of found) {
      expect([undefined, { data: 'old', meta: 'old' }]).toContainEqual(stored);
      expect(files).toEqual(stored === undefined ? [] : both);
    }
    expect(found.at(-1)?.stored).toBeUndefined();
  });

  it('during the repair of a killed replacement changes nothing about its outcome', () => {
    // Given a replacement that was killed between its two renames
    const { directory } = startAgain();
    directory.write(object('old'));
    let at = 0;
    while (killedBefore(at, () => directory.write(object('new')))) {
      const metadata = JSON.parse(fs.readFileSync(path.join(state, `lake-meta/${key}.json`), 'utf8'));
      if ('replaces' in metadata) break;
      at += 1;
    }
    // When its repair is killed at each of its moments
    for (let repair = 0; killedBefore(repair, startAgain); repair++);
    // Then
    expect(startAgain()).toMatchObject({ stored: { data: 'old', meta: 'old' }, files: both });
  });
});

describe('a start', () => {
  it('forgets an object whose file was deleted by hand', () => {
    startAgain().directory.write(object('mine'));
    fs.rmSync(path.join(state, 'lake', key));
    expect(startAgain()).toMatchObject({ stored: undefined, files: [] });
  });

  it('names a file that was changed by hand', () => {
    startAgain().directory.write(object('mine'));
    fs.appendFileSync(path.join(state, 'lake', key), 'more');
    expect(startAgain).toThrow(/object\.ndjson\.gz has 8 bytes .* says 4: put the file back/);
  });
});
