import type { JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { baseName, type FileFacts, hashFields } from './file-fields.ts';
import { presentFields } from './json-fields.ts';

/** What is known of a process; the hashes are those of the file that it runs, and `path` is that file's. */
export interface ProcessFacts extends Omit<FileFacts, 'size'> {
  readonly name?: string | undefined;
  readonly pid?: number | undefined;
  readonly commandLine?: string | undefined;
  /** By which the console tells it from others with the same process id. */
  readonly uniqueKey?: string | undefined;
  /** The account that it runs under. */
  readonly user?: string | undefined;
  /** Epoch milliseconds. */
  readonly start?: number | undefined;
}

/** The fields of a process and of the one that started it, in the newer names (`process.*`) and in the older ones. */
export function processFields(process: ProcessFacts, parent: ProcessFacts): JsonObject {
  const described = fieldsOf(process);
  const parentDescribed = fieldsOf(parent);
  return presentFields({
    process: presentFields({ ...described, parent: parentDescribed }),
    process_name: described['name'],
    parent_proc_name: parentDescribed['name'],
  });
}

/** The process, and of what is not known of it what `other` says. */
export function completedProcess(process: ProcessFacts, other: ProcessFacts): ProcessFacts {
  return {
    name: process.name ?? other.name,
    path: process.path ?? other.path,
    pid: process.pid ?? other.pid,
    commandLine: process.commandLine ?? other.commandLine,
    uniqueKey: process.uniqueKey ?? other.uniqueKey,
    user: process.user ?? other.user,
    start: process.start ?? other.start,
    md5: process.md5 ?? other.md5,
    sha1: process.sha1 ?? other.sha1,
    sha256: process.sha256 ?? other.sha256,
  };
}

function fieldsOf({
  name,
  path,
  pid,
  commandLine,
  uniqueKey,
  user,
  start,
  ...hashes
}: ProcessFacts): JsonObject {
  return presentFields({
    name: name ?? baseName(path),
    executable: path,
    pid,
    command_line: commandLine,
    entity_id: uniqueKey,
    start,
    hash: hashFields(hashes),
    user: userFields(user),
  });
}
