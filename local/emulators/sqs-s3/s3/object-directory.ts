import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { AwsError } from '../../aws-error.ts';
import { replaceFile } from '../../replace-file.ts';
import type { S3Object } from '../fauxqs-internals.ts';
import { checkKey } from './key-guard.ts';
import {
  type MetadataFile,
  metadataOf,
  type ObjectMetadata,
  objectOf,
  parseMetadata,
} from './object-metadata.ts';

/**
 * The objects of one bucket: each is the plain file `<directory>/<key>`, and what S3 knows besides its bytes is in
 * `<directory>-meta/<key>.json`.
 *
 * An object exists when both files do. A write puts both in place by renames, metadata first: the rename of the data
 * is the moment at which the object is there, so a kill before it leaves metadata without data, which the next start
 * removes. A delete removes the data first, for the same reason. Where an object takes another's place, both files
 * exist before and after, and the metadata file holds both descriptions until a start compares the data with them.
 * Files are flushed before they are renamed, so that even a power cut leaves no name without its bytes.
 */
export class ObjectDirectory {
  readonly #data: string;
  readonly #metadata: string;
  readonly #unfinished: string;
  readonly #keys = new Set<string>();

  /** Repairs what a kill left behind and reads the objects. @throws Error when a file does not fit its metadata. */
  constructor(directory: string, restore: (object: S3Object) => void) {
    this.#data = path.resolve(directory);
    this.#metadata = `${this.#data}-meta`;
    this.#unfinished = `${this.#data}-unfinished`;
    fs.rmSync(this.#unfinished, { recursive: true, force: true });
    for (const root of [this.#data, this.#metadata, this.#unfinished])
      fs.mkdirSync(root, { recursive: true });
    for (const entry of fs.readdirSync(this.#metadata, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      if (!file.endsWith('.json')) {
        // The half-written file of a repair that was killed itself.
        fs.rmSync(file);
        continue;
      }
      const metadata = this.#repaired(file);
      if (metadata === undefined) continue;
      this.#keys.add(metadata.key);
      restore(objectOf(metadata));
    }
  }

  /** Creates or replaces an object. @throws AwsError when the key's place in the file system is taken or impossible. */
  write(object: S3Object): void {
    checkKey(object.key);
    const data = this.#dataFile(object.key);
    const metadata = this.#metadataFile(object.key);
    const replacing = this.#keys.has(object.key);
    if (!replacing && (fs.existsSync(data) || fs.existsSync(metadata))) throw placeTaken(object.key);
    makeParent(data, object.key);
    makeParent(metadata, object.key);

    const file: MetadataFile = {
      ...metadataOf(object),
      ...(replacing
        ? { replaces: { newDataSha256: sha256(object.body), object: this.#stored(object.key) } }
        : {}),
    };
    const newData = path.join(this.#unfinished, 'data');
    const newMetadata = path.join(this.#unfinished, 'metadata.json');
    fs.writeFileSync(newData, object.body, { flush: true });
    fs.writeFileSync(newMetadata, JSON.stringify(file), { flush: true });
    fs.renameSync(newMetadata, metadata);
    fs.renameSync(newData, data);
    this.#keys.add(object.key);
  }

  /** Deletes an object, if there is one. */
  remove(key: string): void {
    if (!this.#keys.has(key)) return;
    fs.rmSync(this.#dataFile(key), { force: true });
    fs.rmSync(this.#metadataFile(key));
    this.#keys.delete(key);
    removeEmptyParents(this.#dataFile(key), this.#data);
    removeEmptyParents(this.#metadataFile(key), this.#metadata);
  }

  /** The bytes of an object. */
  read(key: string): Buffer {
    checkKey(key);
    try {
      return fs.readFileSync(this.#dataFile(key));
    } catch (cause) {
      const message = `The file of ${key} cannot be read; was it removed while the emulator runs? Restart it to forget the object.`;
      throw new Error(message, { cause });
    }
  }

  #dataFile(key: string): string {
    return path.join(this.#data, key);
  }

  #metadataFile(key: string): string {
    return path.join(this.#metadata, `${key}.json`);
  }

  /** The description of a stored object, without what it may have replaced itself. */
  #stored(key: string): ObjectMetadata {
    const { replaces: _, ...metadata } = readMetadata(this.#metadataFile(key));
    return metadata;
  }

  /** The description of the object that a metadata file belongs to; undefined when there is no such object (any more). */
  #repaired(file: string): ObjectMetadata | undefined {
    const { replaces, ...newest } = readMetadata(file);
    const data = this.#dataFile(newest.key);
    const bytes = fs.statSync(data, { throwIfNoEntry: false })?.size;
    if (bytes === undefined) {
      fs.rmSync(file);
      return undefined;
    }
    let metadata: ObjectMetadata = newest;
    if (replaces !== undefined) {
      const isNewest = sha256(fs.readFileSync(data)) === replaces.newDataSha256;
      metadata = isNewest ? newest : replaces.object;
      replaceFile(file, JSON.stringify(metadata));
    }
    if (metadata.contentLength === bytes) return metadata;
    throw new Error(
      `${data} has ${bytes} bytes and ${file} says ${metadata.contentLength}: ` +
        'put the file back as it was, or delete it to delete the object.',
    );
  }
}

function readMetadata(file: string): MetadataFile {
  try {
    return parseMetadata(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is not the metadata of an object: delete it together with the data file.`, {
      cause,
    });
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A key below another object's key has no place: a file is not a directory. */
function makeParent(file: string, key: string): void {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    if (hasCode(error, 'ENOTDIR', 'EEXIST')) throw placeTaken(key);
    throw error;
  }
}

function placeTaken(key: string): AwsError {
  return new AwsError(
    'InvalidURI',
    `The key ${key} cannot be a local file: another key, or a file that was put there by hand, has its place.`,
  );
}

function removeEmptyParents(file: string, root: string): void {
  for (let parent = path.dirname(file); parent !== root; parent = path.dirname(parent)) {
    try {
      fs.rmdirSync(parent);
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return;
      throw error;
    }
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
