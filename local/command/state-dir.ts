import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UsageError } from './usage-error.ts';

/** The state directory, held by this process until it ends or releases it. */
export interface HeldStateDir {
  readonly dir: string;
  release(): void;
}

/**
 * Takes the state directory for this command. The lock is SQLite's lock on a file, which the system lifts however the
 * process ends, so that a killed command never stands in the way of the next.
 * Throws `UsageError` when the directory cannot be used or another command uses it.
 */
export function holdStateDir(stateDir: string): HeldStateDir {
  const dir = path.resolve(stateDir);
  try {
    if (!statSync(dir).isDirectory()) {
      throw new UsageError(`--state-dir: ${dir} is a file, not a directory; name another place.`);
    }
  } catch (error) {
    if (!isMissing(error)) throw asUsageError(error, dir);
    try {
      mkdirSync(dir, { recursive: true });
    } catch (cause) {
      throw asUsageError(cause, dir);
    }
  }
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path.join(dir, 'lock.sqlite'), { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) {
      throw new UsageError(
        `--state-dir: another command is using ${dir}; stop it, or name another directory.`,
      );
    }
    throw asUsageError(error, dir);
  }
  return { dir, release: () => database.close() };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function asUsageError(error: unknown, dir: string): Error {
  if (error instanceof UsageError) return error;
  return new UsageError(
    `--state-dir: ${dir} cannot be used (${error instanceof Error ? error.message : error}); name another place.`,
  );
}
